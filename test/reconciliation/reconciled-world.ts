/** A settlement account and its day on real tables, and the steps that post: Conclude, Handle, Settle. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { sandboxChannels } from '../../functions/channels/index.ts';
import type { AccountingDate, Clock } from '../../functions/kernel/clock.ts';
import { type AccountId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { committer } from '../../functions/kernel/write.ts';
import {
  auditLedger,
  headMemory,
  type Ledger,
  openAccountWrites,
  openSettlementAccountWrites,
  post,
  readAccount,
  settlementCompanions,
} from '../../functions/ledger/index.ts';
import { noteOwner } from '../../functions/reconciliation/batch-store.ts';
import { concludeBatch } from '../../functions/reconciliation/conclude-batch.ts';
import { bookedNet, type Expectation } from '../../functions/reconciliation/expectation.ts';
import { writeJson } from '../../functions/reconciliation/files.ts';
import { handleDifferences } from '../../functions/reconciliation/handle-differences.ts';
import { encodeShardResult } from '../../functions/reconciliation/match-file.ts';
import { noResult } from '../../functions/reconciliation/match-result.ts';
import { noteFault } from '../../functions/reconciliation/operations/batch-state-store.ts';
import { receiveStatement } from '../../functions/reconciliation/receive-statement.ts';
import type { PlannedRun } from '../../functions/reconciliation/run.ts';
import { settleDay } from '../../functions/reconciliation/settle-day.ts';
import type { StagedLine } from '../../functions/reconciliation/shard-rows.ts';
import {
  executionNameOf,
  reconciliationIdOf,
  type StatementDay,
} from '../../functions/reconciliation/statement-key.ts';
import { checkSuspense } from '../../functions/reconciliation/suspense-check.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { createPaymentsTable } from '../payments/payments-table.ts';
import { createTable } from '../support/engines.ts';
import { memoryFiles } from './memory-files.ts';
import { csvFile, date, expectation, merchantNo, type Row, rowOf } from './sample-day.ts';
import { reconcile } from './staged-day.ts';

const openedAt = new Date('2026-03-02T02:00:00Z');

export async function createTables(client: DynamoDBClient) {
  const [ledger, channels, reconciliation, payments] = await Promise.all([
    createTable(client, 'ledger'),
    createTable(client, 'channels'),
    createTable(client, 'reconciliation', {
      indexes: [{ name: 'by-listing', partitionKey: 'listing', sortKey: 'listKey' }],
    }),
    createPaymentsTable(client),
  ]);
  return { client, ledger, channels, reconciliation, payments };
}

export type Tables = Awaited<ReturnType<typeof createTables>>;
export type World = Awaited<ReturnType<typeof openWorld>>;

/**
 * @param name another one for each world on the same tables
 * @param clock a day after the statement's unless given
 */
