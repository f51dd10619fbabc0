import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { putEntryWrite } from '../../../functions/channels/configuration/configuration-store.ts';
import { channelIdSchema, registerMerchantWrites } from '../../../functions/channels/index.ts';
import { type AccountingDate, addDays } from '../../../functions/kernel/clock.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import type { Batch } from '../../../functions/reconciliation/batch.ts';
import { noteOwner, readBatch } from '../../../functions/reconciliation/batch-store.ts';
import { confirmEmptyWrites } from '../../../functions/reconciliation/calendar/expected-statement-store.ts';
import { concluded, countedDays } from '../../../functions/reconciliation/reports/period.ts';
import { checkReady, reportPage, reportPieces } from '../../../functions/reconciliation/reports/show-report.ts';
import { writeReports } from '../../../functions/reconciliation/reports/write-reports.ts';
import { reconciliationIdOf } from '../../../functions/reconciliation/statement-key.ts';
import { feesOf, netOfTotals } from '../../../functions/reconciliation/totals.ts';
import { createTable, engines } from '../../support/engines.ts';
import { createTables, openWorld, type Tables, type World } from '../reconciled-world.ts';
import { anyDay, csvFile, type Day, date, expectation, merchantNo, type Row, rowOf } from '../sample-day.ts';
import { layStatement } from './laid-statement.ts';

const expectations = [1, 2, 3].map((number) =>
  expectation({ channelOrderNo: `O${number}`, channelTradeNo: `T${number}`, amount: BigInt(number) * 1_000n }),
);
const rows = expectations.map(rowOf);
const ownOf = (index: number) => ({
  paymentId: expectations[index]?.paymentId,
  reference: expectations[index]?.channelOrderNo,
});
const day = date as AccountingDate; // a real day

/** Whole days in which nothing of ours is still open: those need payments, which other tests have. */
const settledDay = ({ expectations: own, ...others }: Day): Day => ({
  ...others,
  expectations: own.map((each) => (each.status === 'processing' ? { ...each, status: 'succeeded' } : each)),
});

