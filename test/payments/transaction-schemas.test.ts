import { describe, expect, test } from '@jest/globals';
import { encodeCursor } from '../../functions/kernel/page.ts';
import { createdKeyOf } from '../../functions/payments/payment-store.ts';
import {
  topUpBodySchema,
  transactionListQuerySchema,
  transactionSchema,
} from '../../functions/payments/transaction-schemas.ts';
import { transactionView } from '../../functions/payments/transaction-view.ts';
import { bindingId, memberId, topUp } from './sample-payments.ts';

const body = {
  accountId: memberId,
  bindingId,
  product: 'withholding',
  amount: { amount: 10_000, currency: 'CNY' },
  reference: 'ORDER-1',
};

describe('what the routes of payments take in', () => {
  test('a top-up with all that it needs', () => {
    expect(topUpBodySchema.safeParse(body).success).toBe(true);
  });

  test.each([
    ['an amount of zero', { amount: { amount: 0, currency: 'CNY' } }],
    ['half a unit', { amount: { amount: 0.5, currency: 'CNY' } }],
    ['an amount past 2^53 − 1', { amount: { amount: 2 ** 53, currency: 'CNY' } }],
    ['an unknown currency', { amount: { amount: 1, currency: 'XXX' } }],
    ['an unknown product', { product: 'barter' }],
    ['an id of another kind', { accountId: bindingId }],
    ['an empty reference', { reference: '' }],
    ['a reference of 65 characters', { reference: 'x'.repeat(65) }],
    ['a reference with a slash', { reference: 'a/b' }],
    ['a reference with a line break at its end', { reference: 'a\n' }],
    ['a field that nobody knows', { surprise: true }],
  ])('not with %s', (_, wrong) => {
    expect(topUpBodySchema.safeParse({ ...body, ...wrong }).success).toBe(false);
  });

  test('a cursor only where it is a place in a list of transactions', () => {
    const parse = (text: string) => transactionListQuerySchema.safeParse({ cursor: encodeCursor(text) });
    const place = createdKeyOf(topUp());
    expect(parse(place).data?.cursor).toBe(place);
    expect(parse('ENTRY#000001').success).toBe(false);
    expect(transactionListQuerySchema.safeParse({ cursor: 'A' }).success).toBe(false);
    expect(transactionListQuerySchema.safeParse({}).success).toBe(true);
  });

  test('only days that the calendar has', () => {
    expect(transactionListQuerySchema.safeParse({ from: '2026-02-28' }).success).toBe(true);
    expect(transactionListQuerySchema.safeParse({ from: '2026-02-30' }).success).toBe(false);
  });
});

describe('what a transaction shows', () => {
  test('every field, with null for what is not known yet', () => {
    const shown = transactionView(topUp());
    expect(transactionSchema.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({ status: 'processing', channelTradeNo: null, completedAt: null, failure: null });
  });

  test('no fee of a payment that failed', () => {
    expect(transactionView({ ...topUp(), status: 'failed' }).fee).toEqual({ amount: 0, currency: 'CNY' });
  });
});
