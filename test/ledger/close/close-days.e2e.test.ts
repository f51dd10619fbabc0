/**
 * Business days on the deployed stack. Other tests post on it at the same time and the date only ever moves on, so what
 * is looked at is one institution's books; the whole center is looked at for balance alone.
 */
import { createHash, randomUUID } from 'node:crypto';
import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type AccountingDate, addDays } from '../../../functions/kernel/clock.ts';
import { dropStatement, ended, executionName, merchantOf, pay } from '../../reconciliation/deployed-day.ts';
import {
  type ApiClient,
  approvedInstitution,
  center,
  deployed,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  numberAt,
  operator,
  textAt,
  valueAt,
} from '../../support/deployment.ts';

const openDay = async (): Promise<AccountingDate> =>
  textAt(expectStatus(await operator().get('/v1/business-dates'), 200), 'openDay') as AccountingDate; // the API says so

const stateMachineArn = () => deployed('CloseDaysStateMachineArn');

async function startClose(input: object): Promise<string> {
  const { executionArn = '' } = await center().stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn: stateMachineArn(), name: randomUUID(), input: JSON.stringify(input) }),
  );
  return executionArn;
}

const endOf = (executionArn: string): Promise<{ readonly status: string; readonly error: string }> =>
  eventually(
    'the end of a close',
    async () => {
      const found = await center().stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      if (found.status === 'RUNNING') return undefined;
      return { status: found.status ?? '', error: `${found.error ?? ''} ${found.cause ?? ''}` };
    },
    100_000,
  );

const closeUntil = async (until: string) => endOf(await startClose({ until }));

const yuan = (text: string | undefined): number => Math.round(Number(text) * 100);
const sum = (rows: readonly Record<string, string>[], column: string): number =>
  rows.reduce((total, row) => total + yuan(row[column]), 0);

/** Fetches a file by its link, as anyone who has the link can. */
async function fetchRows(client: ApiClient, path: string): Promise<Record<string, string>[]> {
  const file = expectStatus(await client.get(path), 200);
  const response = await fetch(textAt(file, 'url'));
  const text = await response.text();
  expect([response.status, Buffer.byteLength(text)]).toEqual([200, numberAt(file, 'bytes')]);
  expect(createHash('sha256').update(text).digest('hex')).toBe(textAt(file, 'sha256'));
  const rows: Record<string, string>[] = parse(text, { columns: true });
  expect(rows.length).toBe(numberAt(file, 'lines'));
  return rows;
}

const figuresOf = async (client: ApiClient, day: string) => {
  const body = expectStatus(await client.get(`/v1/reports/trial-balance?date=${day}`), 200);
  return {
    status: textAt(body, 'status'),
    lines: Object.fromEntries(
      listAt(body, 'lines').map((line) => [
        textAt(line, 'subject.code'),
        (['opening', 'movement', 'closing'] as const).map((part) => [
          numberAt(line, `${part}.debit.amount`),
          numberAt(line, `${part}.credit.amount`),
        ]),
      ]),
    ),
    totals: listAt(body, 'totals').map((total) =>
      (['opening', 'movement', 'closing'] as const).map(
        (part) => numberAt(total, `${part}.debit.amount`) - numberAt(total, `${part}.credit.amount`),
      ),
    ),
  };
};

