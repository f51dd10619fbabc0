import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../functions/kernel/caller.ts';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { type AccountId, idFrom } from '../../functions/kernel/ids.ts';
import type { Page, PageRequest } from '../../functions/kernel/page.ts';
import { isRefusal, type Refusal } from '../../functions/kernel/refusal.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer } from '../../functions/kernel/write.ts';
import { expectationShards, shardOf } from '../../functions/payments/expected-day.ts';
import {
  findTransaction,
  findTransactionByReference,
  listTransactions,
  type TransactionsRequest,
} from '../../functions/payments/find-transactions.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { failPayment, succeedPayment } from '../../functions/payments/payment-changes.ts';
import { expectedPayments } from '../../functions/payments/payment-list-store.ts';
import {
  insertPayment,
  insertPaymentWrite,
  readPayment,
  replacePayment,
} from '../../functions/payments/payment-store.ts';
import type { Transaction } from '../../functions/payments/transactions/transaction.ts';
import type { TransactionSources } from '../../functions/payments/transactions/transaction-lists.ts';
import { createLedgerTable } from '../ledger/ledger-on.ts';
import { createTable, engines } from '../support/engines.ts';
import { createPaymentsTable } from './payments-table.ts';
import { bank, institutionId, topUp, topUpFacts, wallet, withdrawal } from './sample-payments.ts';

const timeZone = 'Asia/Shanghai';
const day = (text: string) => text as AccountingDate;
const caller: Caller = { kind: 'institution', clientId: 'tea', institutionId };
const stranger: Caller = { kind: 'institution', clientId: 'coffee', institutionId: idFrom('inst', 'Coffee') };
const operator: Caller = { kind: 'operator', clientId: 'ops' };
const otherMember: AccountId = idFrom('acct', 'user-2');

const noon = Date.parse('2026-03-01T04:00:00Z');
const minutesAfterNoon = (minutes: number) => new Date(noon + minutes * 60_000);

/** Twelve payments, one a minute: every third a withdrawal, every fourth of another member. */
const made: readonly Payment[] = Array.from({ length: 12 }, (_, place) => {
  const facts = {
    reference: `R-${place}`,
    createdAt: minutesAfterNoon(place),
    ...(place % 4 === 3 && { accountId: otherMember }),
  };
  return place % 3 === 2 ? withdrawal(facts) : topUp(facts);
});
const newestFirst = made.toReversed();

