import { randomInt } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { putEntryWrite } from '../../../functions/channels/configuration/configuration-store.ts';
import { sandboxChannels } from '../../../functions/channels/index.ts';
import { registerMerchantWrites } from '../../../functions/channels/merchant-store.ts';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { committer } from '../../../functions/kernel/write.ts';
import type { Batch } from '../../../functions/reconciliation/batch.ts';
import { batchesBetween } from '../../../functions/reconciliation/batch-list-store.ts';
import { putBatchWrite } from '../../../functions/reconciliation/batch-store.ts';
import { expectedStatementView } from '../../../functions/reconciliation/calendar/calendar-view.ts';
import { confirmEmpty } from '../../../functions/reconciliation/calendar/confirm-empty.ts';
import { readExpectationNote } from '../../../functions/reconciliation/calendar/expected-statement-store.ts';
import { pageOfExpected } from '../../../functions/reconciliation/calendar/page-expected-statements.ts';
import { sweepExpectedStatements } from '../../../functions/reconciliation/calendar/sweep-expected-statements.ts';
import { takeNoStatementReply } from '../../../functions/reconciliation/calendar/take-no-statement-reply.ts';
import { countVersionWrite } from '../../../functions/reconciliation/day-store.ts';
import { receiveStatement } from '../../../functions/reconciliation/receive-statement.ts';
import { reconciliationIdOf } from '../../../functions/reconciliation/statement-key.ts';
import { createPaymentsTable } from '../../payments/payments-table.ts';
import { createTable, engines } from '../../support/engines.ts';
import { memoryFiles } from '../memory-files.ts';

const channel = 'sandbox-bank';
const friday = '2026-03-06' as AccountingDate; // real days
const monday = '2026-03-09' as AccountingDate;
/** half past ten on Saturday in Shanghai: half an hour after Friday's file is due */
const halfPastTen = new Date('2026-03-07T02:30:00Z');