describe('business days on the deployed stack', () => {
  let bank: Institution;
  let first: AccountingDate;
  let second: AccountingDate;

  beforeAll(async () => {
    bank = await approvedInstitution('Closing Days', ['sandbox-bank']);
    await pay(bank, { topUps: [10_000, 2_500], withdrawals: [1_000] });
    first = await openDay();
    second = addDays(first, 1);
  });

  test('an open day has its trial balance live, but no files yet', async () => {
    const { status, lines, totals } = await figuresOf(bank.client, first);
    expect(status).toBe('open');
    expect(lines['member_deposits']).toEqual([
      [0, 0],
      [2_000, 13_500],
      [0, 11_500],
    ]);
    expect(totals).toEqual([[0, 0, 0]]);
    expect(await bank.client.get(`/v1/reports/journal?date=${first}`)).toMatchObject({
      status: 409,
      body: { code: 'day_not_closed' },
    });
  });

  test('two closes at once and one that is stopped on its way leave a closed day, the same that was open', async () => {
    const live = await figuresOf(bank.client, first);
    const stopped = await startClose({ until: second });
    const others = [await startClose({ until: second }), await startClose({ until: second })];
    await center().stepFunctions.send(new StopExecutionCommand({ executionArn: stopped }));
    expect(await Promise.all(others.map(endOf))).toEqual([0, 1].map(() => ({ status: 'SUCCEEDED', error: ' ' })));
    expect((await endOf(stopped)).status).toBe('ABORTED');
    expect(await openDay()).toBe(second);
    expect(await figuresOf(bank.client, first)).toEqual({ ...live, status: 'closed' });
    expect((await closeUntil(second)).status).toBe('SUCCEEDED');
    const { body } = await operator().get('/v1/business-dates');
    expect(listAt(body, 'items')[0]).toMatchObject({ date: first, entries: expect.any(Number) });
  });

  test('what the journal and the general ledger of the day hold adds up to its trial balance', async () => {
    const [journal, generalLedger] = await Promise.all([
      fetchRows(bank.client, `/v1/reports/journal?date=${first}`),
      fetchRows(operator(), `/v1/reports/general-ledger?date=${first}&institutionId=${bank.id}`),
    ]);
    expect(sum(journal, 'debit')).toBe(sum(journal, 'credit'));
    expect(new Set(journal.map((row) => row['type']))).toEqual(
      new Set(['top_up', 'withdrawal_freeze', 'withdrawal_capture']),
    );
    const { lines } = await figuresOf(bank.client, first);
    for (const [subject, [, [debit, credit] = [], closing = []] = []] of Object.entries(lines)) {
      const ofSubject = (row: Record<string, string>) => row['subject'] === subject;
      expect([sum(journal.filter(ofSubject), 'debit'), sum(journal.filter(ofSubject), 'credit')]).toEqual([
        debit,
        credit,
      ]);
      const rows = generalLedger.filter(ofSubject);
      expect([sum(rows, 'debit'), sum(rows, 'credit')]).toEqual([debit, credit]);
      expect(sum(rows, 'closing')).toBe(
        rows[0]?.['normalSide'] === 'debit'
          ? (closing[0] ?? 0) - (closing[1] ?? 0)
          : (closing[1] ?? 0) - (closing[0] ?? 0),
      );
    }
  });

  test('a statement of the day before is settled in the open day and names the day it belongs to', async () => {
    const before = await figuresOf(bank.client, first);
    const merchant = merchantOf(bank, 'sandbox-bank');
    await dropStatement(merchant);
    expect((await ended(executionName(merchant, 1))).states).toContain('Balanced');
    await pay(bank, { topUps: [777] });
    const third = addDays(second, 1);
    expect(await closeUntil(third)).toEqual({ status: 'SUCCEEDED', error: ' ' });
    const journal = await fetchRows(bank.client, `/v1/reports/journal?date=${second}`);
    const settled = journal.filter((row) => row['type'] === 'settlement');
    expect(settled.length).toBeGreaterThanOrEqual(2);
    expect(new Set(settled.map((row) => `${row['accountingDate']} ${row['belongsTo']}`))).toEqual(
      new Set([`${second} ${first}`]),
    );
    expect(await figuresOf(bank.client, first)).toEqual(before);
    const { lines } = await figuresOf(bank.client, second);
    expect(lines['member_deposits']?.[0]).toEqual(before.lines['member_deposits']?.[2]);
    expect(lines['member_deposits']?.[1]).toEqual([0, 777]);
  });

  test('days that were missed are closed one by one', async () => {
    const from = await openDay();
    const until = addDays(from, 3);
    expect(await closeUntil(until)).toEqual({ status: 'SUCCEEDED', error: ' ' });
    const { body } = await operator().get('/v1/business-dates?limit=3');
    expect(listAt(body, 'items').map((day) => textAt(day, 'date'))).toEqual(
      [2, 1, 0].map((days) => addDays(from, days)),
    );
    const [one, other] = await Promise.all([figuresOf(bank.client, from), figuresOf(bank.client, addDays(until, -1))]);
    expect(other.lines['member_deposits']?.[0]).toEqual(one.lines['member_deposits']?.[2]);
  });

  test('the whole center balances, closed or open, for operators', async () => {
    for (const day of [first, second, await openDay()]) {
      const { totals } = await figuresOf(operator(), day);
      for (const total of totals) expect(total).toEqual([0, 0, 0]);
    }
    const all = await operator().get(`/v1/reports/trial-balance?date=${first}`);
    expect(valueAt(all.body, 'institutionId')).toBe(null);
    expect((await operator().get(`/v1/reports/journal?date=${first}`)).status).toBe(400);
    expect((await operator().get(`/v1/reports/journal?date=${first}&institutionId=center`)).status).toBe(200);
  });

  test('an institution is shown its own books and no figures of the whole center', async () => {
    const stranger = await approvedInstitution('Strange Days', []);
    for (const report of ['trial-balance', 'journal', 'general-ledger']) {
      const path = `/v1/reports/${report}?date=${first}&institutionId=${bank.id}`;
      expect(await stranger.client.get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect(await figuresOf(stranger.client, first)).toMatchObject({ lines: {}, totals: [] });
    const { body } = await stranger.client.get('/v1/business-dates?limit=1');
    expect(Object.keys(listAt(body, 'items')[0] ?? {}).sort()).toEqual(['closedAt', 'date']);
  });

  test('a trial balance is a file as well', async () => {
    const file = await bank.client.get(`/v1/reports/trial-balance?date=${first}`, { headers: { accept: 'text/csv' } });
    const rows: Record<string, string>[] = parse(file.text, { columns: true });
    const total = rows.find((row) => row['subject'] === 'total');
    expect(total?.['closingDebit']).toBe(total?.['closingCredit']);
    expect(
      sum(
        rows.filter((row) => row !== total),
        'debit',
      ),
    ).toBe(yuan(total?.['debit']));
  });

  test.each([
    ['a day that has not come', () => addDays(first, 300)],
    ['a day before the books', () => addDays(first, -1)],
  ])('%s is not there', async (_, day) => {
    expect((await bank.client.get(`/v1/reports/trial-balance?date=${day()}`)).status).toBe(404);
    expect((await bank.client.get(`/v1/reports/journal?date=${day()}`)).status).toBe(404);
  });

  test('a day too far ahead is not opened', async () => {
    expect(await closeUntil(addDays(first, 400))).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/^InvalidDay/),
    });
  });
});
