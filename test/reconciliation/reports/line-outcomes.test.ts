import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import type { MatchResult } from '../../../functions/reconciliation/match-result.ts';
import { noResult } from '../../../functions/reconciliation/match-result.ts';
import {
  decodeOutcome,
  encodeOutcomes,
  isLineOutcome,
  outcomesOf,
} from '../../../functions/reconciliation/reports/line-outcomes.ts';
import { anyDay, csvFile, expectation } from '../sample-day.ts';
import { reconcile } from '../staged-day.ts';
import { noChanges } from './laid-statement.ts';

const layouts = fc.record({
  shards: fc.integer({ min: 1, max: 5 }),
  rangeBytes: fc.integer({ min: 200, max: 2_000 }),
  chunkBytes: fc.integer({ min: 50, max: 500 }),
});

const line = {
  lineNumber: 0,
  kind: 'collection',
  ourReference: 'A',
  channelReference: 'T',
  amount: 100n,
  fee: 1n,
  currency: 'CNY',
  status: 'succeeded',
  at: new Date('2026-03-01T15:59:59Z'),
} as const;

const origin = '2026-02-28' as AccountingDate; // a real day

test('of any day, each line that is not plainly matched is told of once, in the order of the file', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, layouts, async ({ rows, expectations, made }, layout) => {
      const { result } = await reconcile(csvFile(rows), expectations, layout);
      const outcomes = outcomesOf({ result, changes: noChanges });
      const lines = outcomes.filter(isLineOutcome);
      const numbers = lines.map(({ lineNumber }) => lineNumber);
      expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
      const ignored = Object.values(result.lines.ignored).reduce((sum, count) => sum + count, 0);
      expect(lines.filter(({ became }) => became === 'ignored')).toHaveLength(ignored);
      expect(lines.filter(({ became }) => became === 'differing')).toHaveLength(result.lines.differing);
      const types = outcomes.flatMap((each) => {
        if (each.became === 'differing') return each.types;
        return each.became === 'unreported' ? [each.facts.type] : [];
      });
      expect(types.sort()).toEqual(made.map(({ type }) => type).sort());
    }),
  );
});

async function thereAndBack(told: Parameters<typeof outcomesOf>[0]) {
  let text = '';
  for await (const chunk of encodeOutcomes(told)) text += chunk.toString();
  return text.split('\n').slice(0, -1).map(decodeOutcome);
}

test('they come back from their file as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, async ({ rows, expectations }) => {
      const { result } = await reconcile(csvFile(rows), expectations, { shards: 2, rangeBytes: 1e6, chunkBytes: 1e6 });
      const told = { result, changes: noChanges };
      expect(await thereAndBack(told)).toEqual(outcomesOf(told));
    }),
  );
});

test('a further part ends as the line does that it belongs to', () => {
  const facts = { kind: 'refund', key: 'refund:A', lineNumber: 5, type: 'fee_mismatch', adjustment: 1n } as const;
  const notes = [
    { lineNumber: 3, became: 'part', of: 5 },
    { lineNumber: 9, became: 'part', of: 8 },
  ] as const;
  const result: MatchResult = { ...noResult, differences: [{ ...facts, ours: undefined }], notes };
  expect(outcomesOf({ result, changes: noChanges })).toMatchObject([
    { lineNumber: 3, types: ['fee_mismatch'] },
    { lineNumber: 5, became: 'differing' },
    { lineNumber: 9, types: [], isBooked: true },
  ]);
});

test('what came from another day is told once, with its differences, and what waits is told at the end', async () => {
  const theirs = { ...line, at: undefined, lineNumber: undefined };
  const facts = { kind: 'collection', key: 'collection:A', type: 'missing_in_books', adjustment: 99n } as const;
  const told = {
    result: { differences: [{ ...facts, theirs }], notes: [] },
    changes: {
      claim: [
        { side: 'channel', line, origin, version: 1 },
        { side: 'channel', line: { ...line, ourReference: 'B' }, origin, version: 1 },
        { side: 'own', expectation: expectation(), origin, version: 1 },
      ],
      put: [{ side: 'own', expectation: expectation({ channelOrderNo: 'C' }), origin, version: 1 }],
    },
  } as const;
  const outcomes = outcomesOf(told);
  expect(outcomes).toMatchObject([
    { became: 'carried_in', line: { ourReference: 'A' }, difference: { types: ['missing_in_books'] } },
    { became: 'carried_in', line: { ourReference: 'B' } },
    { became: 'waiting', expectation: { channelOrderNo: 'C' } },
  ]);
  expect((await thereAndBack(told)).map(({ became }) => became)).toEqual(outcomes.map(({ became }) => became));
});
