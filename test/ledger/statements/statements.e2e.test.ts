import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { systemClock } from '../../../functions/kernel/clock.ts';
import { type AccountId, idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { businessDateReader } from '../../../functions/ledger/business-date-store.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { post, postAll } from '../../../functions/ledger/post.ts';
import type { NewPosting } from '../../../functions/ledger/posting.ts';
import {
  approvedInstitution,
  deployed,
  expectStatus,
  type Institution,
  listAt,
  operator,
  textAt,
} from '../../support/deployment.ts';

/** The books behind the API, to put entries in that no payment of today could have made. */
function ledgerBehind(): Ledger {
  const client = new DynamoDBClient({});
  const table = { client, name: deployed('LedgerTableName') };
  const pause = { random: Math.random, sleepMs: async () => undefined };
  const calendarDay = () => new Date().toISOString().slice(0, 10) as Awaited<ReturnType<Ledger['businessDate']>>; // a day
  return {
    table,
    commit: committer(client, pause, 'answered'),
    clock: systemClock,
    businessDate: businessDateReader({ table, clock: systemClock, calendarDay }),
    memory: headMemory(systemClock),
    ...pause,
  };
}

describe('account statements over the deployed API', () => {
  let harbour: Institution;
  let stranger: Institution;
  let memberId: AccountId;
  let settlementId: AccountId;
  let ledger: Ledger;

  /** 72 kB as a file */
  const lines = 600;
  const name = createHash('sha256').update(`${process.pid} ${Date.now()}`).digest('hex');
  /** From the settlement account to the member, or back. */
  const adjustment = (index: number): NewPosting => ({
    id: idFrom('post', name, `${index}`),
    type: 'adjustment',
    description: index === 3 ? '=1+2' : `line ${index}`,
    legs: [
      {
        accountId: settlementId,
        balance: 'available',
        side: index % 5 === 4 ? 'credit' : 'debit',
        amount: money(100n, 'CNY'),
      },
      {
        accountId: memberId,
        balance: 'available',
        side: index % 5 === 4 ? 'debit' : 'credit',
        amount: money(100n, 'CNY'),
      },
    ],
  });

  beforeAll(async () => {
    ledger = ledgerBehind();
    [harbour, stranger] = await Promise.all([
      approvedInstitution('Harbour Group'),
      approvedInstitution('Stranger Group', []),
    ]);
    const opened = await harbour.client.post('/v1/member-accounts', { externalUserId: 'user-1' });
    memberId = textAt(expectStatus(opened, 201), 'id') as AccountId; // as the API names it
    settlementId = (harbour.merchants[0]?.settlementAccountId ?? '') as AccountId; // likewise
    for (let index = 0; index < lines; index += 20) {
      const postings = Array.from({ length: 20 }, (_, offset) => adjustment(index + offset));
      const outcome = await postAll(ledger, postings);
      if (isRefusal(outcome)) throw new Error(outcome.detail);
    }
  });

  const entries = (query = '', id = memberId) => `/v1/accounts/${id}/entries${query}`;
  /** four in for one out */
  const balance = (lines / 5) * 3 * 100;

  test.each(['newest', 'oldest'])('page by page, %s first, each entry once with its running balance', async (order) => {
    for (const id of [memberId, settlementId]) {
      const seen: number[] = [];
      let cursor = '';
      do {
        const reply = await harbour.client.get(
          entries(`?order=${order}&limit=200${cursor && `&cursor=${cursor}`}`, id),
        );
        const body = expectStatus(reply, 200) as {
          items: { balancesAfter: { available: { amount: number } } }[];
          nextCursor: string | null;
        };
        seen.push(...body.items.map(({ balancesAfter }) => balancesAfter.available.amount));
        cursor = body.nextCursor ?? '';
        // what is added meanwhile is for another list
        if (order === 'newest' && id === memberId && seen.length === 200) await post(ledger, adjustment(lines));
      } while (cursor);
      expect(seen.length).toBeGreaterThanOrEqual(lines);
      if (id === memberId && order === 'newest') expect([seen.length, seen[0]]).toEqual([lines, balance]);
      const steps = new Set(seen.slice(1).map((amount, index) => Math.abs(amount - (seen[index] ?? 0))));
      expect(steps).toEqual(new Set([100]));
    }
  });

  test('by direction, type and time', async () => {
    const found = async (query: string) => listAt(expectStatus(await harbour.client.get(entries(query)), 200), 'items');
    expect((await found('?direction=out&limit=200')).length).toBe(lines / 5);
    expect(await found('?type=top_up,transfer')).toEqual([]);
    expect(await found('?toTime=2020-01-01T00:00:00Z')).toEqual([]);
    expect((await found('?fromTime=2020-01-01T00:00:00%2B08:00&type=adjustment&limit=3')).length).toBe(3);
    expect(await found('?type=account_opening,account_change')).toMatchObject([{ type: 'account_opening' }]);
  });

  test('as a large file, behind a link that needs no token', async () => {
    const inline = await harbour.client.get(entries('?direction=out'), { headers: { accept: 'text/csv' } });
    expect([inline.status, inline.text.trim().split('\n').length]).toEqual([200, lines / 5 + 1]);

    const { headers, status } = await harbour.client.get(entries(), {
      headers: { accept: 'text/csv' },
      redirect: 'manual',
    });
    expect(status).toBe(303);
    const file = await fetch(headers.get('location') ?? '');
    expect(file.headers.get('content-type')).toContain('text/csv');
    const rows: Record<string, string>[] = parse(await file.text(), { columns: true });
    expect([rows[0]?.['type'], rows.at(-1)?.['type']]).toEqual(['opening_balance', 'closing_balance']);
    const cents = (text = '') => Number(text.replace('.', ''));
    const moved = rows.slice(1, -1).reduce((sum, row) => sum + cents(row['availableChange']), 0);
    expect(cents(rows[0]?.['availableAfter']) + moved).toBe(cents(rows.at(-1)?.['availableAfter']));
    expect(rows[4]?.['description']).toBe("'=1+2");
  });

  test('of either half of a settlement account', async () => {
    const half = (which: string, id = settlementId) => harbour.client.get(entries(`?balance=${which}&limit=1`, id));
    expect(listAt(expectStatus(await half('pending'), 200), 'items')).toMatchObject([
      { changes: { fees: { amount: 0 } } },
    ]);
    expect(listAt(expectStatus(await half('reconciled'), 200), 'items')).toEqual([]);
    const wrong = await half('reconciled', memberId);
    expect([wrong.status, wrong.body]).toMatchObject([422, { code: 'no_settlement_account' }]);
  });

  test('and what the account held at a moment', async () => {
    const at = async (query: string, id = memberId) =>
      expectStatus(await harbour.client.get(`/v1/accounts/${id}/balances${query}`), 200);
    expect(await at('?at=2020-01-01T00:00:00Z')).toMatchObject({ open: false, balances: { available: { amount: 0 } } });
    const now = new Date().toISOString();
    const { balances } = expectStatus(await harbour.client.get(`/v1/accounts/${memberId}`), 200) as {
      balances: object;
    };
    expect(await at(`?at=${now}`)).toMatchObject({
      accountId: memberId,
      at: now,
      open: true,
      status: 'active',
      balances,
    });
    expect(await at('?date=2099-12-31', settlementId)).toMatchObject({
      date: '2099-12-31',
      balances: { reconciled: { amount: 0 }, fees: { amount: 0 } },
    });
  });

  test.each([
    ['?from=2026-03-02&to=2026-03-01', ['query.to']],
    ['?fromTime=2026-03-02T00:00:00Z&toTime=2026-03-01T00:00:00Z', ['query.toTime']],
    ['?from=2026-03-01&fromTime=2026-03-01T00:00:00Z&toTime=2026-03-02T00:00:00Z', ['query.fromTime', 'query.toTime']],
    ['?fromTime=yesterday', ['query.fromTime']],
    ['?fromTime=2026-03-01T00:00:00.0001Z', ['query.fromTime']],
    ['?direction=up&order=best', ['query.direction', 'query.order']],
    ['?type=top_up,gift', ['query.type.1']],
    ['?cursor=bm9uZQ', ['query.cursor']],
    ['?limit=201', ['query.limit']],
    ['?Type=top_up', ['query']],
  ])('names what is wrong with %s', async (query, fields) => {
    const reply = await harbour.client.get(entries(query));
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ errors: fields.map((field) => ({ field })) });
  });

  test.each([
    ['', ['query.at', 'query.date']],
    ['?at=2026-03-01T00:00:00Z&date=2026-03-01', ['query.at', 'query.date']],
    ['?date=2026-02-30', ['query.date']],
  ])('names what is wrong with balances%s', async (query, fields) => {
    const reply = await harbour.client.get(`/v1/accounts/${memberId}/balances${query}`);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ errors: fields.map((field) => ({ field })) });
  });

  test('a cursor is good for its own list, and a file has no pages', async () => {
    const page = expectStatus(await harbour.client.get(entries('?limit=1')), 200);
    const foreign = await harbour.client.get(entries(`?limit=1&order=oldest&cursor=${textAt(page, 'nextCursor')}`));
    expect([foreign.status, foreign.body]).toMatchObject([400, { code: 'unknown_cursor' }]);
    const file = await harbour.client.get(entries('?limit=1'), { headers: { accept: 'text/csv' } });
    expect([file.status, file.body]).toMatchObject([400, { code: 'no_pages_in_files' }]);
  });

  test('are shown to their institution and operators only', async () => {
    for (const path of [
      entries(),
      entries('?balance=reconciled', settlementId),
      `/v1/accounts/${memberId}/balances?date=2026-03-01`,
    ]) {
      expect((await stranger.client.get(path)).status).toBe(404);
      expect((await operator().get(path)).status).toBe(200);
      expect((await stranger.client.get(path, { headers: { accept: 'text/csv' } })).status).toBe(404);
    }
  });
});
