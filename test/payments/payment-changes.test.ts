import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { type AccountId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { fromItem, toItem } from '../../functions/kernel/table.ts';
import {
  channelOrderNoOf,
  type Payment,
  paymentIdOf,
  paymentIdOfOrder,
  paymentKinds,
  returnIdOf,
} from '../../functions/payments/payment.ts';
import {
  awaitPayment,
  beginRefund,
  bookedPayment,
  completeRefund,
  contradictPayment,
  dropRefund,
  failPayment,
  refundable,
  repairPayment,
  reroutePayment,
  returnedPayment,
  returnOfPayout,
  revokePayment,
  revokeRefund,
  submitPayment,
  succeedPayment,
  tryCode,
} from '../../functions/payments/payment-changes.ts';
import {
  allows,
  type PaymentEvent,
  type PaymentStatus,
  paymentEvents,
  paymentStatuses,
} from '../../functions/payments/payment-states.ts';
import { itemFromPayment, paymentFromItem } from '../../functions/payments/payment-store.ts';
import { bank, institutionId, memberId, refund, topUp, wallet, withdrawal } from './sample-payments.ts';

const at = new Date('2026-03-01T16:00:05Z');
const result = { channelTradeNo: '4200001', completedAt: new Date('2026-03-01T16:00:01Z') };
const statementDay = '2026-03-02' as AccountingDate; // a real day
const call = { operation: 'collect', outcome: 'succeeded', durationMs: 120 } as const;
const change = { at, source: 'request', call } as const;
const refundId = refund().id;
const held = [{ counter: 'LIMIT#a', slot: 1, amount: 10_000n, ceiling: 20_000n }];

/** Every event as the function that makes it. */
const changes: Record<PaymentEvent, (payment: Payment) => Payment> = {
  submit: (payment) => submitPayment(payment, change),
  reroute: (payment) => reroutePayment(payment, bank, { ...change, reason: 'maintenance' }),
  try_code: (payment) => tryCode(payment, change),
  wait: (payment) => awaitPayment(payment, { ...change, action: { type: 'code' } }),
  succeed: (payment) => succeedPayment(payment, result, { ...change, statementDay }),
  fail: (payment) => failPayment(payment, { code: 'refused', reason: 'card_expired' }, change),
  return: (payment) => returnedPayment(payment, change),
  begin_refund: (payment) => beginRefund(payment, { ...change, refundId, amount: 4_000n }),
  drop_refund: (payment) => dropRefund(payment, { ...change, refundId, amount: 4_000n }),
  refund_part: (payment) => completeRefund(payment, { ...change, refundId, amount: 4_000n }),
  refund: (payment) => completeRefund(payment, { ...change, refundId, amount: payment.amount.amount }),
  repair: (payment) => repairPayment(payment, result, { ...change, statementDay }),
  revoke_refund: (payment) => revokeRefund(payment, { ...change, refundId, amount: 4_000n }),
  revoke: (payment) => revokePayment(payment, { reason: 'never carried out' }, change),
  contradict: (payment) => contradictPayment(payment, { ...change, claim: 'failed', channelOrderNo: 'ORDER' }),
};

const made = {
  top_up: topUp,
  withdrawal,
  refund,
  return: () => returnOfPayout(inState('withdrawal', 'succeeded'), { ...change, ...returnFacts }),
} as const;
const returnFacts = { channelTradeNo: 'R-1', returnedAt: at, statementDay };

function inState(kind: Payment['kind'], status: PaymentStatus): Payment {
  return { ...made[kind](), status, history: [], version: 1 };
}

const rows = paymentKinds.flatMap((kind) =>
  paymentStatuses.flatMap((status) => paymentEvents.map((event) => ({ kind, status, event }))),
);

describe('every event in every state of every kind of payment', () => {
  test.each(rows.filter(({ status, event }) => allows(status, event)))(
    '$event of a $status $kind adds one entry to its history and one to its version, and is stored as it is',
    ({ kind, status, event }) => {
      const before = inState(kind, status);
      const after = changes[event](before);
      expect(after.version).toBe(before.version + 1);
      expect(after.history.slice(0, -1)).toEqual(before.history);
      expect(after.history.at(-1)).toMatchObject({ event, at, source: 'request', call });
      expect(after.id).toBe(before.id);
      expect(after.amount).toEqual(before.amount);
      expect(after.accountId).toBe(before.accountId);
      expect(paymentFromItem(fromItem(toItem(itemFromPayment(after))))).toEqual(after);
    },
  );

  test.each(rows.filter(({ status, event }) => !allows(status, event)))(
    "$event of a $status $kind can't be made",
    ({ kind, status, event }) => {
      expect(() => changes[event](inState(kind, status))).toThrow(`is ${status}`);
    },
  );
});

describe('a payment', () => {
  test('has an id that follows from its institution and reference', () => {
    expect(topUp().id).toBe(paymentIdOf(institutionId, 'ORDER-1'));
    expect(topUp({ reference: 'ORDER-2' }).id).not.toBe(topUp().id);
  });

  test('goes to a channel under an order number that channels take and that names the payment', () => {
    const { id, channelOrderNo } = topUp();
    expect(channelOrderNo).toMatch(/^[0-9A-Z]{27}$/);
    expect(channelOrderNo).toBe(channelOrderNoOf(id, 1));
    expect(paymentIdOfOrder(channelOrderNo)).toBe(id);
  });

  test('starts as processing, or as created where its payer has to come, on the statement of the day of its creation', () => {
    const start = { attempt: 1, version: 1, history: [], statementDay: '2026-03-01', ...wallet };
    expect(topUp()).toMatchObject({ status: 'processing', ...start });
    for (const product of ['quick_payment', 'personal_ebanking', 'corporate_ebanking'] as const) {
      expect(topUp({ product })).toMatchObject({ status: 'created', ...start });
      // its money has been with us: nobody has to come for it
      expect(refund({ product })).toMatchObject({ status: 'processing' });
    }
    expect(withdrawal()).toMatchObject({ status: 'processing' });
  });

  test('that succeeds shows the channel number and belongs to the statement that is expected to tell of it', () => {
    expect(changes.succeed(topUp())).toMatchObject({ ...result, status: 'succeeded', statementDay, version: 2 });
  });

  test('that fails says why, and holds nothing any more', () => {
    const failed = changes.fail({ ...topUp(), reservations: held });
    expect(failed).toMatchObject({ failure: { code: 'refused', reason: 'card_expired' }, completedAt: at });
    expect(failed).not.toHaveProperty('reservations');
    expect(changes.succeed({ ...topUp(), reservations: held })).toMatchObject({ reservations: held });
  });

  test('that is rerouted has a new order number and what its new route holds, and keeps the old one in its history', () => {
    const first = { ...topUp(), reservations: held };
    const second = reroutePayment(first, bank, { ...change, reason: 'maintenance' });
    expect(second).toMatchObject({ status: 'processing', attempt: 2, ...bank });
    expect(second).not.toHaveProperty('reservations');
    expect(reroutePayment(first, { ...bank, reservations: held }, { ...change, reason: '' }).reservations).toEqual(
      held,
    );
    expect(second.channelOrderNo).toBe(channelOrderNoOf(first.id, 2));
    const { channel, merchantNo } = wallet;
    const abandoned = { channel, merchantNo, channelOrderNo: first.channelOrderNo, reason: 'maintenance' };
    expect(second.history.at(-1)).toEqual({ event: 'reroute', ...change, abandoned });
  });

  test('asks its payer for something until a step that is not waiting', () => {
    const asking = changes.wait(topUp({ product: 'quick_payment' }));
    expect(asking).toMatchObject({ status: 'created', action: { type: 'code' } });
    expect(awaitPayment(asking, change).action).toEqual({ type: 'code' });
    for (const event of ['submit', 'reroute', 'succeed', 'fail'] as const) {
      expect(changes[event](asking)).not.toHaveProperty('action');
    }
  });

  test('keeps where it was booked last, and what that left where one slot holds all', () => {
    const entry = (accountId: AccountId, slots: number) =>
      ({ accountId, terms: { slots }, after: { available: 7n, frozen: 3n } }) as never; // what of an entry is looked at
    const booked = (entries: readonly never[]) =>
      bookedPayment(topUp(), { accountingDate: statementDay, entries } as never); // what of a posting is looked at
    expect(booked([entry(memberId, 1)])).toMatchObject({
      accountingDate: statementDay,
      balancesAfter: { available: 7n, frozen: 3n },
    });
    expect(booked([entry(memberId, 2)])).not.toHaveProperty('balancesAfter');
    expect(booked([entry(idFrom('acct', 'other'), 1)])).not.toHaveProperty('balancesAfter');
  });

  test('that came back is an object of its own, which has succeeded from its start and is booked alone', () => {
    const payout = changes.succeed({ ...withdrawal(), reservations: held, charges: [{ amount: 5n, payer: 'member' }] });
    const returned = returnOfPayout(payout, { ...change, ...returnFacts });
    expect(returned).toMatchObject({
      id: returnIdOf(payout.id),
      kind: 'return',
      status: 'succeeded',
      originalId: payout.id,
      amount: payout.amount,
      fee: money(0n, 'CNY'),
      channelOrderNo: payout.channelOrderNo,
      channelTradeNo: 'R-1',
      reference: payout.reference,
      completedAt: at,
      version: 2,
    });
    for (const own of ['charges', 'reservations', 'balancesAfter']) expect(returned).not.toHaveProperty(own);
  });

  test('is refunded never beyond its amount, whatever is begun, dropped and completed', () => {
    const whole = topUp().amount.amount;
    const steps = fc.array(fc.record({ amount: fc.bigInt({ min: 1n, max: whole }), works: fc.boolean() }));
    fc.assert(
      fc.property(steps, (all) => {
        let payment = changes.succeed(topUp());
        let given = 0n;
        for (const { amount, works } of all) {
          if (amount > refundable(payment) || !allows(payment.status, 'begin_refund')) continue;
          const facts = { ...change, refundId, amount };
          const begun = beginRefund(payment, facts);
          expect(refundable(begun)).toBe(refundable(payment) - amount);
          payment = works ? completeRefund(begun, facts) : dropRefund(begun, facts);
          if (works) given += amount;
          expect(payment.refunded ?? 0n).toBe(given);
          expect(payment.refunding).toBe(0n);
          expect(payment.status).toBe(given === whole ? 'refunded' : 'succeeded');
        }
      }),
    );
  });
});
