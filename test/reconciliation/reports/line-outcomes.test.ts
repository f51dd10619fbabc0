import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeOutcome, encodeOutcomes, outcomesOf } from '../../../functions/reconciliation/reports/line-outcomes.ts';
import { anyDay, csvFile } from '../sample-day.ts';
import { reconcile } from '../staged-day.ts';

const layouts = fc.record({
  shards: fc.integer({ min: 1, max: 5 }),
  rangeBytes: fc.integer({ min: 200, max: 2_000 }),
  chunkBytes: fc.integer({ min: 50, max: 500 }),
});

test('of any day, each line that is not plainly matched is told of once, in the order of the file', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, layouts, async ({ rows, expectations, made }, layout) => {
      const { result } = await reconcile(csvFile(rows), expectations, layout);
      const { lines, unreported } = outcomesOf(result);
      const numbers = lines.map(({ lineNumber }) => lineNumber);
      expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
      const ignored = Object.values(result.lines.ignored).reduce((sum, count) => sum + count, 0);
      expect(lines.filter(({ became }) => became === 'ignored')).toHaveLength(ignored);
      expect(lines.filter(({ became }) => became === 'differing')).toHaveLength(result.lines.differing);
      const types = lines.flatMap((line) => (line.became === 'differing' ? line.types : []));
      expect([...types, ...unreported.map(({ facts }) => facts.type)].sort()).toEqual(
        made.map(({ type }) => type).sort(),
      );
    }),
  );
});

test('they come back from their file as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, async ({ rows, expectations }) => {
      const { result } = await reconcile(csvFile(rows), expectations, { shards: 2, rangeBytes: 1e6, chunkBytes: 1e6 });
      const { lines, unreported } = outcomesOf(result);
      let text = '';
      for await (const chunk of encodeOutcomes(result)) text += chunk.toString();
      expect(text.split('\n').slice(0, -1).map(decodeOutcome)).toEqual([...lines, ...unreported]);
    }),
  );
});
