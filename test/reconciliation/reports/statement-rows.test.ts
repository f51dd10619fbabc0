import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { countedOf, type DetailRow } from '../../../functions/reconciliation/reports/detail-row.ts';
import { statementRows } from '../../../functions/reconciliation/reports/statement-rows.ts';
import type { PlannedRun } from '../../../functions/reconciliation/run.ts';
import { feesOf, netOfTotals } from '../../../functions/reconciliation/totals.ts';
import { memoryFiles } from '../memory-files.ts';
import { anyDay, csvFile, csvRow, date, merchantNo } from '../sample-day.ts';
import { layStatement } from './laid-statement.ts';

const layouts = fc.record({
  shards: fc.integer({ min: 1, max: 20 }),
  rangeBytes: fc.integer({ min: 200, max: 2_000 }),
  chunkBytes: fc.integer({ min: 50, max: 500 }),
});

const run: PlannedRun = {
  reconciliationId: idFrom('recon', 'a day'),
  statement: { channel: 'sandbox-bank', merchantNo, date: date as PlannedRun['statement']['date'] }, // a real day
  version: 1,
  file: { bucket: 'statements', key: 'statements/x', size: 1, sha256: 'sha' },
  identified: {
    format: 'sandbox-csv',
    content: { bucket: 'statements', key: 'statements/x', size: 1 },
    frameKey: 'frame',
    settlementAccountId: idFrom('acct', 'a day'),
    institutionId: idFrom('inst', 'a day'),
    currency: 'CNY',
    timeZone: 'Asia/Shanghai',
    policy: { fees: 'per_line', carryOver: { windowMinutes: 30, days: 0 }, unfinishedDay: 'wait' },
  },
  plan: { ranges: 1, expectationShards: 1, shards: 1, rangesKey: '', expectationShardsKey: '', shardsKey: '' },
};

async function rowsOf(
  text: string,
  expectations: Parameters<typeof layStatement>[2]['expectations'],
  layout: Parameters<typeof layStatement>[2]['layout'],
) {
  const files = memoryFiles();
  const laid = await layStatement(files, run, { text, expectations, layout });
  const rows: DetailRow[] = [];
  for await (const row of statementRows({ files }, laid.run, (_line, before) => before)) rows.push(row);
  return { rows, result: laid.result };
}

const sumOf = (rows: readonly DetailRow[], figure: keyof ReturnType<typeof countedOf>): bigint =>
  rows.reduce((sum, row) => sum + countedOf(row)[figure], 0n);

test('of any day, the detail lists every line in the order of the file and adds up to the totals of both sides', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, layouts, async (day, layout) => {
      const { rows, result } = await rowsOf(csvFile(day.rows), day.expectations, layout);
      const numbers = rows.flatMap(({ lineNumber }) => (lineNumber === undefined ? [] : [lineNumber]));
      expect(numbers).toEqual(day.rows.map((_, place) => place + 2));
      expect(rows.flatMap(({ line }) => (line ? [line.ourReference] : []))).toEqual(
        day.rows.map(({ orderNo }) => orderNo),
      );
      expect(rows.filter(({ result: is }) => is === 'matched')).toHaveLength(result.lines.matched);
      expect(rows.flatMap(({ differences }) => differences).sort()).toEqual(day.made.map(({ type }) => type).sort());
      expect(sumOf(rows, 'net')).toBe(netOfTotals(result.theirs));
      expect(sumOf(rows, 'ourNet')).toBe(netOfTotals(result.ours));
      expect(sumOf(rows, 'fee')).toBe(feesOf(result.theirs));
      expect(sumOf(rows, 'ourFee')).toBe(feesOf(result.ours));
    }),
  );
});

test('a line that can not be read stands in its place with the reason', async () => {
  const good = { kind: 'collection', orderNo: 'A', tradeNo: 'T', amount: 1n, fee: 0n, status: 'succeeded' } as const;
  const text = csvFile([good, good], [csvRow(good), 'nonsense', csvRow({ ...good, orderNo: 'B' })]);
  const { rows } = await rowsOf(text, [], { shards: 3, rangeBytes: 1e6, chunkBytes: 1e6 });
  expect(rows.map(({ lineNumber, result }) => [lineNumber, result])).toEqual([
    [2, 'differing'],
    [3, 'line_error'],
    [4, 'differing'],
  ]);
  expect(rows[1]?.note).toBeTruthy();
});
