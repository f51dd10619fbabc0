/** Stage, our side (挂账): the payments of one shard of expectations, spread over shard files by order number. */
import { expectedPayments } from '../payments/index.ts';
import { carriedKey } from './carry-over.ts';
import { readClaimedPayments } from './carry-store.ts';
import { expectationOf } from './expectation.ts';
import { writeText } from './files.ts';
import { formatNamed } from './reading/catalogue.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { PlannedRun } from './run.ts';
import { encodeExpectation, shardOf } from './shard-rows.ts';
import { workingKeys } from './working-keys.ts';

/** Half a read unit per 4 KiB of payments; writes one object per shard. What the format can't hold is not expected. */
export async function stageOwnPayments(
  {
    files,
    table,
    payments,
  }: Pick<Reconciliation, 'files' | 'table'> & { readonly payments: Pick<Reconciliation['payments'], 'table'> },
  { run, item }: { readonly run: PlannedRun; readonly item: { readonly shard: number } },
): Promise<void> {
  const keys = workingKeys(run.reconciliationId);
  const { channel, merchantNo, date } = run.statement;
  const { covers } = await formatNamed(run.identified.format);
  const { shards } = run.plan;
  const elsewhere = await claimedElsewhere(table, run);
  const rows: string[][] = Array.from({ length: shards }, () => []);
  for await (const payment of expectedPayments(payments, { channel, merchantNo, day: date, shard: item.shard })) {
    const expectation = expectationOf(payment);
    if (!covers.includes(expectation.kind) || elsewhere.has(carriedKey({ side: 'own', expectation }))) continue;
    rows[shardOf(expectation.channelOrderNo, shards)]?.push(`${encodeExpectation(expectation)}\n`);
  }
  await Promise.all(rows.map((each, shard) => writeText(files, keys.ownRows(item.shard, shard), each.join(''))));
}

/** Payments of this day that another day's statement has shown already: a re-run of this day expects them no more. */
async function claimedElsewhere(table: Reconciliation['table'], run: PlannedRun): Promise<ReadonlySet<string>> {
  const { statement, identified } = run;
  if (identified.policy.carryOver.days === 0) return new Set();
  return new Set((await readClaimedPayments(table, statement)).map(carriedKey));
}
