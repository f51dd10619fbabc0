/** Regular lines are read from bytes, all others by their format: what comes of them must not depend on which. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wholeLines } from '../../functions/reconciliation/byte-ranges.ts';
import { format as wechatTradebill } from '../../functions/reconciliation/formats/wechat-tradebill.ts';
import { lineStaging } from '../../functions/reconciliation/line-staging.ts';
import { mergeRanges, mostLineErrors } from '../../functions/reconciliation/range-summary.ts';
import { RowBuffers } from '../../functions/reconciliation/row-buffers.ts';
import { frameOf } from './staged-day.ts';

const sample = readFileSync(new URL('formats/samples/tradebill-ALL-2021-01-28.csv', import.meta.url));
const merchantNo = '1601959334';
const frame = frameOf(wechatTradebill, sample);
const details = sample.subarray(frame.detailsStart, frame.detailsEnd);
const { byteReader: _byteReader, ...byTextAlone } = wechatTradebill;

function stage(format: typeof wechatTradebill, pieces: readonly Buffer[], shards = 3) {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const isOfDay = (at: number) => at % 2_000 === 0;
  const rows = new RowBuffers(shards, bytes);
  const staging = lineStaging({ format, frame, firstLineNumber: 2, merchantNo, isOfDay, rows });
  for (const piece of pieces) staging.take(piece);
  return { rows: rows.contents().map(String), summary: staging.finish().summary };
}

const numbers = ['0', '0.00', '-0.00', '0.005', '-0.005', '12.34500', '+1.00', '99999999999.99', '9999999999.99999'];
const times = ['2021-01-28 23:59:59', '2021-02-30 00:00:00', '2021-01-28 24:00:00', '2020-02-29 00:00:00'];
const others = [
  'SUCCESS',
  'REFUND',
  'REVOKED',
  'PROCESSING',
  'CNY',
  'USD',
  'JPY',
  'a"b',
  'a\\b',
  '退款',
  ' x',
  'x ',
  '',
];

/** Fields of a real line, some of them exchanged. */
const anyLine = fc
  .tuple(
    fc.constantFrom(...details.toString().trimEnd().split('\r\n')),
    fc.array(fc.tuple(fc.nat(40), fc.constantFrom(...numbers, ...times, ...others, merchantNo)), { maxLength: 4 }),
    fc.constantFrom('\r\n', '\n', '\r\r\n', '\n\n'),
  )
  .map(([text, changes, end]) => {
    const fields = text.split(',');
    for (const [at, value] of changes) fields[at % fields.length] = `\`${value}`;
    return Buffer.from(fields.join(',') + end);
  });

const anyBytes = fc
  .array(fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom(...['\n', '`', ',', '\r', '0'].map(Buffer.from))), {
    maxLength: 4,
  })
  .map((parts) => Buffer.concat(parts));

describe('lines read from bytes', () => {
  test('are nearly all lines of a true file', () => {
    let byText = 0;
    const counting = {
      ...wechatTradebill,
      parseLine: (...line: Parameters<typeof wechatTradebill.parseLine>) => {
        byText += 1;
        return wechatTradebill.parseLine(...line);
      },
    };
    const { summary } = stage(counting, [details]);
    expect(summary.read).toBeGreaterThan(1);
    expect(byText).toBeLessThan(summary.read / 2);
  });

  test('give the rows, sums and errors that their format gives, with any fields exchanged', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 12 }), (lines) => {
        const piece = Buffer.concat(lines);
        expect(stage(wechatTradebill, [piece])).toEqual(stage(byTextAlone, [piece]));
      }),
      { numRuns: 2_000 },
    );
  });

  test('give the same for a file that was damaged anywhere', () => {
    fc.assert(
      fc.property(fc.nat(details.length), fc.nat(30), anyBytes, (at, remove, insert) => {
        const piece = Buffer.concat([details.subarray(0, at), insert, details.subarray(at + remove)]);
        expect(stage(wechatTradebill, [piece])).toEqual(stage(byTextAlone, [piece]));
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a line that can not be read is shown without the number of a card in it, and not without end', () => {
  const { summary } = stage(wechatTradebill, [Buffer.from(`\`6200000000000005,${'x'.repeat(2_000)}\n`)]);
  expect(summary.errors).toMatchObject([{ lineNumber: 2, raw: expect.stringContaining('620000******0005') }]);
  expect(summary.errors[0]?.raw).toHaveLength(1_000);
});

test('lines that can not be read are kept up to a number, and all of them counted', () => {
  const { summary } = stage(wechatTradebill, [Buffer.from('x\n'.repeat(mostLineErrors + 7))]);
  expect(summary).toMatchObject({ read: mostLineErrors + 7, moreErrors: 7 });
  expect(mergeRanges([{ ...summary }, { ...summary }])).toMatchObject({ moreErrors: mostLineErrors + 14 });
});

describe('a file in chunks', () => {
  test('comes in whole lines and complete, and gives the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
        async function* chunks() {
          for (let at = 0, turn = 0; at < details.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            yield details.subarray(at, at + size);
            at += size;
          }
        }
        const pieces: Buffer[] = [];
        for await (const piece of wholeLines(chunks())) pieces.push(piece);
        expect(Buffer.concat(pieces).equals(details)).toBe(true);
        expect(pieces.slice(0, -1).every((piece) => piece.at(-1) === 0x0a)).toBe(true);
        expect(stage(wechatTradebill, pieces)).toEqual(stage(wechatTradebill, [details]));
      }),
    );
  });
});
