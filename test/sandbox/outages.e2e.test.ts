import { expect, test } from '@jest/globals';
import { type CollectOrder, channelTimeoutMs } from '../../functions/channels/index.ts';
import { agreementOn, control, type Dialect, dialects, newOrder, newRefund } from '../channels/deployed-sandbox.ts';

const busy = { outcome: 'refused', reason: 'channel_busy', retryElsewhere: true };
const reference = (order: CollectOrder) => ({ ...order, kind: 'collection' as const });

async function merchantOf({ adapter, newMerchant }: Dialect) {
  const merchant = await newMerchant();
  const agreementNo = await agreementOn(adapter, merchant, '6200000000000005');
  return { adapter, merchant, order: () => newOrder(merchant, agreementNo) };
}

test.each([0, 1] as const)(
  'in an outage a merchant is refused everything new, and asks on (dialect %d)',
  async (which) => {
    const { adapter, merchant, order } = await merchantOf(dialects()[which]);
    const before = order();
    const collected = await adapter.collect(before);
    if (collected.outcome !== 'succeeded') throw new Error(collected.outcome);
    await control('/control/outages', { ...merchant, forSeconds: 60 });

    const refused = order();
    expect(await adapter.collect(refused)).toEqual(busy);
    expect(await adapter.query(reference(refused))).toEqual(busy);
    expect(await adapter.refund(newRefund(before, collected.channelTradeNo))).toEqual(busy);
    expect(await adapter.query(reference(before))).toEqual({ ...collected, amount: before.amount });

    await control('/control/outages', { ...merchant, forSeconds: 0 });
    expect(await adapter.collect(order())).toMatchObject({ outcome: 'succeeded' });
  },
);

test('an outage may be silence: nothing arrives', async () => {
  const { adapter, merchant, order } = await merchantOf(dialects(channelTimeoutMs)[0]);
  await control('/control/outages', { ...merchant, mode: 'time_out', forSeconds: 60 });
  const silent = order();
  expect(await adapter.collect(silent)).toEqual({ outcome: 'unknown', cause: 'no answer in time' });
  expect(await adapter.query(reference(silent))).toEqual({ outcome: 'not_found' });
});

test('an outage may hit some orders only, the same ones however often they are sent, and ends by itself', async () => {
  const { adapter, merchant, order } = await merchantOf(dialects()[0]);
  await control('/control/outages', { ...merchant, perMille: 500, forSeconds: 60 });
  const orders = Array.from({ length: 24 }, order);
  const answers = await Promise.all(orders.map(adapter.collect));
  const hit = answers.filter(({ outcome }) => outcome === 'refused').length;
  expect(hit).toBeGreaterThan(0);
  expect(hit).toBeLessThan(24);
  expect(await Promise.all(orders.map(adapter.collect))).toEqual(answers);
  await control('/control/outages', { ...merchant, forSeconds: 1 });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await adapter.collect(order())).toMatchObject({ outcome: 'succeeded' });
});
