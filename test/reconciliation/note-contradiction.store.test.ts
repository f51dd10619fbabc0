import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { takeDayWrite } from '../../functions/reconciliation/day-store.ts';
import {
  type ContradictionTold,
  noteContradiction,
  StatementAtWork,
} from '../../functions/reconciliation/note-contradiction.ts';
import { made } from '../payments/made.ts';
import { funded } from '../payments/payment-world.ts';
import { engines } from '../support/engines.ts';
import { createTables, lineOf, noon, openPaidDay, type Tables } from './paid-day.ts';

describe.each(engines)('a channel that contradicts itself on $name', (engine) => {
  let tables: Tables;
  type Day = Awaited<ReturnType<typeof openPaidDay>>;
  let days: Day[] = [];
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });
  afterEach(async () => {
    for (const day of days) expect(await day.findings()).toEqual([]);
    days = [];
  });
  const open = async (...given: Parameters<typeof openPaidDay> extends [unknown, ...infer Rest] ? Rest : never) => {
    const day = await openPaidDay(tables, ...given);
    days = [day];
    return day;
  };
  const topUp = ({ payments, command }: Day) => made(createTopUp(payments, { ...command, product: 'withholding' }));
  const tell = (day: Day, { id, channelOrderNo }: Payment, facts: Partial<ContradictionTold> = {}) => {
    const channels = day.payments.channels;
    const told = {
      paymentId: id,
      channelOrderNo,
      claim: 'succeeded',
      channelTradeNo: `T-${channelOrderNo}`,
      at: noon,
    } as const;
    return noteContradiction({ ...day.dependencies, channels }, { ...told, ...facts });
  };

  test('success after failure: a difference at once, once, while the member has nothing', async () => {
    const day = await open(() => 'refuses');
    const payment = await topUp(day);
    expect(payment.status).toBe('failed');
    const answers = await Promise.all([tell(day, payment), tell(day, payment), tell(day, payment)]);
    expect(answers.filter((answer) => answer === 'opened')).toHaveLength(1);
    expect(await tell(day, payment)).toBe('known');
    expect(await day.differences()).toEqual(['open status_mismatch 9975']);
    expect(await day.pending()).toBe(9_975n);
    expect(await day.balances()).toMatchObject({ available: funded });
  });

  test('the statement that shows the same finds it there and posts nothing more', async () => {
    const day = await open(() => 'refuses');
    const payment = await topUp(day);
    await tell(day, payment);
    const { handled, settled } = await day.reconcile([lineOf(payment)]);
    expect(handled).toMatchObject({ completed: 0, opened: 0, reversed: 0 });
    expect(settled).toMatchObject({ status: 'differing', openDifferences: 1 });
    expect(await day.differences()).toEqual(['open status_mismatch 9975']);
    expect(await day.pending()).toBe(9_975n);
    expect(await tell(day, payment)).toBe('known');
  });

  test('a statement that does not show it, or shows another fee, supersedes it, for good', async () => {
    const day = await open(() => 'refuses');
    const payment = await topUp(day);
    await tell(day, payment);
    const { handled, settled } = await day.reconcile([]);
    expect(handled).toMatchObject({ completed: 0, opened: 0, reversed: 1 });
    expect(settled.status).toBe('balanced');
    expect(await day.pending()).toBe(0n);
    expect(await tell(day, payment)).toBe('known');
    expect(await day.differences()).toEqual([]);

    const dearer = await open(() => 'refuses');
    const other = await topUp(dearer);
    await tell(dearer, other);
    await dearer.reconcile([lineOf(other, { fee: 30n })]);
    expect(await dearer.differences()).toEqual(['open fee_mismatch -5', 'open status_mismatch 9975']);
    expect(await dearer.pending()).toBe(9_970n);
  });

  test('failure after success: what the member has stays, and the money that the channel denies is in suspense', async () => {
    const day = await open(() => 'accepts');
    const payment = await topUp(day);
    const { channelTradeNo } = payment;
    expect(await tell(day, payment, { claim: 'failed', channelTradeNo })).toBe('opened');
    expect(await day.differences()).toEqual(['open status_mismatch -9975']);
    expect(await day.pending()).toBe(0n);
    expect(await day.balances()).toMatchObject({ available: funded + 10_000n });
    const { handled } = await day.reconcile([lineOf(payment, { status: 'failed' })]);
    expect(handled).toMatchObject({ opened: 0, reversed: 0 });
    const corrected = await day.reconcile([lineOf(payment)]);
    expect(corrected.settled.status).toBe('balanced');
  });

  test('a payout that was refused and went out all the same', async () => {
    const day = await open(() => 'refuses');
    const payment = await made(createWithdrawal(day.payments, day.command));
    await tell(day, payment);
    expect(await day.differences()).toEqual(['open status_mismatch -10010']);
    expect((await day.reconcile([lineOf(payment)])).handled).toMatchObject({ opened: 0, reversed: 0 });
  });

  test('an attempt that was left behind and carried out all the same is money that our books lack', async () => {
    const day = await open(() => 'refuses_here', 'sandbox-wallet');
    const payment = await topUp(day);
    expect(payment).toMatchObject({ attempt: 2, channel: 'sandbox-bank' });
    const channelOrderNo = `${payment.channelOrderNo.slice(0, -1)}1`;
    const left = { channelOrderNo, channelTradeNo: `T-${channelOrderNo}` };
    expect(await tell(day, payment, left)).toBe('opened');
    expect(await tell(day, payment, { ...left, claim: 'failed' })).toBe('agreed');
    expect(await day.differences()).toEqual(['open missing_in_books 9940']);
    const line = lineOf({ ...payment, ...left }, { fee: 60n });
    expect((await day.reconcile([line])).handled).toMatchObject({ opened: 0, reversed: 0 });
    expect(await day.differences()).toEqual(['open missing_in_books 9940']);
  });

  test('what our books agree with is none, and a day on which a statement is at work is waited for', async () => {
    const day = await open(() => 'accepts');
    const payment = await topUp(day);
    expect(await tell(day, payment, { channelTradeNo: payment.channelTradeNo })).toBe('agreed');
    await day.reconcile([lineOf(payment)], async () => {
      await expect(tell(day, payment, { claim: 'failed' })).rejects.toThrow(StatementAtWork);
    });
    expect(await tell(day, payment, { claim: 'failed' })).toBe('opened');
    expect(await day.differences()).toEqual(['open status_mismatch -9975']);
    const take = takeDayWrite(day.dependencies.table, day.statement, { version: 9, from: undefined });
    expect((await day.dependencies.commit([take])).committed).toBe(true); // by a version that nothing is known of: it has failed, and holds nobody up
    expect(await tell(day, payment, { claim: 'failed' })).toBe('known');
  });
});
