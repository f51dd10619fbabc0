import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findLast } from '../../../functions/ledger/statements/find-entry.ts';

interface Numbered {
  readonly seq: number;
  readonly postedAt: string;
}

/** Entries at so many times, which never go back. */
function chainAt(times: Float64Array) {
  let reads = 0;
  const entry = (seq: number): Numbered => ({ seq, postedAt: new Date(times[seq - 1] ?? 0).toISOString() });
  const read = async (from: number, limit: number) => {
    reads += 1;
    return Array.from({ length: Math.min(limit, times.length - from + 1) }, (_, index) => entry(from + index));
  };
  const find = async (until: number, about = until) => {
    reads = 0;
    const holds = ({ postedAt }: Numbered) => Date.parse(postedAt) <= until;
    const found = await findLast({ head: entry(times.length), openedAt: entry(1).postedAt, read }, { holds, about });
    return { seq: found?.seq ?? 0, reads };
  };
  return { find, lastUpTo: (until: number) => countUpTo(times, until) };
}

function countUpTo(times: Float64Array, until: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

const start = Date.parse('2025-01-01T00:00:00Z');
const dayMs = 86_400_000;
const year = 365 * dayMs;

/** The same numbers at each run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const million = 1_000_000;
const random = numbers(7);
const timesOf = (size: number, draw: (index: number) => number) =>
  Float64Array.from({ length: size }, (_, index) => Math.floor(draw(index))).sort();

/** By day and not by night, less at weekends, and three times as many at the year's end as at its beginning. */
function aBusinessTime(): number {
  for (;;) {
    const days = random() * 365;
    const hour = (days % 1) * 24;
    const share = (hour > 8 && hour < 22 ? 1 : 0.05) * (days % 7 > 5 ? 0.4 : 1) * (0.5 + days / 365);
    if (random() * 1.5 < share) return start + days * dayMs;
  }
}

const anywhere = () => start + random() * year;
const midnight = () => start + Math.floor(random() * 365) * dayMs;

/** What a million entries look like, where to, and how many reads that takes on average and at most. */
const shapes = [
  { name: 'evenly', draw: anywhere, target: anywhere, mean: 6.5, most: 12 },
  { name: 'like a growing business, to a moment', draw: aBusinessTime, target: anywhere, mean: 14, most: 26 },
  { name: 'like a growing business, to a midnight', draw: aBusinessTime, target: midnight, mean: 14, most: 26 },
  {
    name: 'nearly all within an hour, to a moment of it',
    draw: () => (random() < 0.95 ? start + 200 * dayMs + (random() * dayMs) / 24 : anywhere()),
    target: () => start + 200 * dayMs + (random() * dayMs) / 24,
    mean: 12,
    most: 30,
  },
  {
    name: 'half at one instant, half a year later',
    draw: (index: number) => start + (index % 2) * year,
    target: anywhere,
    mean: 40,
    most: 40,
  },
];

describe('finding the last entry up to a moment', () => {
  test.each(shapes)(
    'among a million that came $name takes $mean reads on average',
    async ({ draw, target, mean, most }) => {
      const chain = chainAt(timesOf(million, draw));
      const reads: number[] = [];
      for (let search = 0; search < 300; search++) {
        const until = Math.floor(target());
        const found = await chain.find(until);
        expect(found.seq).toBe(chain.lastUpTo(until));
        reads.push(found.reads);
      }
      expect(reads.reduce((sum, each) => sum + each, 0) / reads.length).toBeLessThanOrEqual(mean);
      expect(Math.max(...reads)).toBeLessThanOrEqual(most);
    },
  );

  const gaps = fc.array(fc.constantFrom(0, 0, 1, 5, 1_000, dayMs, 90 * dayMs), { minLength: 1, maxLength: 3_000 });

  test('is right whatever the gaps are and however wrong the hint, in two reads for each halving at most', async () => {
    await fc.assert(
      fc.asyncProperty(gaps, fc.nat(), fc.integer({ min: -year, max: year }), async (waits, place, error) => {
        let now = start;
        const times = Float64Array.from(waits, (wait) => (now += wait));
        const until = (times[place % times.length] ?? 0) - (place % 2);
        const chain = chainAt(times);
        const { seq, reads } = await chain.find(until, until + error);
        expect(seq).toBe(chain.lastUpTo(until));
        expect(reads).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(times.length + 1)));
      }),
      { numRuns: 300 },
    );
  });

  test('costs nothing where the head is the answer', async () => {
    expect(await chainAt(Float64Array.of(start, start + 1)).find(start + 1)).toEqual({ seq: 2, reads: 0 });
  });

  test('finds nothing before the first entry', async () => {
    expect((await chainAt(Float64Array.of(start, start + 1)).find(start - 1)).seq).toBe(0);
  });

  test('stops at a missing entry', async () => {
    const head = { seq: 9, postedAt: '2025-01-02T00:00:00.000Z' };
    const search = findLast(
      { head, openedAt: '2025-01-01T00:00:00.000Z', read: async () => [] },
      { holds: () => false, about: start },
    );
    await expect(search).rejects.toThrow('missing');
  });
});
