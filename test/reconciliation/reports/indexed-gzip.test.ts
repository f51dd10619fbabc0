import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gzipWriter, inflateSegments } from '../../../functions/reconciliation/reports/indexed-gzip.ts';

async function written(texts: readonly string[]) {
  const chunks: Buffer[] = [];
  const gzip = gzipWriter(async (bytes) => {
    chunks.push(bytes);
  });
  const segments = [];
  for (const text of texts) segments.push(await gzip.segment(text));
  await gzip.finish();
  return { bytes: Buffer.concat(chunks), segments };
}

const anyTexts = fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 20 });

test('the whole is an ordinary gzip file, and any run of segments is read by itself', async () => {
  await fc.assert(
    fc.asyncProperty(anyTexts, fc.nat(), fc.nat(), async (texts, one, other) => {
      const { bytes, segments } = await written(texts);
      expect(gunzipSync(bytes).toString('utf8')).toBe(texts.join(''));
      const [first = 0, last = 0] = [one % texts.length, other % texts.length].sort((left, right) => left - right);
      const part = bytes.subarray(segments[first]?.start, segments[last]?.end);
      expect(inflateSegments(part)).toBe(texts.slice(first, last + 1).join(''));
    }),
  );
});

test('segments of many kilobytes stay apart', async () => {
  const texts = Array.from({ length: 5 }, (_, place) => `${place},`.repeat(50_000));
  const { bytes, segments } = await written(texts);
  expect(segments.map(({ start, end }) => inflateSegments(bytes.subarray(start, end)))).toEqual(texts);
});
