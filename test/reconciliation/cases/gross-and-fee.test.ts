import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idFrom, type PaymentId } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { type Leg, settlementCompanions } from '../../../functions/ledger/index.ts';
import type { Payment } from '../../../functions/payments/index.ts';
import { revocationPostings, successPostings } from '../../../functions/payments/postings.ts';
import { grossAndFeeOf } from '../../../functions/reconciliation/cases/gross-and-fee.ts';
import { checkResolution } from '../../../functions/reconciliation/cases/resolution.ts';
import { clearingLegs, oppositeLegs } from '../../../functions/reconciliation/cases/resolution-postings.ts';
import { compare, unexpected, unreported } from '../../../functions/reconciliation/compare.ts';
import { type DifferenceFacts, differenceLegs } from '../../../functions/reconciliation/difference.ts';
import type { Expectation } from '../../../functions/reconciliation/expectation.ts';
import type { StagedLine } from '../../../functions/reconciliation/shard-rows.ts';

const settlementAccountId = idFrom('acct', 'settlement');
const accountId = idFrom('acct', 'member');
const currency = 'CNY';
const { pending } = settlementCompanions(settlementAccountId);

const kinds = { top_up: 'collection', withdrawal: 'payout', refund: 'refund' } as const;

/** A fee of nothing, of less than the amount, of all of it and of more; a refund gives it back. */
const anyOrder = fc
  .record({
    kind: fc.constantFrom(...(['top_up', 'withdrawal', 'refund'] as const)),
    amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    other: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    share: fc.constantFrom('nothing', 'a part', 'all', 'more'),
  })
  .map(({ kind, amount, other, share }) => {
    const charged = { nothing: 0n, 'a part': amount / 166n, all: amount, more: amount + 7n }[share];
    return { kind, amount, other, fee: kind === 'refund' ? -charged : charged };
  });

type Order = typeof anyOrder extends fc.Arbitrary<infer Value> ? Value : never;

const paymentOf = ({ kind, amount, fee }: Order): Payment => ({
  id: idFrom('pay', 'order') as PaymentId,
  kind,
  product: kind === 'withdrawal' ? 'payout' : 'withholding',
  institutionId: idFrom('inst', 'x'),
  accountId,
  reference: 'order',
  operationId: 'x',
  amount: money(amount, currency),
  fee: money(fee, currency),
  status: 'succeeded',
  attempt: 1,
  channel: 'sandbox-bank',
  merchantNo: '880001',
  settlementAccountId,
  channelOrderNo: 'O1',
  accountingDate: '2026-03-01' as Payment['accountingDate'], // a real day
  statementDay: '2026-03-01' as Payment['statementDay'], // a real day
  createdAt: new Date(0),
  version: 1,
  history: [],
});

const expectationOf = ({ kind, amount, fee }: Order, status: Expectation['status']): Expectation => ({
  paymentId: idFrom('pay', 'order'),
  kind: kinds[kind],
  channelOrderNo: 'O1',
  channelTradeNo: 'T1',
  amount,
  fee,
  currency,
  status,
});

const lineOf = ({ kind, amount, fee }: Order, some: Partial<StagedLine> = {}): StagedLine => ({
  lineNumber: 2,
  kind: kinds[kind],
  ourReference: 'O1',
  channelReference: 'T1',
  amount,
  fee,
  currency,
  status: 'succeeded',
  at: new Date(0),
  ...some,
});

const rules = { currency, fees: 'per_line' } as Parameters<typeof compare>[2]; // all that it looks at

/** What each account's balances come to, a debit positive: of a freeze and of what is available as one. */
function moved(legs: readonly Leg[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const { accountId: id, balance, side, amount } of legs) {
    const place = id === accountId ? id : `${id} ${balance}`;
    sums[place] = (sums[place] ?? 0n) + (side === 'debit' ? amount.amount : -amount.amount);
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n));
}

