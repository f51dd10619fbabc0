import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Limit } from '../../functions/channels/index.ts';
import { readCounter } from '../../functions/channels/routing/counter-store.ts';
import { money } from '../../functions/kernel/money.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { createRefund } from '../../functions/payments/create-refund.ts';
import { returnPayout } from '../../functions/payments/return-payout.ts';
import { engines } from '../support/engines.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { made } from './made.ts';
import { amount, createTables, openWorld, type Tables } from './payment-world.ts';

describe.each(engines)('the room that payments take under limits on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });

  const open = async ({
    wallet = 'accepts',
    bank = wallet,
    limit = {},
  }: {
    wallet?: Manner;
    bank?: Manner;
    limit?: Partial<Limit>;
  }) => {
    const world = await openWorld(tables, (channel) => (channel === 'sandbox-bank' ? bank : wallet), {
      decided: () => ({ limits: [{ id: 'daily', per: 'account', currency: 'CNY', daily: 25_000n, ...limit }] }),
    });
    const payments = world.seenBy(startProcess());
    const counters = new Set<string>();
    const topUp = async (reference: string, minorUnits = amount.amount) => {
      const command = { ...world.command, reference, operationId: reference, amount: money(minorUnits, 'CNY') };
      const payment = await createTopUp(payments, { ...command, product: 'withholding' });
      if (!isRefusal(payment)) await note(reference);
      return payment;
    };
    const note = async (reference: string) => {
      for (const { counter } of (await world.payment(reference))?.reservations ?? []) counters.add(counter);
    };
    /** what is taken of all counters that any payment here has shown */
    const taken = async () => {
      const uses = await Promise.all([...counters].map((key) => readCounter(payments.channels, key)));
      return uses.flatMap(({ used }) => [...used.values()]).reduce((sum, each) => sum + each, 0n);
    };
    return { ...world, payments, topUp, taken, note };
  };

  test('is taken by what succeeds and kept, so that the limit holds', async () => {
    const { topUp, taken } = await open({});
    expect(await topUp('A')).toMatchObject({ status: 'succeeded' });
    expect(await topUp('B')).toMatchObject({ status: 'succeeded' });
    expect(await taken()).toBe(20_000n);
    expect(await topUp('C')).toMatchObject({ refused: 'limit_exceeded' });
    expect(await topUp('D', 5_000n)).toMatchObject({ status: 'succeeded' });
    expect(await taken()).toBe(25_000n);
  });

  test('is given back by what fails, and taken again', async () => {
    const { topUp, taken } = await open({ wallet: 'accepts_silently', bank: 'refuses' });
    expect(await topUp('A')).toMatchObject({ status: 'processing' });
    expect(await taken()).toBe(10_000n);
    const lost = await open({ wallet: 'loses' });
    for (const reference of ['A', 'B']) expect(await lost.topUp(reference)).toMatchObject({ status: 'processing' });
    expect(await lost.taken()).toBe(20_000n);
    expect(await lost.topUp('C')).toMatchObject({ refused: 'limit_exceeded' });
    await Promise.all([lost.deliverAll(lost.payments), lost.deliverDue(lost.payments)]);
    expect(await lost.payment('A')).toMatchObject({ status: 'failed' });
    expect(await lost.taken()).toBe(0n);
    expect(await lost.topUp('C')).toMatchObject({ status: 'processing' });
  });

  test('is never more than the limit, however many come at once', async () => {
    const { topUp, taken } = await open({ limit: { daily: 50_000n } });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, place) => topUp(`T-${place}`)));
    const done = answers.filter((answer) => !isRefusal(answer)).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThanOrEqual(5);
    expect(await taken()).toBe(BigInt(done) * 10_000n);
    for (let more = 0; more < 5 - done; more++) expect(await topUp(`M-${more}`)).toMatchObject({ status: 'succeeded' });
    expect(await topUp('LAST', 1n)).toMatchObject({ refused: 'limit_exceeded' });
  });

  test('goes with a payment from channel to channel where both are limited by the same', async () => {
    const { topUp, taken } = await open({ wallet: 'refuses_here', bank: 'accepts' });
    expect(await topUp('A')).toMatchObject({ status: 'succeeded', channel: 'sandbox-bank', attempt: 2 });
    expect(await taken()).toBe(10_000n);
    const refused = await open({ wallet: 'refuses_here' });
    expect(await refused.topUp('A')).toMatchObject({ status: 'failed', attempt: 2 });
    expect(await refused.topUp('B', 25_000n)).toMatchObject({ status: 'failed' });
  });

  test('is given back to the channel that was left, and taken of the next', async () => {
    const { topUp, taken, payment } = await open({
      wallet: 'refuses_here',
      bank: 'accepts',
      limit: { per: 'channel' },
    });
    expect(await topUp('A', 25_000n)).toMatchObject({ status: 'succeeded', channel: 'sandbox-bank' });
    const [{ counter } = { counter: '' }] = (await payment('A'))?.reservations ?? [];
    expect(counter).toContain('sandbox-bank');
    expect(await taken()).toBe(25_000n);
    // the wallet has all its room again: only the bank is full
    const next = await topUp('B', 25_000n);
    expect(next).toMatchObject({ channel: 'sandbox-wallet', status: 'failed' });
  });

  test('of a withdrawal is taken with its freeze, or neither', async () => {
    const { payments, command, balances, note, taken } = await open({ limit: { daily: 15_000n } });
    const withdraw = (reference: string) =>
      createWithdrawal(payments, { ...command, reference, operationId: reference });
    expect(await withdraw('A')).toMatchObject({ status: 'succeeded' });
    await note('A');
    const before = await balances();
    expect(await withdraw('B')).toMatchObject({ refused: 'limit_exceeded' });
    expect(await balances()).toEqual(before);
    expect(await taken()).toBe(10_000n);
  });

  test('stays taken when the money goes back: a limit is on what was asked of channels', async () => {
    const { payments, command, topUp, taken, note } = await open({});
    const { id: paymentId, institutionId } = await made(topUp('A'));
    await made(createRefund(payments, { institutionId, paymentId, operationId: 'r', reference: 'R' }));
    expect(await taken()).toBe(10_000n);
    const payout = await made(createWithdrawal(payments, { ...command, reference: 'W', operationId: 'w' }));
    await note('W');
    const facts = { channelTradeNo: 'B', returnedAt: new Date(), source: 'callback' } as const;
    const returned = await made(returnPayout(payments, { payoutId: payout.id, amount: amount.amount, ...facts }));
    expect(returned).not.toHaveProperty('reservations');
    expect(await taken()).toBe(20_000n);
  });
});