export async function openWorld(
  { client, ledger: ledgerTable, channels, reconciliation: table, payments }: Tables,
  name: string,
  clock: Clock = () => openedAt,
) {
  const sleepMs = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const commit = committer(client, { random: Math.random, sleepMs });
  const timeZone = 'Asia/Shanghai';
  const ledger: Ledger = {
    table: ledgerTable,
    commit: committer(client, { random: Math.random, sleepMs }, 'answered'),
    clock,
    random: Math.random,
    sleepMs,
    businessDate: async () => date as AccountingDate, // a real day
    memory: headMemory(clock),
  };
  const series: StatementDay = { channel: `bank-${name}`, merchantNo, date: date as AccountingDate }; // a real day
  const settlementAccountId = idFrom('acct', name);
  const institutionId = idFrom('inst', name);
  const member = idFrom('acct', name, 'member');
  const facts = { institutionId, currency: 'CNY', openedAt } as const;
  const opened = await commit([
    ...(await openSettlementAccountWrites(ledger, { ...facts, id: settlementAccountId })),
    ...(await openAccountWrites(ledger, {
      ...facts,
      id: member,
      kind: 'member',
      subject: 'member_deposits',
      floor: null,
      slots: 1,
    })),
  ]);
  if (!opened.committed) throw new Error(`the world ${name} is there already`);

  const files = memoryFiles();
  const started: string[] = [];
  const dependencies = {
    table,
    commit,
    clock,
    files,
    ledger,
    channels: { table: channels, catalogue: async () => sandboxChannels },
    adapters: {},
    payments: { table: payments, commit, clock, timeZone, ledger, channels: { table: channels } },
    startExecution: async (execution: { name: string }) => {
      started.push(execution.name);
    },
  };

  const runOf = (version: number, statement = series): PlannedRun => {
    const reconciliationId = reconciliationIdOf(statement, version);
    const keys = workingKeys(reconciliationId);
    return {
      reconciliationId,
      statement,
      version,
      file: { bucket: 'statements', key: 'statements/x', size: 1, sha256: `sha-${version}` },
      identified: {
        format: 'sandbox-csv',
        content: { bucket: 'statements', key: 'statements/x', size: 1 },
        frameKey: keys.frame,
        settlementAccountId,
        institutionId,
        currency: 'CNY',
        policy: { fees: 'per_line', carryOver: { windowMinutes: 30, days: 1 }, unfinishedDay: 'wait' },
        timeZone: 'Asia/Shanghai',
      },
      plan: {
        ranges: 1,
        expectationShards: 8,
        shards: 1,
        rangesKey: keys.ranges,
        expectationShardsKey: keys.expectationShards,
        shardsKey: keys.shards,
      },
    };
  };

  const receiveObject = async (
    statement: StatementDay,
    content: string,
    key = `statements/${statement.channel}/${statement.merchantNo}/${statement.date}/${content}.csv`,
  ) => {
    const file = { bucket: 'statements', key, versionId: content, size: content.length };
    await files.client.send(new PutObjectCommand({ Bucket: 'statements', Key: key, Body: content }));
    return receiveStatement(dependencies, file);
  };

  /** What Stage and Match leave of a day of any merchant number, where no shard could match any of it. */
  async function layLeft(
    statement: StatementDay,
    version: number,
    { lines, expectations = [] }: { readonly lines: readonly StagedLine[]; readonly expectations?: Expectation[] },
  ): Promise<PlannedRun> {
    const run = runOf(version, statement);
    const owner = { institutionId, accountId: settlementAccountId, currency: 'CNY' } as const;
    await noteOwner(table, run.reconciliationId, owner);
    const keys = workingKeys(run.reconciliationId);
    // of the file its number of lines matters alone
    const rows = lines.map((_, index) => ({ ...rowOf(expectation()), tradeNo: `T${index}` }));
    const { file, frame } = await reconcile(csvFile(rows), [], { shards: 1, rangeBytes: 1e6, chunkBytes: 1e6 });
    await writeJson(files, keys.frame, frame);
    await writeJson(files, keys.channelSummary(0), file);
    const left = { leftLines: [...lines], leftExpectations: expectations };
    await writeJson(files, keys.matched(0), encodeShardResult({ ...noResult, ...left }));
    return run;
  }

  const balanceOf = async (id: AccountId): Promise<bigint> => (await readAccount(ledger, id))?.balances.available ?? 0n;
  const { pending, reconciled } = settlementCompanions(settlementAccountId);

  return {
    dependencies,
    series,
    runOf,
    started,
    /** books what we believe of the day */
    async book(expectations: readonly Expectation[], occasion = 'day'): Promise<void> {
      const net = expectations
        .filter(({ status }) => status === 'succeeded')
        .reduce((sum, each) => sum + bookedNet(each), 0n);
      if (net === 0n) return;
      const amount = money(net > 0n ? net : -net, 'CNY');
      const [debited, credited] = net > 0n ? [pending, member] : [member, pending];
      await post(ledger, {
        id: idFrom('post', name, occasion),
        type: 'adjustment',
        legs: [
          { accountId: debited, balance: 'available', side: 'debit', amount },
          { accountId: credited, balance: 'available', side: 'credit', amount },
        ],
      });
    },
    /** a file comes with this content */
    receive: (content: string, key?: string) => receiveObject(series, content, key),
    layLeft,
    /** all steps of a version that has come */
    async reconcileLeft(...laid: Parameters<typeof layLeft>) {
      const run = await layLeft(...laid);
      const concluded = await concludeBatch(dependencies, run);
      await handleDifferences(dependencies, run);
      return { run, concluded, settled: await settleDay(dependencies, run) };
    },
    /** a file of any day of it comes */
    receiveOf: (statement: StatementDay, content: string) => receiveObject(statement, content),
    /** what Stage and Match leave of a version */
    async lay(version: number, rows: readonly Row[], expectations: readonly Expectation[]): Promise<PlannedRun> {
      const run = runOf(version);
      const owner = { institutionId, accountId: settlementAccountId, currency: 'CNY' } as const;
      await noteOwner(table, run.reconciliationId, owner);
      const keys = workingKeys(run.reconciliationId);
      const { file, frame, result } = await reconcile(csvFile(rows), expectations, {
        shards: 1,
        rangeBytes: 1e6,
        chunkBytes: 1e6,
      });
      await writeJson(files, keys.frame, frame);
      await writeJson(files, keys.channelSummary(0), file);
      const shard = encodeShardResult({ ...result, leftLines: [], leftExpectations: [] });
      await writeJson(files, keys.matched(0), shard);
      return run;
    },
    conclude: (run: PlannedRun) => concludeBatch(dependencies, run),
    handle: (run: PlannedRun) => handleDifferences(dependencies, run),
    settle: (run: PlannedRun) => settleDay(dependencies, run),
    fail: (version: number) => {
      const news = { executionName: executionNameOf(series, version), redrives: 0 };
      return noteFault(table, reconciliationIdOf(series, version), news);
    },
    /** in minor units, a debit positive on the settlement account */
    async money() {
      return { pending: await balanceOf(pending), reconciled: await balanceOf(reconciled) };
    },
    /** whether the audit finds anything wrong with the books, suspense included */
    async audit() {
      const { findings } = await auditLedger(ledgerTable, [checkSuspense({ table })]);
      return findings;
    },
  };
}