/** The posting of a difference and that of its resolution on the account. */
function handled(facts: DifferenceFacts): readonly Leg[] {
  const held = { facts, settlementAccountId, currency } as const;
  const moves = grossAndFeeOf({ facts, currency });
  const { gross, fee } = moves;
  expect(gross - fee).toBe(facts.adjustment);
  const kind = gross > 0n ? 'credit_account' : 'debit_account';
  expect(checkResolution({ facts, currency }, { kind })).toBeUndefined();
  const cleared = clearingLegs(held, { accountId, balance: 'available', moves });
  expect(Object.values(moved(cleared)).reduce((sum, each) => sum + each, 0n)).toBe(0n);
  expect(cleared.every(({ amount }) => amount.amount > 0n)).toBe(true);
  expect(moved([...cleared, ...oppositeLegs(cleared)])).toEqual({});
  return [...differenceLegs({ ...facts, settlementAccountId, currency }), ...cleared];
}

const only = ({ differences: [first, ...others] }: { readonly differences: readonly DifferenceFacts[] }) => {
  if (!first || others.length > 0) throw new Error('it shows more or less than one difference');
  return first;
};

describe('an account that is credited or debited with a difference', () => {
  const succeeded = (order: Order) => moved(successPostings(paymentOf(order)).flatMap(({ legs }) => legs));
  const takenBack = (order: Order) => moved(revocationPostings(paymentOf(order)).flatMap(({ legs }) => legs));
  const ofEachOrder = (check: (order: Order) => void) => fc.assert(fc.property(anyOrder, check));

  test('gets what the success of an order that our books lack would have booked, the fee to the fees', () => {
    ofEachOrder((order) => {
      const line = lineOf(order);
      expect(moved(handled(only(unexpected({ line, parts: [line] }, currency))))).toEqual(succeeded(order));
    });
  });

  test('gives what our success of an order that the channel lacks had booked, and the fees theirs', () => {
    ofEachOrder((order) => {
      expect(moved(handled(only(unreported(expectationOf(order, 'succeeded')))))).toEqual(takenBack(order));
    });
  });

  test('gets or gives as much where one side says that it failed', () => {
    ofEachOrder((order) => {
      const failedHere = lineOf(order);
      const there = compare({ line: failedHere, parts: [failedHere] }, expectationOf(order, 'failed'), rules);
      expect(moved(handled(only(there)))).toEqual(succeeded(order));
      const failedThere = lineOf(order, { status: 'failed' });
      const here = compare({ line: failedThere, parts: [failedThere] }, expectationOf(order, 'succeeded'), rules);
      expect(moved(handled(only(here)))).toEqual(takenBack(order));
    });
  });

  test('gets the whole of another amount: another fee is a difference of its own', () => {
    ofEachOrder((order) => {
      if (order.other === order.amount) return;
      const line = lineOf(order, { amount: order.other });
      const facts = only(compare({ line, parts: [line] }, expectationOf(order, 'succeeded'), rules));
      const more = order.kind === 'top_up' ? order.other - order.amount : order.amount - order.other;
      expect(moved(handled(facts))).toEqual({ [`${pending} available`]: more, [accountId]: -more });
    });
  });

  test('is not asked about money in another currency that our books lack, which moves nothing', () => {
    ofEachOrder((order) => {
      const line = lineOf(order, { currency: 'USD' });
      const facts = only(unexpected({ line, parts: [line] }, currency));
      expect(grossAndFeeOf({ facts, currency })).toEqual({ gross: 0n, fee: 0n });
      for (const kind of ['credit_account', 'debit_account'] as const) {
        expect(checkResolution({ facts, currency }, { kind })).toMatchObject({ refused: 'resolution_not_allowed' });
      }
    });
  });

  test('gives what an order in another currency had booked here', () => {
    ofEachOrder((order) => {
      const line = lineOf(order, { currency: 'USD' });
      const facts = only(compare({ line, parts: [line] }, expectationOf(order, 'succeeded'), rules));
      expect(moved(handled(facts))).toEqual(takenBack(order));
    });
  });
});
