import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { createRefund } from '../../functions/payments/create-refund.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { beginRefund, dropRefund } from '../../functions/payments/payment-changes.ts';
import { replacePayment } from '../../functions/payments/payment-store.ts';
import { completeFromStatement } from '../../functions/payments/settle-from-statement.ts';
import { engines } from '../support/engines.ts';
import { findingsIn } from './audited.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { made } from './made.ts';
import { amount, createTables, funded, openWorld, type Tables } from './payment-world.ts';

const cny = (minorUnits: bigint) => money(minorUnits, 'CNY');
const untouched = { available: funded, frozen: 0n, pending: funded, fees: 0n };

describe.each(engines)('a refund on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  afterAll(async () => {
    expect(await findingsIn(tables)).toEqual([]);
  });

  /** @param refunds how the channel takes refunds, which may change */
  const open = async ({ wallet = 'accepts', refunds = 'accepts' }: { wallet?: Manner; refunds?: Manner } = {}) => {
    const manners = { refunds };
    const world = await openWorld(tables, (channel, kind) => {
      if (kind === 'refund') return manners.refunds;
      return channel === 'sandbox-wallet' ? wallet : 'accepts';
    });
    const payments = world.seenBy(startProcess());
    const topUp = await made(createTopUp(payments, { ...world.command, product: 'withholding' }));
    let count = 0;
    const refund = (part?: bigint, { reference = `REFUND-${++count}`, of = topUp }: Asked = {}) =>
      createRefund(payments, {
        institutionId: topUp.institutionId,
        operationId: `op-${reference}`,
        paymentId: of.id,
        amount: part === undefined ? undefined : cny(part),
        reference,
      });
    const refunded = async () => {
      const { status, refunded = 0n, refunding = 0n } = (await world.payment()) ?? {};
      return { status, refunded, refunding };
    };
    return { ...world, payments, topUp, refund, refunded, manners };
  };
  interface Asked {
    readonly reference?: string;
    readonly of?: Payment;
  }

  test('of the whole takes the money from the account and the fee back, and leaves the top-up refunded', async () => {
    const world = await open();
    const refund = await made(world.refund());
    expect(refund).toMatchObject({
      kind: 'refund',
      status: 'succeeded',
      originalId: world.topUp.id,
      amount,
      fee: cny(-60n),
      channel: 'sandbox-wallet',
      balancesAfter: { available: funded, frozen: 0n },
    });
    expect(world.channel.arrived()[1]).toMatchObject({
      channelOrderNo: refund.channelOrderNo,
      original: { channelOrderNo: world.topUp.channelOrderNo, channelTradeNo: world.topUp.channelTradeNo },
    });
    expect(await world.refunded()).toEqual({ status: 'refunded', refunded: amount.amount, refunding: 0n });
    expect(await world.balances()).toEqual(untouched);
  });

  test('in parts leaves the top-up succeeded until the last one', async () => {
    const world = await open();
    expect(await made(world.refund(4_000n))).toMatchObject({ amount: cny(4_000n), fee: cny(-24n) });
    expect(await world.refunded()).toEqual({ status: 'succeeded', refunded: 4_000n, refunding: 0n });
    expect(await world.refund(6_001n)).toMatchObject({ refused: 'exceeds_refundable' });
    expect(await made(world.refund())).toMatchObject({ amount: cny(6_000n), fee: cny(-36n) });
    expect(await world.refunded()).toEqual({ status: 'refunded', refunded: 10_000n, refunding: 0n });
    expect(await world.balances()).toEqual(untouched);
    expect(await world.refund(1n)).toMatchObject({ refused: 'not_refundable' });
  });

  test('by a channel that keeps its fee leaves it with the institution', async () => {
    const world = await open({ wallet: 'refuses_here' });
    expect(await made(world.refund())).toMatchObject({ channel: 'sandbox-bank', fee: cny(0n) });
    expect(await world.balances()).toEqual({ ...untouched, pending: funded - 25n, fees: 25n });
  });

  test('that the channel refuses gives back what was frozen and kept, and can be tried anew', async () => {
    const world = await open({ refunds: 'refuses' });
    const before = await world.balances();
    expect(await made(world.refund())).toMatchObject({ status: 'failed', failure: { code: 'refused' } });
    expect(await world.refunded()).toEqual({ status: 'succeeded', refunded: 0n, refunding: 0n });
    expect(await world.balances()).toEqual(before);
    world.manners.refunds = 'accepts';
    expect(await made(world.refund())).toMatchObject({ status: 'succeeded' });
    expect(await world.balances()).toEqual(untouched);
  });

  test('never goes to another channel: no other has the money', async () => {
    const world = await open({ refunds: 'refuses_here' });
    expect(await made(world.refund())).toMatchObject({ status: 'failed', attempt: 1 });
    expect(world.channel.arrived().map(({ channel }) => channel)).toEqual(['sandbox-wallet', 'sandbox-wallet']);
  });

  test.each([
    ['accepts_silently', 'succeeded', { status: 'refunded', refunded: 10_000n, refunding: 0n }],
    ['loses', 'failed', { status: 'succeeded', refunded: 0n, refunding: 0n }],
  ] as const)('about which the channel is silent (%s) keeps the money frozen until it has %s', async (...row) => {
    const [refunds, end, left] = row;
    const world = await open({ refunds });
    const before = await world.balances();
    const refund = await made(world.refund());
    expect(refund).toMatchObject({ status: 'processing' });
    expect(await world.refunded()).toEqual({ status: 'succeeded', refunded: 0n, refunding: 10_000n });
    expect(await world.balances()).toMatchObject({ available: before.available - 10_000n, frozen: 10_000n });
    expect(await world.refund(1n)).toMatchObject({ refused: 'exceeds_refundable' });
    await world.deliverAll(world.payments);
    expect(await world.payment('REFUND-1')).toMatchObject({ status: end });
    expect(await world.refunded()).toEqual(left);
    expect(await world.balances()).toEqual(end === 'succeeded' ? untouched : before);
  });

  test('of which only the statement tells is completed by it, top-up included', async () => {
    const world = await open({ refunds: 'accepts_silently' });
    const { id: paymentId, channelOrderNo } = await made(world.refund());
    const facts = { channelTradeNo: 'S-1', completedAt: new Date(), statementDay: world.topUp.statementDay };
    const completed = await completeFromStatement(world.payments, { paymentId, channelOrderNo, ...facts });
    expect(completed).toMatchObject({ status: 'succeeded', channelTradeNo: 'S-1' });
    await world.deliverAll(world.payments);
    expect(await world.refunded()).toEqual({ status: 'refunded', refunded: 10_000n, refunding: 0n });
    expect(await world.balances()).toEqual(untouched);
  });

  test('is one of a hundred at most: the history of a top-up has an end', async () => {
    const world = await open();
    const { topUp } = world;
    const change = { at: new Date(), source: 'request', refundId: idFrom('pay', 'dropped'), amount: 1n } as const;
    let worn = topUp;
    for (let refunds = 0; refunds < 100; refunds++) worn = dropRefund(beginRefund(worn, change), change);
    expect(await replacePayment(world.payments.table, topUp, worn)).toBe(true);
    expect(await world.refund(1n)).toMatchObject({ refused: 'too_many_refunds' });
    // as it was, for the audit that follows
    expect(await replacePayment(world.payments.table, worn, topUp)).toBe(true);
  });

  test('never passes what was taken, however many ask at once', async () => {
    const world = await open();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.refund(1_000n)));
    const refused = answers.flatMap((answer) => (isRefusal(answer) ? [answer.refused] : []));
    expect(answers.length - refused.length).toBe(10);
    expect(refused.every((code) => code === 'exceeds_refundable' || code === 'not_refundable')).toBe(true);
    await world.deliverAll(world.payments);
    expect(await world.refunded()).toEqual({ status: 'refunded', refunded: 10_000n, refunding: 0n });
    expect(await world.balances()).toEqual(untouched);
  });

  test('is made once by a request that is repeated, and a reference is no other request’s', async () => {
    const world = await open();
    const [first, ...others] = await Promise.all(
      Array.from({ length: 3 }, () => made(world.refund(1_000n, { reference: 'AGAIN' }))),
    );
    expect(others.map(({ id }) => id)).toEqual([first?.id, first?.id]);
    expect(await made(world.refund(1_000n, { reference: 'AGAIN' }))).toMatchObject({ status: 'succeeded' });
    expect((await world.refunded()).refunded).toBe(1_000n);
    const { institutionId } = world.command;
    const other = { institutionId, operationId: 'another', paymentId: world.topUp.id, amount: cny(1n) };
    expect(await createRefund(world.payments, { ...other, reference: 'AGAIN' })).toMatchObject({
      refused: 'reference_taken',
    });
  });

  test('is refused to an account that has spent the money, and keeps nothing of the top-up', async () => {
    const world = await open();
    const { available } = await world.balances();
    const spent = { ...world.command, amount: cny(available - 9_999n), reference: 'SPENT', operationId: 'spent' };
    await made(createWithdrawal(world.payments, spent));
    expect(await world.refund()).toMatchObject({ refused: 'insufficient_funds' });
    expect(await world.refunded()).toEqual({ status: 'succeeded', refunded: 0n, refunding: 0n });
    expect(await made(world.refund(9_999n))).toMatchObject({ status: 'succeeded' });
  });

  test('is of a top-up of the institution that succeeded, in its currency, and of nothing else', async () => {
    const [world, failed, other] = [await open(), await open({ wallet: 'refuses' }), await open()];
    const { institutionId } = world.command;
    expect(await failed.refund()).toMatchObject({ refused: 'not_refundable' });
    expect(await world.refund(1n, { of: other.topUp })).toMatchObject({ refused: 'not_found' });
    const payout = await made(
      createWithdrawal(world.payments, { ...world.command, reference: 'OUT', operationId: 'out' }),
    );
    expect(await world.refund(1n, { of: payout })).toMatchObject({ refused: 'not_refundable' });
    const refund = await made(world.refund(1n));
    expect(await world.refund(1n, { of: refund })).toMatchObject({ refused: 'not_refundable' });
    const dollars = { institutionId, operationId: 'usd', paymentId: world.topUp.id, reference: 'USD' };
    expect(await createRefund(world.payments, { ...dollars, amount: money(1n, 'USD') })).toMatchObject({
      refused: 'currency_mismatch',
    });
  });
});
