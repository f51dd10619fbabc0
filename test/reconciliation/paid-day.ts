/** A merchant number with real payments on it, and all steps from its statement's lines to the close of the day. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { OrderKind } from '../../functions/channels/index.ts';
import type { AccountingDate, Clock } from '../../functions/kernel/clock.ts';
import { type AccountId, bareId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { auditLedger, post, readAccount, settlementCompanions } from '../../functions/ledger/index.ts';
import { expectationShards } from '../../functions/payments/index.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { checkPayments } from '../../functions/payments/postings-check.ts';
import { noteOwner, readBatch } from '../../functions/reconciliation/batch-store.ts';
import { concludeBatch } from '../../functions/reconciliation/conclude-batch.ts';
import { differencesOfDay } from '../../functions/reconciliation/difference-store.ts';
import { expectationOf } from '../../functions/reconciliation/expectation.ts';
import { writeJson, writeObject } from '../../functions/reconciliation/files.ts';
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
import { csvFile, date as dateInFiles, merchantNo as merchantNoInFiles, type Row, rowOf } from './sample-day.ts';
import { frameOf, writeStaged } from './staged-day.ts';

export const noon = new Date('2026-03-02T04:00:00Z');
export const today = '2026-03-02' as AccountingDate; // noon's day in Shanghai

export async function createTables(client: DynamoDBClient) {
  const [payments, reconciliation] = await Promise.all([
    createPaymentTables(client),
    createTable(client, 'reconciliation', {
      indexes: [{ name: 'by-listing', partitionKey: 'listing', sortKey: 'listKey' }],
    }),
  ]);
  return { payments, reconciliation };
}

export type Tables = Awaited<ReturnType<typeof createTables>>;

/** @param mannerOf how the channel whose statement comes takes orders; the other one refuses for itself */
export async function openPaidDay(
  tables: Tables,
  mannerOf: (kind: OrderKind) => Manner,
  channel: 'sandbox-bank' | 'sandbox-wallet' = 'sandbox-bank',
  everybodysClock: Clock = () => noon,
) {
  const world = await openWorld(tables.payments, (name, kind) => (name === channel ? mannerOf(kind) : 'refuses_here'), {
    clock: everybodysClock,
  });
  const payments = world.seenBy(startProcess());
  const { institutionId } = world.command;
  const settlementAccountId = idFrom('acct', channel, institutionId);
  const statement: StatementDay = { channel, merchantNo: bareId(settlementAccountId), date: today };
  const files = memoryFiles();
  const table = tables.reconciliation;
  const { commit, clock, ledger } = payments;
  const started: string[] = [];
  const { channels } = payments;
  const startExecution = async (execution: { name: string }) => void started.push(execution.name);
  const { adapters } = channels;
  const dependencies = { table, commit, clock, files, ledger, payments, channels, adapters, startExecution };
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
        policy: { fees: 'per_line', carryOver: { windowMinutes: 30, days: 1 }, unfinishedDay: 'settle' },
        timeZone: 'Asia/Shanghai',
      },
      plan: { ranges: 1, expectationShards, shards: 1, rangesKey, expectationShardsKey, shardsKey },
    };
  };

  /** Stage and Match, of both sides. */
  const match = async (run: PlannedRun, rows: readonly Row[]) => {
    const keys = workingKeys(run.reconciliationId);
    // its lines are of the day itself: what lies outside it may wait for another one
    const bytes = Buffer.from(csvFile(rows).replaceAll(`${dateInFiles}T`, `${today}T`));
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
    await writeStaged(files, keys.channelRows(0), staged.rows);
    await writeJson(files, keys.channelSummary(0), { ...staged.summary, wrongEncoding: false });
    for (let shard = 0; shard < expectationShards; shard++) {
      await stageOwnPayments({ files, table, payments: own }, { run, item: { shard } });
    }
    await matchStaged({ files }, { run, item: { shard: 0 } });
  };

  let versions = 0;
  let newest: readonly Row[] = [];
  /** the file of the next version comes */
  async function receive(): Promise<PlannedRun> {
    versions += 1;
    const content = `${settlementAccountId} version ${versions}`;
    const key = `statements/${channel}/${statement.merchantNo}/${today}/${versions}.csv`;
    await writeObject(files, { bucket: 'statements', key }, content);
    await receiveStatement(dependencies, { bucket: 'statements', key, versionId: content, size: content.length });
    return runOf(versions);
  }

  /** the next version of the statement comes with these lines */
  async function reconcile(
    rows: readonly Row[],
    beforeHandle: () => Promise<unknown> = async () => undefined,
    afterMatch: () => Promise<unknown> = async () => undefined,
  ) {
    newest = rows;
    const run = await receive();
    await noteOwner(table, run.reconciliationId, { institutionId, accountId: settlementAccountId, currency: 'CNY' });
    await match(run, rows);
    await afterMatch();
    const concluded = await concludeBatch(dependencies, run);
    if ('rejection' in concluded) throw new Error(concluded.rejection.detail);
    await beforeHandle();
    const handled = await handleDifferences(dependencies, run);
    const settled = await settleDay(dependencies, run);
    const batch = await readBatch(table, run.reconciliationId);
    return { run, handled, settled, conclusion: batch?.conclusion };
  }

  const balanceOf = async (id: AccountId) => (await readAccount(ledger, id))?.balances.available;
  const companions = settlementCompanions(settlementAccountId);
  return {
    ...world,
    payments,
    dependencies,
    statement,
    settlementAccountId,
    receive,
    reconcile,
    /** the newest file once more, as the next version */
    reconcileAgain: () => reconcile(newest),
    newestRows: () => newest,
    newestRun: () => runOf(versions),
    everyDifference: () => differencesOfDay(table, statement),
    reconciledAccountId: companions.reconciled,
    newestBatch: () => readBatch(table, reconciliationIdOf(statement, versions)),
    /** the live differences, each as its type and what it moves */
    async differences() {
      const live = (await differencesOfDay(table, statement)).filter(({ state }) => state !== 'superseded');
      return live.map(({ facts, state }) => `${state} ${facts.type} ${facts.adjustment}`).sort();
    },
    pending: () => balanceOf(companions.pending),
    reconciled: () => balanceOf(companions.reconciled),
    /** the member's money goes elsewhere, or comes back from there */
    async spend(amount: bigint) {
      const spent = money(amount < 0n ? -amount : amount, 'CNY');
      const [debited, credited] =
        amount > 0n ? [world.command.accountId, companions.feeIncome] : [companions.feeIncome, world.command.accountId];
      const id = idFrom('post', randomUUID());
      const legs = [
        { accountId: debited, balance: 'available', side: 'debit', amount: spent },
        { accountId: credited, balance: 'available', side: 'credit', amount: spent },
      ] as const;
      const outcome = await post(ledger, { id, type: 'adjustment', legs });
      if (!('postings' in outcome)) throw new Error(JSON.stringify(outcome));
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
