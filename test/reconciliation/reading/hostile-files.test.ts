/** Files that nobody sends by mistake, and some that everybody does. */
import { describe, expect, test } from '@jest/globals';
import { planByteRanges } from '../../../functions/reconciliation/byte-ranges.ts';
import { flattenDocument, readInTurn } from '../../../functions/reconciliation/reading/flattened.ts';
import type { LineFormat } from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection } from '../../../functions/reconciliation/rejection.ts';
import { formatsWithSamples } from '../../../local/fuzz/samples.ts';
import { inGbk } from '../formats/gbk.ts';
import { cityBank, cityBankText } from '../profiles/example-files.ts';
import { context } from '../staged-day.ts';

const formats = await formatsWithSamples();
const mebibyte = 1024 ** 2;
/** How much of it a reader may ask for before it gives up. */
const patience = 32;

/** The beginning of a file and then ten gigabytes of one line, made as they are asked for. */
function endless(beginning: Buffer, asked: { mebibytes: number }) {
  const piece = Buffer.alloc(mebibyte, 'x');
  return async function* (): AsyncGenerator<Buffer> {
    yield beginning;
    for (; asked.mebibytes < 10 * 1024; asked.mebibytes++) {
      if (asked.mebibytes > patience) throw new Error('read on and on');
      yield piece;
    }
  };
}

describe('a line of ten gigabytes', () => {
  test('is given up by the plan before a megabyte of it was read', async () => {
    const asked = { mebibytes: 0 };
    const settings = {
      start: 0,
      end: 10 * 1024 ** 3,
      firstLineNumber: 1,
      rangeBytes: 16 * mebibyte,
      maximumLineBytes: 65_536,
    };
    expect(await planByteRanges(endless(Buffer.from('a\nb\n'), asked)(), settings)).toBeUndefined();
    expect(asked.mebibytes).toBeLessThanOrEqual(1);
  });

  const documents = formats.flatMap(({ format, samples: [sample] }) =>
    format.reads === 'document' && sample ? [{ name: format.name, format, sample }] : [],
  );

  test.each(documents)('turns a file of $name away with little of it read', async ({ format, sample }) => {
    // within a quoted field, where the format has such
    for (const break_ of ['', '"', '<Ntry><x>']) {
      const asked = { mebibytes: 0 };
      const half = sample.bytes.subarray(0, Math.floor(sample.bytes.length / 2));
      const stream = endless(Buffer.concat([half, Buffer.from(break_)]), asked);
      const records = flattenDocument(readInTurn(format, [{ fileName: sample.name, stream }], sample.context));
      let next = await records.next();
      while (!next.done) next = await records.next();
      expect(isRejection(next.value)).toBe(true);
    }
  });
});

describe('a file in two encodings', () => {
  const lines = cityBank.format as LineFormat; // by its profile

  test('that begins with a mark of UTF-8 and goes on in GBK is read by its profile', () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFF'), inGbk(cityBankText)]);
    const frame = lines.readFrame({ head: bytes, tail: bytes, size: bytes.length }, context);
    expect(isRejection(frame) ? frame.reason : frame.control.sums['总笔数']).toBe(500_000n);
  });
});
