/** Files that were damaged on the way, of every format there is: the fast part of `npm run fuzz`. */
import { describe, expect, test } from '@jest/globals';
import type { LineFormat } from '../../../functions/reconciliation/reading/statement-format.ts';
import { fuzzFormat } from '../../../local/fuzz/fuzz-formats.ts';
import { holdFile } from '../../../local/fuzz/hold.ts';
import { formatsWithSamples, sampleOf } from '../../../local/fuzz/samples.ts';
import { cityBank, clearingHouse } from '../profiles/example-files.ts';
import { context } from '../staged-day.ts';

const profiles = [cityBank, clearingHouse].map(async ({ format, id, bytes }) => ({
  format,
  samples: [await sampleOf(format, { name: id, bytes })],
}));

const formats = [...(await formatsWithSamples()), ...(await Promise.all(profiles))].map((each) => ({
  name: each.format.name,
  ...each,
}));

const cut = { chunkBytes: 7, rangeBytes: 150 };

test.each(formats)('$name has a sample that reads', async ({ format, samples }) => {
  const outcomes = await Promise.all(samples.map((sample) => holdFile(format, sample, cut)));
  expect(outcomes).toContain('read');
});

describe.each(formats)('a damaged $name', (format) => {
  test('is turned away by name, or each of its lines is a row, ignored or an error', async () => {
    const { broken, outcomes } = await fuzzFormat(format, { seed: 1, inputs: 100 });
    expect(broken).toEqual([]);
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes['turned away']).toBeGreaterThan(0);
  });
});

describe('a reader is found out', () => {
  const { format, bytes } = clearingHouse;
  const file = { bytes, context };
  const lines = format as LineFormat; // of fixed width

  test.each<[string, Partial<LineFormat>]>([
    [
      'no amount',
      {
        parseLine: () => {
          throw new Error('no amount');
        },
      },
    ],
    ['line 2 came out as 1', { parseLine: (frame, text) => lines.parseLine(frame, text, 1) }],
    [
      'the details are from 9000 to 9001',
      {
        readFrame: (ends, context) =>
          ({ ...lines.readFrame(ends, context), detailsStart: 9_000, detailsEnd: 9_001 }) as ReturnType<
            LineFormat['readFrame']
          >,
      },
    ],
  ])('that breaks a law: %s', async (said, broken) => {
    await expect(holdFile({ ...lines, ...broken }, file, cut)).rejects.toThrow(said);
  });
});