describe.each(engines)('statements that are expected, on $name', ({ client }) => {
  const listing = { name: 'by-listing', partitionKey: 'listing', sortKey: 'listKey' };
  type Made = Awaited<ReturnType<typeof make>>;
  let made: Made;

  async function make() {
    const [table, channelsTable, payments] = await Promise.all([
      createTable(client(), 'reconciliation', { indexes: [listing] }),
      createTable(client(), 'channels'),
      createPaymentsTable(client()),
    ]);
    const commit = committer(table.client, { random: Math.random, sleepMs: async () => {} });
    return { table, channelsTable, payments, commit };
  }

  beforeAll(async () => {
    made = await make();
  });

  /** A merchant number with a calendar of its own: working days, the day after at ten, a quarter of an hour of grace. */
  async function open(emptyDays: 'file' | 'confirmed' | 'silent' = 'confirmed') {
    const { table, channelsTable, payments, commit } = made;
    const merchantNo = `19${randomInt(1e9)}`;
    const registeredAt = new Date('2026-03-02T00:00:00Z');
    const ids = { institutionId: idFrom('inst', merchantNo), accountId: idFrom('acct', merchantNo) };
    const [bank] = sandboxChannels.filter(({ id }) => id === channel);
    if (!bank) throw new Error(`there is no ${channel}`);
    const facts = { ...ids, channel: bank.id, merchantNo, currency: 'CNY', priority: 1, status: 'active' } as const;
    const value = {
      channel,
      merchantNo,
      from: '2026-01-01',
      weekdays: [1, 2, 3, 4, 5],
      due: { daysAfter: 1, at: '10:00' },
      graceMinutes: 15,
      emptyDays,
    };
    const entry = { kind: 'statement-calendars', id: merchantNo, version: 1, value } as const;
    await commit([
      ...registerMerchantWrites({ table: channelsTable }, { ...facts, registeredAt }),
      putEntryWrite(channelsTable, { ...entry, changedBy: 'olga', changedAt: registeredAt.toISOString() }, undefined),
    ]);
    const files = memoryFiles();
    const at = (now: Date) => ({
      table,
      commit,
      clock: () => now,
      files,
      channels: { table: channelsTable, catalogue: async () => sandboxChannels },
      payments: { table: payments },
      startExecution: async () => undefined,
      timeZone: 'Asia/Shanghai',
    });
    const day = (date: AccountingDate) => ({ channel, merchantNo, date });
    return {
      at,
      day,
      statuses: async (now: Date, from: AccountingDate, to: AccountingDate) => {
        const { items } = await pageOfExpected(at(now), { limit: 200, from, to, merchantNo });
        return items.map((each) => `${each.day.date} ${each.status}`);
      },
      sweep: async (now: Date) => {
        const { newlyMissing } = await sweepExpectedStatements(at(now));
        return newlyMissing.filter((each) => each.day.merchantNo === merchantNo).map((each) => each.day.date);
      },
      receive: async (now: Date, date: AccountingDate, content = 'a file') => {
        const key = `statements/${channel}/${merchantNo}/${date}/${content}.csv`;
        await files.client.send(new PutObjectCommand({ Bucket: 'statements', Key: key, Body: content }));
        return receiveStatement(at(now), { bucket: 'statements', key, versionId: content, size: content.length });
      },
      batches: async (date: AccountingDate) =>
        (await batchesBetween(table, { from: date, to: date })).filter(
          ({ series }) => 'merchantNo' in series && series.merchantNo === merchantNo,
        ),
    };
  }

  test('are not due, waiting and late one after the other; weekends and days before the registration have none', async () => {
    const bank = await open();
    const of = (time: string) => bank.statuses(new Date(time), '2026-02-27' as AccountingDate, monday);
    expect(await of('2026-03-07T01:59:59Z')).toEqual([
      '2026-03-09 not_due',
      '2026-03-06 not_due',
      '2026-03-05 late',
      '2026-03-04 late',
      '2026-03-03 late',
      '2026-03-02 late',
    ]);
    const asked = { limit: 1, date: monday, merchantNo: bank.day(monday).merchantNo };
    const [first] = (await pageOfExpected(bank.at(new Date('2026-03-07T02:00:00Z')), asked)).items;
    // the calendar's first day is the new year's
    expect(first && expectedStatementView(first)).toMatchObject({ date: monday, expectedFrom: '2026-03-02' });
    expect((await of('2026-03-07T02:00:00Z'))[1]).toBe('2026-03-06 waiting');
    expect((await of('2026-03-07T02:15:00Z'))[1]).toBe('2026-03-06 late');
  });

  test('are put on record once when they are late, and cleared by the file that comes', async () => {
    const bank = await open();
    const { table } = made;
    expect(await bank.sweep(halfPastTen)).toEqual([
      '2026-03-06',
      '2026-03-05',
      '2026-03-04',
      '2026-03-03',
      '2026-03-02',
    ]);
    expect(await bank.sweep(halfPastTen)).toEqual([]);
    expect(await readExpectationNote(table, bank.day(friday))).toMatchObject({ missingSince: halfPastTen });

    const eleven = new Date('2026-03-07T03:00:00Z');
    await bank.receive(eleven, friday);
    const note = await readExpectationNote(table, bank.day(friday));
    expect(note).toMatchObject({ arrivedAt: eleven, lateSeconds: 3_600 });
    const [batch] = await bank.batches(friday);
    expect(batch).toMatchObject({
      lateSeconds: 3_600,
      dueAt: new Date('2026-03-07T02:00:00Z'),
      id: note?.reconciliationId,
    });
    expect(await bank.statuses(eleven, friday, friday)).toEqual(['2026-03-06 received']);
  });

  test('that come in time are nothing to note, and a corrected one is not late', async () => {
    const bank = await open();
    await bank.receive(new Date('2026-03-06T20:00:00Z'), friday);
    await bank.receive(new Date('2026-03-09T20:00:00Z'), friday, 'corrected');
    expect(await bank.sweep(halfPastTen)).not.toContain(friday);
    expect(await readExpectationNote(made.table, bank.day(friday))).toBeUndefined();
    expect((await bank.batches(friday)).map(({ lateSeconds }) => lateSeconds)).toEqual([undefined, undefined]);
  });

  test('are missing where only half a day has come, until the whole one does', async () => {
    const bank = await open();
    await bank.receive(new Date('2026-03-06T04:00:00Z'), friday, 'half');
    expect(await bank.sweep(halfPastTen)).toContain(friday);
    const noon = new Date('2026-03-07T04:00:00Z');
    await bank.receive(noon, friday, 'whole');
    expect(await readExpectationNote(made.table, bank.day(friday))).toMatchObject({ arrivedAt: noon });
  });

  test('have come once half a day that was worked on again agreed with the whole one', async () => {
    const bank = await open();
    await bank.receive(new Date('2026-03-06T04:00:00Z'), friday, 'whole already');
    expect(await bank.sweep(halfPastTen)).toContain(friday);
    const noon = new Date('2026-03-07T04:00:00Z');
    const [first] = await bank.batches(friday);
    if (!first) throw new Error('nothing came');
    const again: Batch = {
      ...{ ...first, id: reconciliationIdOf(first.series, 2), version: 2, rerunOf: first.id },
      ...{ status: 'balanced', receivedAt: noon },
    };
    await made.commit([countVersionWrite(made.table, again), putBatchWrite(made.table, again)]);
    expect(await bank.sweep(noon)).toEqual([]);
    expect(await readExpectationNote(made.table, bank.day(friday))).toMatchObject({
      arrivedAt: noon,
      reconciliationId: again.id,
    });
  });

  test('that come while they are put on record are not missing for ever, whoever is first', async () => {
    const bank = await open();
    await Promise.all([bank.sweep(halfPastTen), bank.receive(halfPastTen, friday)]);
    const note = await readExpectationNote(made.table, bank.day(friday));
    expect(note?.missingSince && !note.arrivedAt).toBeFalsy();
  });

  test('are confirmed as empty once, by an operator, and not where a file has come or must come', async () => {
    const bank = await open();
    const confirm = (date: AccountingDate) =>
      confirmEmpty(bank.at(halfPastTen), { day: bank.day(date), by: 'operator:olga', note: 'no bill' });
    expect(await confirm(friday)).toMatchObject({ status: 'confirmed_empty' });
    expect(await bank.statuses(halfPastTen, friday, friday)).toEqual(['2026-03-06 confirmed_empty']);
    expect(await bank.sweep(halfPastTen)).not.toContain(friday);
    expect(await confirm(monday)).toMatchObject({ refused: 'day_not_over' });
    expect(await confirm('2026-03-07' as AccountingDate)).toMatchObject({ refused: 'not_expected' });

    const thursday = '2026-03-05' as AccountingDate;
    await bank.receive(halfPastTen, thursday);
    expect(await confirm(thursday)).toMatchObject({ refused: 'already_received' });
    // a file tells more than the confirmation
    await bank.receive(halfPastTen, friday);
    expect(await bank.statuses(halfPastTen, friday, friday)).toEqual(['2026-03-06 received']);

    const strict = await open('file');
    const refused = await confirmEmpty(strict.at(halfPastTen), { day: strict.day(friday), by: 'operator:olga' });
    expect(isRefusal(refused) && refused.refused).toBe('file_expected');
  });

  test('are confirmed as empty by the answer of the channel, which is no file; any other answer is received', async () => {
    const bank = await open();
    const drop = async (date: AccountingDate, content: string) => {
      const place = bank.day(date);
      const key = `statements/${channel}/${place.merchantNo}/${date}/bill.json`;
      const needs = bank.at(halfPastTen);
      await needs.files.client.send(new PutObjectCommand({ Bucket: 'statements', Key: key, Body: content }));
      return takeNoStatementReply(needs, { bucket: 'statements', key, size: content.length });
    };
    const answer = '{"code":"NO_STATEMENT_EXIST"}';
    expect(await drop(friday, answer)).toBe(true);
    expect(await drop(friday, answer)).toBe(true);
    expect(await readExpectationNote(made.table, bank.day(friday))).toMatchObject({ confirmation: { by: 'channel' } });
    expect(await drop(monday, answer)).toBe(false);
    expect(await drop('2026-03-05' as AccountingDate, '{"code":"STATEMENT_CREATING"}')).toBe(false);
  });

  test('of a channel that sends nothing for an empty day are taken as empty where our books hold nothing', async () => {
    const bank = await open('silent');
    expect(await bank.sweep(halfPastTen)).toEqual([]);
    expect(await bank.statuses(halfPastTen, friday, friday)).toEqual(['2026-03-06 confirmed_empty']);
  });

  test('are listed page by page', async () => {
    const bank = await open();
    const query = {
      limit: 2,
      from: '2026-03-02' as AccountingDate,
      to: friday,
      merchantNo: bank.day(friday).merchantNo,
    };
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await pageOfExpected(bank.at(halfPastTen), { ...query, cursor });
      seen.push(...page.items.map((each) => each.day.date));
      if (page.nextCursor === null) break;
      cursor = Buffer.from(page.nextCursor, 'base64url').toString();
    }
    expect(seen).toEqual(['2026-03-06', '2026-03-05', '2026-03-04', '2026-03-03', '2026-03-02']);
  });
});
