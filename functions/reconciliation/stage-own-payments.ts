/** Stage, our side (挂账): the payments of one shard of expectations, spread over shard files by order number. */
import { expectedPayments } from '../payments/index.ts';
import { carriedKey } from './carry-over.ts';
import { readClaimedPayments } from './carry-store.ts';
import { formatOfRun } from './delivered-formats.ts';
import { expectationOf } from './expectation.ts';
import type { Reconciliation } from './reconciliation.ts';
import { RowBuffers } from './row-buffers.ts';
import type { PlannedRun } from './run.ts';
import { encodeExpectation } from './shard-rows.ts';
import { stagingRows } from './staged-rows.ts';
import { workingKeys } from './working-keys.ts';

/**
 * Half a read unit per 4 KiB of payments; writes an object for each shard whenever `RowBuffers` are full, and thus holds a page of
 * payments and a bounded number of rows, however many payments the day has. What the format can't hold is not expected.
 */
export async function stageOwnPayments(
  {
    files,
    table,
    payments,
  }: Pick<Reconciliation, 'files' | 'table'> & { readonly payments: Pick<Reconciliation['payments'], 'table'> },
  { run, item }: { readonly run: PlannedRun; readonly item: { readonly shard: number } },
): Promise<{ readonly lines: number }> {
  const keys = workingKeys(run.reconciliationId);
  const { channel, merchantNo, date } = run.statement;
  const { identified, plan } = run;
  const { covers } = await formatOfRun(files, run);
  const elsewhere = await claimedElsewhere(table, run);
  // of a day that balances, our side's rows take about half of the statement's bytes
  const rows = new RowBuffers(plan.shards, identified.content.size / 2 / plan.expectationShards);
  const staging = stagingRows(files, keys.ownRows(item.shard), rows);
  let lines = 0;
  for await (const payment of expectedPayments(payments, { channel, merchantNo, day: date, shard: item.shard })) {
    const expectation = expectationOf(payment);
    if (!covers.includes(expectation.kind) || elsewhere.has(carriedKey({ side: 'own', expectation }))) continue;
    lines += 1;
    rows.append(expectation.channelOrderNo, `${encodeExpectation(expectation)}\n`);
    if (rows.isFull) await staging.writePiece();
  }
  await staging.finish();
  return { lines };
}

/** Payments of this day that another day's statement has shown already: a re-run of this day expects them no more. */
async function claimedElsewhere(table: Reconciliation['table'], run: PlannedRun): Promise<ReadonlySet<string>> {
  const { statement, identified } = run;
  if (identified.policy.carryOver.days === 0) return new Set();
  return new Set((await readClaimedPayments(table, statement)).map(carriedKey));
}
