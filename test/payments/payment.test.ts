import { describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import {
  channelOrderNoOf,
  failPayment,
  type Payment,
  paymentIdOf,
  paymentIdOfOrder,
  reroutePayment,
  succeedPayment,
} from '../../functions/payments/payment.ts';
import { bank, institutionId, topUp, wallet } from './sample-payments.ts';

const at = new Date('2026-03-01T16:00:05Z');
const result = { channelTradeNo: '4200001', completedAt: new Date('2026-03-01T16:00:01Z') };
const change = {
  at,
  source: 'request',
  statementDay: '2026-03-02' as AccountingDate,
} as const;

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

  test('starts as processing, on the statement of the day of its creation', () => {
    expect(topUp()).toMatchObject({
      status: 'processing',
      attempt: 1,
      version: 1,
      statementDay: '2026-03-01',
      ...wallet,
    });
  });

  test('that succeeds shows the channel number and belongs to the statement that is expected to tell of it', () => {
    expect(succeedPayment(topUp(), result, change)).toMatchObject({
      ...result,
      status: 'succeeded',
      statementDay: '2026-03-02',
      version: 2,
    });
  });

  test('that fails says why', () => {
    const failed = failPayment(topUp(), { code: 'refused', reason: 'card_expired' }, { at, source: 'follow_up' });
    expect(failed).toMatchObject({
      status: 'failed',
      failure: { code: 'refused', reason: 'card_expired' },
      completedAt: at,
    });
  });

  test('that is rerouted has a new order number, and keeps the old one in its history', () => {
    const first = topUp();
    const second = reroutePayment(first, bank, { at, source: 'request', reason: 'maintenance' });
    expect(second).toMatchObject({ status: 'processing', attempt: 2, ...bank });
    expect(second.channelOrderNo).toBe(channelOrderNoOf(first.id, 2));
    expect(second.history.at(-1)).toEqual({
      event: 'reroute',
      at,
      source: 'request',
      abandoned: {
        channel: wallet.channel,
        merchantNo: wallet.merchantNo,
        channelOrderNo: first.channelOrderNo,
        reason: 'maintenance',
      },
    });
  });

  test('that has its end never changes again', () => {
    const end: Payment = succeedPayment(topUp(), result, change);
    expect(() => succeedPayment(end, result, change)).toThrow();
    expect(() => failPayment(end, { code: 'refused', reason: '' }, change)).toThrow();
    expect(() => reroutePayment(end, bank, { ...change, reason: '' })).toThrow();
  });
});