describe.each(engines)('payments in DynamoDB ($name)', ({ client }) => {
  let table: Table;
  let sources: TransactionSources;
  const list = (request: Partial<TransactionsRequest & PageRequest> = {}) =>
    listTransactions({ ...sources, timeZone }, { caller, filter: {}, limit: 50, ...request });
  const references = async (request: Partial<TransactionsRequest & PageRequest>) =>
    page(await list(request)).items.map(referenceOf);

  beforeAll(async () => {
    table = await createPaymentsTable(client());
    const byInstitution = { name: 'by-institution', partitionKey: 'listing', sortKey: 'createdKey' };
    sources = {
      table,
      parties: { table: await createTable(client(), 'parties', { indexes: [byInstitution] }) },
      ledger: { table: await createLedgerTable(client()) },
    };
    for (const payment of made) await insertPayment(table, payment);
  });

  test('come back as they were stored', async () => {
    const stored = topUp({ reference: 'whole' });
    await insertPayment(table, stored);
    expect(await readPayment(table, stored.id)).toEqual(stored);
    const change = { at: topUpFacts.createdAt, source: 'follow_up' } as const;
    const failed = failPayment(stored, { code: 'refused', reason: 'no', channelTradeNo: 'T1' }, change);
    expect(await replacePayment(table, stored, failed)).toBe(true);
    expect(await readPayment(table, stored.id)).toEqual(failed);
  });

  test('are stored once, and changed only from what was read', async () => {
    const payment = topUp({ reference: 'once', institutionId: idFrom('inst', 'once') });
    const change = { at: topUpFacts.createdAt, source: 'request' } as const;
    const failed = failPayment(payment, { code: 'refused', reason: 'no' }, change);
    expect(await insertPayment(table, payment)).toBe(true);
    expect(await insertPayment(table, payment)).toBe(false);
    expect(await replacePayment(table, payment, failed)).toBe(true);
    expect(await replacePayment(table, payment, failed)).toBe(false);
  });

  test.each([1, 5, 12, 13])('are paged by %s without a gap, a repeat or an empty last page', async (limit) => {
    const own = idFrom('inst', `paged by ${limit}`);
    for (const payment of made) await insertPayment(table, ownedBy(payment, own));
    const pages = await allPages((after) =>
      list({ caller: { ...caller, institutionId: own }, limit, ...(after !== undefined && { after }) }),
    );
    expect(pages.flat().map(referenceOf)).toEqual(newestFirst.map(({ reference }) => reference));
    expect(pages).toHaveLength(Math.ceil(made.length / limit));
  });

  test.each([
    ['kind', { kind: 'withdrawal' }, ['R-11', 'R-8', 'R-5', 'R-2']],
    ['account', { accountId: otherMember }, ['R-11', 'R-7', 'R-3']],
    ['channel', { channel: 'sandbox-bank' }, ['R-11', 'R-8', 'R-5', 'R-2']],
    ['status', { status: 'returned' }, []],
    ['two at once', { kind: 'withdrawal', accountId: otherMember }, ['R-11']],
  ] as const)('are filtered by %s', async (_, filter, expected) => {
    expect(await references({ filter })).toEqual(expected);
  });

  test('that a filter leaves out do not end the list early', async () => {
    const pages = await allPages((after) =>
      list({ filter: { kind: 'withdrawal' }, limit: 1, ...(after !== undefined && { after }) }),
    );
    expect(pages.map((items) => items.map(referenceOf))).toEqual([['R-11'], ['R-8'], ['R-5'], ['R-2']]);
  });

  test('that a filter leaves out by the thousand make a short page with a cursor, not an end', async () => {
    const own = idFrom('inst', 'thousands');
    const commit = committer(table.client, { random: Math.random, sleepMs: () => Promise.resolve() });
    const oldest = withdrawal({ institutionId: own, reference: 'oldest', createdAt: minutesAfterNoon(-1) });
    await insertPayment(table, oldest);
    for (let group = 0; group < 21; group++) {
      const hundred = Array.from({ length: 100 }, (_, place) =>
        topUp({ institutionId: own, reference: `T-${group}-${place}`, createdAt: minutesAfterNoon(group) }),
      );
      await commit(hundred.map((payment) => insertPaymentWrite(table, payment)));
    }
    const pages = await allPages((after) =>
      list({
        caller: { ...caller, institutionId: own },
        filter: { kind: 'withdrawal' },
        ...(after !== undefined && { after }),
      }),
    );
    expect(pages).toEqual([[], [{ from: 'payments', payment: oldest }]]);
  });

  test('are chosen by days of the center, both included', async () => {
    const own = idFrom('inst', 'days');
    const edges = [
      '2026-02-28T15:59:59.999Z',
      '2026-02-28T16:00:00.000Z',
      '2026-03-02T15:59:59.999Z',
      '2026-03-02T16:00:00.000Z',
    ];
    for (const [place, at] of edges.entries()) {
      await insertPayment(table, topUp({ institutionId: own, reference: `D-${place}`, createdAt: new Date(at) }));
    }
    const inDays = (from?: string, to?: string) =>
      references({
        caller: { ...caller, institutionId: own },
        from: from === undefined ? undefined : day(from),
        to: to === undefined ? undefined : day(to),
      });
    expect(await inDays('2026-03-01', '2026-03-02')).toEqual(['D-2', 'D-1']);
    expect(await inDays('2026-03-03')).toEqual(['D-3']);
    expect(await inDays(undefined, '2026-02-28')).toEqual(['D-0']);
    expect(await inDays('2026-03-03', '2026-03-01')).toEqual([]);
  });

  test('of another institution are not there, by id, by reference or by list', async () => {
    const [payment] = made;
    if (payment === undefined) throw new Error('there are twelve');
    expect(await findTransaction(sources, { caller: stranger, id: payment.id })).toMatchObject({
      refused: 'not_found',
    });
    const lookup = { caller: stranger, reference: payment.reference };
    expect(await findTransactionByReference(sources, lookup)).toMatchObject({ refused: 'not_found' });
    expect(await findTransactionByReference(sources, { ...lookup, institutionId })).toMatchObject({
      refused: 'not_found',
    });
    expect(await references({ caller: stranger })).toEqual([]);
    expect(await list({ caller: stranger, institutionId })).toMatchObject({ refused: 'not_found' });
    const foreignPlace = `${payment.createdAt.toISOString()}#${payment.id}`;
    expect(await references({ caller: stranger, after: foreignPlace })).toEqual([]);
  });

  test('are shown to operators, who name the institution for lists and references', async () => {
    const [payment] = made;
    if (payment === undefined) throw new Error('there are twelve');
    expect(await findTransaction(sources, { caller: operator, id: payment.id })).toEqual({ from: 'payments', payment });
    expect(await list({ caller: operator })).toMatchObject({ refused: 'institution_required' });
    expect(await references({ caller: operator, institutionId, filter: { accountId: otherMember } })).toHaveLength(3);
    const lookup = { caller: operator, institutionId, reference: payment.reference };
    expect(await findTransactionByReference(sources, lookup)).toEqual({ from: 'payments', payment });
  });

  test('are expected on the statement of their day, and move to the day of their completion', async () => {
    const late = topUp({ reference: 'late', institutionId: idFrom('inst', 'late') }, { ...wallet, merchantNo: 'LATE' });
    await insertPayment(table, late);
    expect(await expectedOn('LATE', '2026-03-01')).toEqual([late.channelOrderNo]);
    const result = { channelTradeNo: 'T', completedAt: new Date('2026-03-01T16:00:00Z') };
    const at = new Date('2026-03-01T16:00:02Z');
    const change = {
      at,
      source: 'request',
      accountingDate: day('2026-03-02'),
      statementDay: day('2026-03-02'),
    } as const;
    await replacePayment(table, late, succeedPayment(late, result, change));
    expect(await expectedOn('LATE', '2026-03-01')).toEqual([]);
    expect(await expectedOn('LATE', '2026-03-02')).toEqual([late.channelOrderNo]);
  });

  test('are expected in the shard that their order number names', async () => {
    const own = { ...bank, merchantNo: 'SHARDS' };
    const payments = Array.from({ length: 20 }, (_, place) => topUp({ reference: `S-${place}` }, own));
    for (const payment of payments) await insertPayment(table, payment);
    for (let shard = 0; shard < expectationShards; shard++) {
      const expected = payments.map((each) => each.channelOrderNo).filter((orderNo) => shardOf(orderNo) === shard);
      expect(await expectedIn('SHARDS', '2026-03-01', shard)).toEqual(expected.sort());
    }
  });

  test('are expected with what is compared of them, as they were stored', async () => {
    const own = { ...bank, merchantNo: 'COMPARED' };
    const plain = topUp({ reference: 'C-1' }, own);
    const done = { completedAt: new Date('2026-03-01T01:02:03Z'), channelTradeNo: 'T-2', batchNo: 'batch_1' };
    const payments = [plain, { ...topUp({ reference: 'C-2' }, own), ...done }];
    for (const payment of payments) {
      await insertPayment(table, payment);
      const { id, kind, status, channelOrderNo, amount, fee, channelTradeNo, completedAt, batchNo } = payment;
      const shard = shardOf(channelOrderNo);
      const day = { channel: payment.channel, merchantNo: 'COMPARED', day: payment.statementDay, shard };
      const found = [];
      for await (const each of expectedPayments({ table }, day)) if (each.id === id) found.push(each);
      const compared = { id, kind, status, channelOrderNo, amount, fee, channelTradeNo, completedAt, batchNo };
      expect(found).toEqual([compared]);
    }
  });

  async function expectedOn(merchantNo: string, date: string): Promise<string[]> {
    const shards = Array.from({ length: expectationShards }, (_, shard) => expectedIn(merchantNo, date, shard));
    return (await Promise.all(shards)).flat();
  }

  async function expectedIn(merchantNo: string, date: string, shard: number): Promise<string[]> {
    const channel = merchantNo === 'SHARDS' ? 'sandbox-bank' : 'sandbox-wallet';
    const found: string[] = [];
    for await (const payment of expectedPayments({ table }, { channel, merchantNo, day: date, shard })) {
      found.push(payment.channelOrderNo);
    }
    return found;
  }
});

function ownedBy(payment: Payment, owner: Payment['institutionId']): Payment {
  return { ...payment, institutionId: owner, id: idFrom('pay', owner, payment.reference) };
}

const referenceOf = (transaction: Transaction): string | undefined => {
  switch (transaction.from) {
    case 'payments':
      return transaction.payment.reference;
    case 'transfers':
      return transaction.transfer.reference;
    case 'holds':
      return transaction.hold.reference;
    case 'verifications':
      return undefined;
  }
};

function page<T>(answer: Page<T> | Refusal): Page<T> {
  if (isRefusal(answer)) throw new Error(answer.refused);
  return answer;
}

async function allPages(list: (after?: string) => Promise<Page<Transaction> | Refusal>): Promise<Transaction[][]> {
  const pages: Transaction[][] = [];
  let cursor: string | null = null;
  do {
    const after: string | undefined = cursor === null ? undefined : Buffer.from(cursor, 'base64url').toString('utf8');
    const { items, nextCursor }: Page<Transaction> = page(await list(after));
    pages.push([...items]);
    cursor = nextCursor;
  } while (cursor !== null);
  return pages;
}