describe.each(engines)('the four reports on $name', (engine) => {
  let tables: Tables;
  const newWorld = () => openWorld(tables, randomUUID().slice(0, 8));

  beforeAll(async () => {
    const client = engine.client();
    const indexes = [
      { name: 'by-institution', partitionKey: 'institutionId', sortKey: 'listKey' },
      { name: 'by-listing', partitionKey: 'listing', sortKey: 'listKey' },
    ];
    tables = {
      ...(await createTables(client)),
      reconciliation: await createTable(client, 'reconciliation', { indexes }),
    };
  });

  async function reconcileVersion(world: World, version: number, lines: readonly Row[], own = expectations) {
    const { files, table } = world.dependencies;
    await world.receive(`version ${version}`);
    const run = await world.lay(version, lines, own);
    const { institutionId, settlementAccountId: accountId, currency } = run.identified;
    await noteOwner(table, run.reconciliationId, { institutionId, accountId, currency });
    const layout = { shards: 1, rangeBytes: 1e6, chunkBytes: 1e6 };
    await layStatement(files, run, { text: csvFile(lines), expectations: own, layout });
    await world.conclude(run);
    await world.handle(run);
    await world.settle(run);
    return run;
  }

  async function concludedBatch(world: World, run: Awaited<ReturnType<typeof reconcileVersion>>) {
    const found = await readBatch(world.dependencies.table, run.reconciliationId);
    const batch = found && concluded(found);
    if (!batch || isRefusal(batch)) throw new Error('the batch was not concluded');
    return batch;
  }

  async function textOf(...asked: Parameters<typeof reportPieces>) {
    let text = '';
    for await (const piece of reportPieces(...asked)) text += piece;
    return text;
  }

  test('tie with the conclusion and with what stands on the account, whatever the day', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay.map(settledDay), async ({ rows: lines, expectations: own }) => {
        const world = await newWorld();
        const { files } = world.dependencies;
        await world.book(own);
        const run = await reconcileVersion(world, 1, lines, [...own]);
        await writeReports(world.dependencies, run);
        const batch = await concludedBatch(world, run);
        const { theirs, ours, lines: counts } = batch.conclusion;
        const shown = async (report: 'funds-summary' | 'funds-detail' | 'fee-detail') => {
          const page = await reportPage(files, { report, batches: [batch], limit: 10_000 });
          if (isRefusal(page)) throw new Error(page.detail);
          return page;
        };

        const summary = await shown('funds-summary');
        const { pending, reconciled } = await world.money();
        expect('totals' in summary ? summary.totals[0] : undefined).toMatchObject({
          theirs: { net: { amount: Number(pending + reconciled) }, fee: { amount: Number(feesOf(theirs)) } },
          ours: { net: { amount: Number(netOfTotals(ours)) }, fee: { amount: Number(feesOf(ours)) } },
        });

        const detail = (await shown('funds-detail')).items as {
          net: { amount: number };
          ourNet: { amount: number };
          lineNumber: number | null;
        }[]; // that report's rows
        expect(detail.filter(({ lineNumber }) => lineNumber !== null)).toHaveLength(counts.read);
        expect(detail.reduce((sum, { net }) => sum + net.amount, 0)).toBe(Number(pending + reconciled));
        expect(detail.reduce((sum, { ourNet }) => sum + ourNet.amount, 0)).toBe(Number(netOfTotals(ours)));

        const fees = (await shown('fee-detail')).items as { fee: { amount: number }; ourFee: { amount: number } }[]; // and that one's
        expect(fees.reduce((sum, { fee }) => sum + fee.amount, 0)).toBe(Number(feesOf(theirs)));
        expect(fees.reduce((sum, { ourFee }) => sum + ourFee.amount, 0)).toBe(Number(feesOf(ours)));
      }),
      { numRuns: 8 },
    );
  });

  test('are told page by page as in one, and as a file with the same rows under its header', async () => {
    const world = await newWorld();
    const { files } = world.dependencies;
    const wrong = rows.map((row, index) => {
      if (index === 1) return { ...row, fee: row.fee + 7n, orderNo: '=O2' };
      return index === 2 ? { ...row, orderNo: '' } : row;
    });
    const run = await reconcileVersion(world, 1, wrong);
    const before = await concludedBatch(world, run);
    expect(checkReady({ report: 'funds-detail', batches: [before] })).toMatchObject({ refused: 'report_not_ready' });
    await writeReports(world.dependencies, run);
    const batches = [await concludedBatch(world, run)];
    const whole = await reportPage(files, { report: 'funds-detail', batches, limit: 100 });
    const pages: unknown[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await reportPage(files, { report: 'funds-detail', batches, limit: 2, cursor });
      if (isRefusal(page)) throw new Error(page.detail);
      pages.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = Buffer.from(page.nextCursor, 'base64url').toString();
    }
    expect(whole).toMatchObject({ nextCursor: null, items: pages });
    expect(pages).toMatchObject([
      {
        lineNumber: 2,
        result: 'matched',
        net: { amount: 940 },
        ours: { ...ownOf(0), amount: { amount: 1_000 }, fee: { amount: 60 }, status: 'succeeded' },
      },
      {
        lineNumber: 3,
        result: 'differing',
        reference: '=O2',
        differences: ['fee_mismatch'],
        ours: { fee: { amount: 60 } },
      },
      // its line shows no number of ours
      { lineNumber: 4, result: 'matched', reference: null, ours: { ...ownOf(2), status: 'succeeded' } },
    ]);
    const [header = '', ...lines] = (await textOf(files, { report: 'funds-detail', batches })).trimEnd().split('\n');
    expect(header.split(',').slice(0, 4)).toEqual(['date', 'channel', 'merchantNo', 'lineNumber']);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain("'=O2");
    const summary = await textOf(files, { report: 'fee-summary', batches });
    expect(summary.split('\n')[1]).toContain(',3,60.00,1.87,3,60.00,1.80,0,0.00,0.07');
  });

  test('of a version that was turned away or stopped there are none, by name', async () => {
    const world = await newWorld();
    await world.receive('version 1');
    const batch = await readBatch(world.dependencies.table, reconciliationIdOf(world.series, 1));
    if (!batch) throw new Error('nothing came');
    expect(concluded(batch)).toMatchObject({ refused: 'report_not_ready' });
    const rejection = { reason: 'empty_file', detail: 'The file has no byte.' } as const;
    expect(concluded({ ...batch, status: 'rejected', rejection })).toMatchObject({ refused: 'statement_rejected' });
    const cancellation = { by: 'operator:olga', at: new Date(0), reason: 'of another day' } as Batch['cancellation'];
    expect(concluded({ ...batch, status: 'cancelled', cancellation })).toMatchObject({
      refused: 'reconciliation_cancelled',
    });
  });

  test('of some days count the newest concluded version of each, and name the days of which there is none', async () => {
    const world = await newWorld();
    const { table, channels, commit } = { ...world.dependencies, channels: { table: tables.channels } };
    const { identified } = world.runOf(1);
    const merchant = {
      channel: channelIdSchema.parse(world.series.channel),
      merchantNo,
      accountId: identified.settlementAccountId,
      currency: 'CNY',
      institutionId: identified.institutionId,
      priority: 1,
      status: 'active',
      registeredAt: new Date('2026-02-27T20:00:00Z'),
    } as const;
    await commit([...registerMerchantWrites(channels, merchant)]);
    await reconcileVersion(world, 1, rows.slice(1));
    await reconcileVersion(world, 2, rows);
    const clock = () => new Date(`${addDays(day, 2)}T12:00:00Z`);
    const source = { table, channels, clock, timeZone: 'Asia/Shanghai' };
    const asked = { institutionId: identified.institutionId, from: addDays(day, -3), to: addDays(day, 5) };
    const days = await countedDays(source, asked);
    if (isRefusal(days)) throw new Error(days.detail);
    expect(days.batches.map(({ version, status }) => [version, status])).toEqual([[2, 'balanced']]);
    expect(days.missing.map((each) => each.date)).toEqual([addDays(day, -1), addDays(day, 1)]);
    // of a day off none is expected, of one that nothing happened on none comes
    const value = {
      ...{ channel: world.series.channel, from: addDays(day, 0), weekdays: [7], holidays: [], workingDays: [] },
      ...{ due: { daysAfter: 1, countedIn: 'days', at: '10:00' }, graceMinutes: 30, emptyDays: 'confirmed' },
    };
    const entry = { kind: 'statement-calendars', id: world.series.channel, version: 1, value } as const;
    await commit([putEntryWrite(channels.table, { ...entry, changedBy: 'tests', changedAt: '' }, undefined)]);
    const onSundays = await countedDays(source, asked);
    if (isRefusal(onSundays)) throw new Error(onSundays.detail);
    expect(onSundays.missing.map((each) => each.date)).toEqual([addDays(day, -1)]);
    const saturday = { ...world.series, date: addDays(day, -1) };
    const facts = { ...saturday, owner: merchant.institutionId, accountId: merchant.accountId, dueAt: clock() };
    await commit(confirmEmptyWrites(table, facts, { by: 'channel', at: clock() }));
    expect(await countedDays(source, asked)).toMatchObject({ missing: [] });

    const elsewhere = await countedDays(source, { ...asked, channel: 'another-bank' });
    expect(elsewhere).toEqual({ batches: [], missing: [] });
    expect(await countedDays(source, { ...asked, to: addDays(asked.from, 92) })).toMatchObject({
      refused: 'range_too_long',
    });
  });
});
