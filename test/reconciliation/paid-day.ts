/** A merchant number with real payments on it, and all steps from its statement's lines to the close of the day. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OrderKind } from '../../functions/channels/index.ts';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { bareId, idFrom } from '../../functions/kernel/ids.ts';
import { auditLedger, readAccount, settlementCompanions } from '../../functions/ledger/index.ts';
import { expectationShards } from '../../functions/payments/index.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { checkPayments } from '../../functions/payments/postings-check.ts';
import { readBatch } from '../../functions/reconciliation/batch-store.ts';
import { concludeBatch } from '../../functions/reconciliation/conclude-batch.ts';
import { differencesOfDay } from '../../functions/reconciliation/difference-store.ts';
import { expectationOf } from '../../functions/reconciliation/expectation.ts';
import { writeJson, writeObject, writeText } from '../../functions/reconciliation/files.ts';
import { format as sandboxCsv } from '../../functions/reconciliation/formats/sandbox-csv.ts';
import { handleDifferences } from '../../functions/reconciliation/handle-differences.ts';
import { matchStaged } from '../../functions/reconciliation/match-staged.ts';
import { receiveStatement } from '../../functions/reconciliation/receive-statement.ts';
import type { PlannedRun } from '../../functions/reconciliation/run.ts';
import { settleDay } from '../../functions/reconciliation/settle-day.ts';
import { stageLines } from '../../functions/reconciliation/stage-channel-rows.ts';
import { stageOwnPayments } from '../../functions/reconciliation/stage-own-payments.ts';
import { reconciliationIdOf, type StatementDay } from '../../functions/reconciliation/statement-key.ts';
import { checkSuspense } from '../../functions/reconciliation/suspense-check.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { startProcess } from '../payments/crash.ts';
import type { Manner } from '../payments/fake-channel.ts';
import { createTables as createPaymentTables, openWorld } from '../payments/payment-world.ts';
import { createTable } from '../support/engines.ts';
import { memoryFiles } from './memory-files.ts';
import { csvFile, merchantNo as merchantNoInFiles, type Row, rowOf } from './sample-day.ts';
import { frameOf } from './staged-day.ts';

export const noon = new Date('2026-03-02T04:00:00Z');
export const today = '2026-03-02' as AccountingDate; // noon's day in Shanghai

export async function createTables(client: DynamoDBClient) {
  const [payments, reconciliation] = await Promise.all([
    createPaymentTables(client),
    createTable(client, 'reconciliation'),
  ]);
  return { payments, reconciliation };
}

export type Tables = Awaited<ReturnType<typeof createTables>>;

/** @param mannerOf how the channel whose statement comes takes orders; the other one refuses for itself */
export async function openPaidDay(
  tables: Tables,
  mannerOf: (kind: OrderKind) => Manner,
  channel: 'sandbox-bank' | 'sandbox-wallet' = 'sandbox-bank',
) {
  const world = await openWorld(tables.payments, (name, kind) => (name === channel ? mannerOf(kind) : 'refuses_here'), {
    clock: () => noon,
  });
  const payments = world.seenBy(startProcess());
  const { institutionId } = world.command;
  const settlementAccountId = idFrom('acct', channel, institutionId);
  const statement: StatementDay = { channel, merchantNo: bareId(settlementAccountId), date: today };
  const files = memoryFiles();
  const table = tables.reconciliation;
  const { commit, clock, ledger, channels } = payments;
  const startExecution = async () => undefined;
  const dependencies = { table, commit, clock, files, ledger, payments, channels, startExecution };
  const own = { table: payments.table };

  const runOf = (version: number): PlannedRun => {
    const reconciliationId = reconciliationIdOf(statement, version);
    const keys = workingKeys(reconciliationId);
    const content = { bucket: 'statements', key: 'statements/x', size: 1 };
    const { ranges: rangesKey, expectationShards: expectationShardsKey, shards: shardsKey, frame: frameKey } = keys;
    return {
      reconciliationId,
      statement,
      version,
      file: { ...content, sha256: `sha-${version}` },
      identified: {
        format: 'sandbox-csv',
        content,
        frameKey,
        settlementAccountId,
        institutionId,
        currency: 'CNY',
        policy: { fees: 'per_line', carryOver: { windowMinutes: 30, days: 1 } },
        timeZone: 'Asia/Shanghai',
      },
      plan: { ranges: 1, expectationShards, shards: 1, rangesKey, expectationShardsKey, shardsKey },
    };
  };

  /** Stage and Match, of both sides. */
  const match = async (run: PlannedRun, rows: readonly Row[]) => {
    const keys = workingKeys(run.reconciliationId);
    const bytes = Buffer.from(csvFile(rows));
    const frame = frameOf(sandboxCsv, bytes);
    const staged = stageLines({
      format: sandboxCsv,
      frame,
      text: bytes.subarray(frame.detailsStart, frame.detailsEnd).toString(),
      firstLineNumber: frame.firstLineNumber,
      shards: 1,
      merchantNo: merchantNoInFiles,
      isOfDay: () => true,
    });
    await writeJson(files, keys.frame, frame);
    await writeText(files, keys.channelRows(0, 0), staged.rows[0]?.join('') ?? '');
    await writeJson(files, keys.channelSummary(0), { ...staged.summary, wrongEncoding: false });
    for (let shard = 0; shard < expectationShards; shard++) {
      await stageOwnPayments({ files, table, payments: own }, { run, item: { shard } });
    }
    await matchStaged({ files }, { run, item: { shard: 0 } });
  };

  let versions = 0;
  return {
    ...world,
    payments,
    dependencies,
    statement,
    settlementAccountId,
    /** the next version of the statement comes with these lines */
    async reconcile(rows: readonly Row[], beforeHandle: () => Promise<unknown> = async () => undefined) {
      versions += 1;
      const content = `${settlementAccountId} version ${versions}`;
      const key = `statements/${channel}/${statement.merchantNo}/${today}/${versions}.csv`;
      await writeObject(files, { bucket: 'statements', key }, content);
      await receiveStatement(dependencies, { bucket: 'statements', key, versionId: content, size: content.length });
      const run = runOf(versions);
      await match(run, rows);
      const concluded = await concludeBatch(dependencies, run);
      if ('rejection' in concluded) throw new Error(concluded.rejection.detail);
      await beforeHandle();
      const handled = await handleDifferences(dependencies, run);
      const settled = await settleDay(dependencies, run);
      const batch = await readBatch(table, run.reconciliationId);
      return { run, handled, settled, conclusion: batch?.conclusion };
    },
    /** the live differences, each as its type and what it moves */
    async differences() {
      const live = (await differencesOfDay(table, statement)).filter(({ state }) => state !== 'superseded');
      return live.map(({ facts, state }) => `${state} ${facts.type} ${facts.adjustment}`).sort();
    },
    async pending() {
      const { pending } = settlementCompanions(settlementAccountId);
      return (await readAccount(ledger, pending))?.balances.available;
    },
    async findings() {
      const sources = [checkSuspense({ table }), checkPayments(own)];
      return (await auditLedger(ledger.table, sources)).findings;
    },
  };
}

/** What the channel writes of a payment of ours. */
export const lineOf = (payment: Payment, facts: Partial<Row> = {}): Row => ({
  ...rowOf(expectationOf(payment)),
  tradeNo: payment.channelTradeNo ?? `T-${payment.channelOrderNo}`,
  ...facts,
});

/** And of a payout that came back. */
export const returnLineOf = (payout: Payment, facts: Partial<Row> = {}): Row =>
  lineOf(payout, { kind: 'payout_return', tradeNo: `BACK-${payout.channelOrderNo}`, fee: 0n, ...facts });
