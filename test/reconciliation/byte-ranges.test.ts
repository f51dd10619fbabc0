import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linesOf, planByteRanges } from '../../functions/reconciliation/byte-ranges.ts';
import { chunksOf } from './staged-day.ts';

const plan = { start: 0, firstLineNumber: 1, maximumLineBytes: 1_000 };

const anyText = fc
  .array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('\n', '\r\n')), { maxLength: 30 })
  .map((lines) => lines.map(([text, end]) => text.replaceAll(/[\r\n]/g, ' ') + end).join(''));

describe('byte ranges', () => {
  test('hold every line once, whole and with its number, however the file is cut and delivered', async () => {
    const sizes = fc.record({
      rangeBytes: fc.integer({ min: 1, max: 200 }),
      chunkBytes: fc.integer({ min: 1, max: 200 }),
    });
    await fc.assert(
      fc.asyncProperty(anyText, fc.boolean(), sizes, async (text, endless, { rangeBytes, chunkBytes }) => {
        const bytes = Buffer.from(endless ? text.replace(/\r?\n$/, '') : text);
        const ranges = await planByteRanges(chunksOf(bytes, chunkBytes), { ...plan, end: bytes.length, rangeBytes });
        const found = (ranges ?? []).flatMap(({ start, end, firstLineNumber }) => [
          ...linesOf(bytes.subarray(start, end).toString(), firstLineNumber),
        ]);
        expect(found).toEqual([...linesOf(bytes.toString(), 1)]);
      }),
    );
  });

  test('leave out what stands before and after the details', async () => {
    const bytes = Buffer.from('header\na\nbb\nsummary\n');
    const ranges = await planByteRanges(chunksOf(bytes, 4), {
      ...plan,
      start: 7,
      end: 12,
      firstLineNumber: 2,
      rangeBytes: 1,
    });
    expect(ranges).toEqual([
      { range: 0, start: 7, end: 9, firstLineNumber: 2 },
      { range: 1, start: 9, end: 12, firstLineNumber: 3 },
    ]);
  });

  test('are one empty range where there is no line', async () => {
    const ranges = await planByteRanges(chunksOf(Buffer.from('header\n'), 3), {
      ...plan,
      start: 7,
      end: 7,
      rangeBytes: 10,
    });
    expect(ranges).toEqual([{ range: 0, start: 7, end: 7, firstLineNumber: 1 }]);
  });

  test('are refused for a line that never ends, before it is read to its end', async () => {
    let delivered = 0;
    async function* endless() {
      for (;;) {
        delivered += 1;
        yield Buffer.alloc(500, 'x');
      }
    }
    const ranges = await planByteRanges(endless(), { ...plan, end: 1e10, rangeBytes: 10_000 });
    expect(ranges).toBeUndefined();
    expect(delivered).toBe(3);
  });
});
