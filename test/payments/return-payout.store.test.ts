import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { changeAccount } from '../../functions/ledger/change-account.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { returnIdOf } from '../../functions/payments/payment.ts';
import { readPayment } from '../../functions/payments/payment-store.ts';
import { type PayoutReturn, returnPayout } from '../../functions/payments/return-payout.ts';
import { engines } from '../support/engines.ts';
import { findingsIn } from './audited.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { made } from './made.ts';
import { amount, createTables, funded, openWorld, type Tables } from './payment-world.ts';

const returnedAt = new Date('2026-03-03T02:00:00Z');

describe.each(engines)('a payout that comes back on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  afterAll(async () => {
    expect(await findingsIn(tables)).toEqual([]);
  });

  const open = async (manner: Manner = 'accepts') => {
    const world = await openWorld(tables, () => manner);
    const payments = world.seenBy(startProcess());
    const payout = await made(createWithdrawal(payments, world.command));
    const back = (facts: Partial<PayoutReturn> = {}) =>
      returnPayout(payments, {
        payoutId: payout.id,
        amount: amount.amount,
        channelTradeNo: 'BACK-1',
        returnedAt,
        source: 'callback',
        ...facts,
      });
    return { ...world, payments, payout, back };
  };

  test('credits its account again in full, and the channel keeps its fee', async () => {
    const { back, payout, payment, balances, payments } = await open();
    const returned = await made(back());
    expect(returned).toMatchObject({
      id: returnIdOf(payout.id),
      kind: 'return',
      status: 'succeeded',
      originalId: payout.id,
      channelTradeNo: 'BACK-1',
      completedAt: returnedAt,
      statementDay: '2026-03-03',
      balancesAfter: { available: funded, frozen: 0n },
    });
    expect(await readPayment(payments.table, returned.id)).toEqual(returned);
    expect(await payment()).toMatchObject({ status: 'returned' });
    expect(await balances()).toEqual({ available: funded, frozen: 0n, pending: funded - 10n, fees: 10n });
  });

  test('of which a statement tells belongs to the day of the statement', async () => {
    const { back } = await open();
    const statementDay = '2026-03-05' as AccountingDate; // a real day
    expect(await made(back({ source: 'statement', statementDay }))).toMatchObject({ statementDay });
  });

  test('is credited once, however often and however many at once tell of it', async () => {
    const { back, balances } = await open();
    const told = await Promise.all(Array.from({ length: 10 }, () => made(back())));
    const again = await made(back({ source: 'statement', channelTradeNo: 'BACK-2' }));
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(again).toMatchObject({ id: told[0]?.id, channelTradeNo: 'BACK-1' });
    expect(await balances()).toMatchObject({ available: funded, frozen: 0n });
  });

  test.each([
    ['failed', 'refuses'],
    ['processing', 'accepts_silently'],
  ] as const)('can only be one that has succeeded: not one that is %s', async (status, manner) => {
    const { back, payout, balances } = await open(manner);
    expect(payout.status).toBe(status);
    const before = await balances();
    expect(await back()).toMatchObject({ refused: 'not_returnable' });
    expect(await balances()).toEqual(before);
  });

  test('comes back whole, and is a payout', async () => {
    const { back, payments, command } = await open();
    expect(await back({ amount: amount.amount - 1n })).toMatchObject({ refused: 'amount_mismatch' });
    expect(await back({ payoutId: idFrom('pay', 'nobody') })).toMatchObject({ refused: 'not_found' });
    const topUp = { ...command, product: 'withholding', reference: 'IN', operationId: 'in' } as const;
    const { id: payoutId } = await made(createTopUp(payments, topUp));
    expect(await back({ payoutId })).toMatchObject({ refused: 'not_returnable' });
    const { id } = await made(back());
    expect(await back({ payoutId: id })).toMatchObject({ refused: 'not_returnable' });
  });

  test('is credited to an account that was blocked since: the money has come', async () => {
    const { back, payments, command, balances } = await open();
    const block = { accountId: command.accountId, operationId: '01BLOCK0000000000000000000' };
    await changeAccount(payments.ledger, {
      ...block,
      terms: { status: 'debit_blocked' },
      by: 'operator:ops',
      reason: 'asked for',
    });
    expect(await made(back())).toMatchObject({ status: 'succeeded' });
    expect(await balances()).toMatchObject({ available: funded });
  });
});
