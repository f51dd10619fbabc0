import { describe, expect, test } from '@jest/globals';
import type { RefundOrder } from '../../functions/channels/index.ts';
import { accountingDateAt } from '../../functions/kernel/clock.ts';
import { money } from '../../functions/kernel/money.ts';
import { receiveCallbacks } from '../channels/callback-receiver.ts';
import { agreementOn, control, type Dialect, dialects, newOrder, newRefund } from '../channels/deployed-sandbox.ts';

const succeeded = {
  outcome: 'succeeded',
  channelTradeNo: expect.stringMatching(/^5030\d{24}$/),
  completedAt: expect.any(Date),
};
const refused = (reason: string) => ({ outcome: 'refused', reason, retryElsewhere: false });
const reference = (order: RefundOrder) => ({ ...order, kind: 'refund' as const });
const part = (amount: bigint) => ({ amount: money(amount, 'CNY') });

describe.each(['JSON', 'XML'])('a refund in %s', (name) => {
  const dialect = (): Dialect => dialects().find((each) => each.name === name) ?? dialects()[0];

  async function collected() {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const order = newOrder(merchant, await agreementOn(adapter, merchant, '6200000000000005'));
    const answer = await adapter.collect(order);
    if (answer.outcome !== 'succeeded') throw new Error(answer.outcome);
    return { adapter, merchant, order, tradeNo: answer.channelTradeNo };
  }

  test('gives the whole back, and nothing more', async () => {
    const { adapter, merchant, order, tradeNo } = await collected();
    const refund = newRefund(order, tradeNo);
    const answer = await adapter.refund(refund);
    expect(answer).toEqual(succeeded);
    expect(await adapter.refund(refund)).toEqual(answer);
    expect(await adapter.query(reference(refund))).toEqual({ ...answer, amount: refund.amount });
    expect(await adapter.refund(newRefund(order, tradeNo, part(1n)))).toEqual(refused('refund_exceeds_collection'));
    const date = accountingDateAt(new Date(), 'Asia/Shanghai');
    const { lines } = (await control('/control/days', { ...merchant, date })) as { lines: { fee: number }[] };
    expect(lines.map(({ fee }) => fee).reduce((sum, fee) => sum + fee, 0)).toBe(0);
    expect(lines).toContainEqual(
      expect.objectContaining({
        kind: 'refund',
        orderNo: refund.channelOrderNo,
        amount: 10_000,
        original: { orderNo: order.channelOrderNo, tradeNo },
      }),
    );
  });

  test('in parts, sent at once, never comes to more than was collected', async () => {
    const { adapter, order, tradeNo } = await collected();
    const answers = await Promise.all([1, 2, 3, 4].map(() => adapter.refund(newRefund(order, tradeNo, part(3_000n)))));
    expect(answers.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(3);
    expect(answers.filter(({ outcome }) => outcome === 'refused')).toEqual([refused('refund_exceeds_collection')]);
    expect(await adapter.refund(newRefund(order, tradeNo, part(1_000n)))).toEqual(succeeded);
  });

  test('of a collection that there is not is refused', async () => {
    const { adapter, order, tradeNo } = await collected();
    expect(await adapter.refund(newRefund(order, '4200'))).toEqual(refused('original_unknown'));
    const unknown = { channelOrderNo: 'NEVERSENT1', channelTradeNo: tradeNo };
    expect(await adapter.refund(newRefund(order, tradeNo, { original: unknown }))).toEqual(refused('original_unknown'));
    expect(await adapter.refund(newRefund(order, tradeNo, { amount: money(1n, 'USD') }))).toEqual(
      refused('wrong_currency'),
    );
  });

  test('under a used number is nothing definite, and under a closed one refused', async () => {
    const { adapter, order, tradeNo } = await collected();
    const [refund, closed] = [newRefund(order, tradeNo, part(100n)), newRefund(order, tradeNo)];
    await adapter.refund(refund);
    expect(await adapter.refund({ ...refund, ...part(99n) })).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.cancel(reference(closed))).toEqual(refused('order_closed'));
    expect(await adapter.refund(closed)).toEqual(refused('order_closed'));
  });

  test('that ends late is told by a callback, whichever way it ends', async () => {
    const { adapter, merchant, order, tradeNo } = await collected();
    const callbacks = await receiveCallbacks(adapter, merchant.channel);
    await control('/control/behaviours', { ...merchant, behaviours: ['end_late_refused', 'end_late_succeeded'] });
    const [bad, good] = [1, 2].map(() => newRefund(order, tradeNo, { callbackUrl: callbacks.url }));
    if (!bad || !good) throw new Error('two refunds were made');
    expect(await adapter.refund(bad)).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.refund(good)).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.query(reference(good))).toMatchObject({ outcome: 'unknown' });
    await callbacks.message(1);
    const told = await Promise.all(callbacks.messages.map(adapter.parseCallback));
    expect(told.flatMap((each) => (each.outcome === 'verified' ? each.events : []))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'refund', channelOrderNo: good.channelOrderNo, result: succeeded }),
        expect.objectContaining({
          kind: 'refund',
          channelOrderNo: bad.channelOrderNo,
          result: refused('account_closed'),
        }),
      ]),
    );
    expect(await adapter.query(reference(good))).toEqual({ ...succeeded, amount: good.amount });
  });
});
