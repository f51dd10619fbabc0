import { describe, expect, test } from '@jest/globals';
import type { PayoutOrder } from '../../functions/channels/index.ts';
import { money } from '../../functions/kernel/money.ts';
import { receiveCallbacks } from '../channels/callback-receiver.ts';
import {
  agreementOn,
  bindAccountRequest,
  control,
  type Dialect,
  dialects,
  newOrderNo,
  newPayout,
  timesMoved,
} from '../channels/deployed-sandbox.ts';

const succeeded = {
  outcome: 'succeeded',
  channelTradeNo: expect.stringMatching(/^4200\d{24}$/),
  completedAt: expect.any(Date),
};
const refused = (reason: string, retryElsewhere = false) => ({ outcome: 'refused', reason, retryElsewhere });
const reference = (order: PayoutOrder) => ({ ...order, kind: 'payout' as const });

describe.each(['JSON', 'XML'])('in %s', (name) => {
  const dialect = (): Dialect => dialects().find((each) => each.name === name) ?? dialects()[0];

  test('a payout goes to a corporate account as to a card', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const account = await adapter.bind(bindAccountRequest(merchant, '6222020200112233445'));
    if (account.outcome !== 'succeeded') throw new Error('the account was not bound');
    expect(await adapter.payout(newPayout(merchant, account.agreementNo))).toEqual(succeeded);
  });

  test('payouts come out of the reserve as long as there is any, and a returned one is there again', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const agreementNo = await agreementOn(adapter, merchant, '6200000000000005');
    expect(await adapter.queryReserve(merchant)).toEqual({ outcome: 'not_told' });
    await control('/control/reserves', { ...merchant, amount: 25_000, currency: 'CNY' });
    const payouts = [1, 2, 3, 4].map(() => newPayout(merchant, agreementNo));

    const answers = await Promise.all(payouts.map(adapter.payout));

    expect(answers.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(2);
    expect(answers.filter(({ outcome }) => outcome !== 'succeeded')).toEqual([
      refused('reserve_exhausted', true),
      refused('reserve_exhausted', true),
    ]);
    expect(await adapter.queryReserve(merchant)).toEqual({ outcome: 'known', balance: money(5_000n, 'CNY') });
    const paid = payouts[answers.findIndex(({ outcome }) => outcome === 'succeeded')];
    await control('/control/returns', { ...merchant, channelOrderNo: paid?.channelOrderNo });
    expect(await adapter.queryReserve(merchant)).toEqual({ outcome: 'known', balance: money(15_000n, 'CNY') });
    await control('/control/reserves', merchant);
    expect(await adapter.queryReserve(merchant)).toEqual({ outcome: 'not_told' });
  });

  test('a payout that ends late is told by a callback, and by a query from then on', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const callbacks = await receiveCallbacks(adapter, merchant.channel);
    const [good, bad] = await Promise.all(
      ['6200000000000336', '6200000000000344'].map(async (card) =>
        newPayout(merchant, await agreementOn(adapter, merchant, card), { callbackUrl: callbacks.url }),
      ),
    );
    if (!good || !bad) throw new Error('two payouts were made');
    expect(await adapter.payout(good)).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.payout(bad)).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.query(reference(good))).toMatchObject({ outcome: 'unknown' });
    await callbacks.message(1);

    const told = await Promise.all(callbacks.messages.map(adapter.parseCallback));
    const results = new Map(
      told.flatMap((each) =>
        each.outcome === 'verified'
          ? each.events.map((event) => [event.channelOrderNo, 'result' in event ? event.result : undefined])
          : [],
      ),
    );
    expect(results.get(good.channelOrderNo)).toEqual(succeeded);
    expect(results.get(bad.channelOrderNo)).toEqual(refused('account_closed'));
    expect(await adapter.query(reference(good))).toEqual({ ...results.get(good.channelOrderNo), amount: good.amount });
    expect(await adapter.query(reference(bad))).toEqual(refused('account_closed'));
  });

  test('a batch is accepted as a whole, and each of its lines ends on its own', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const callbacks = await receiveCallbacks(adapter, merchant.channel);
    const cards = ['6200000000000005', '6200000000000104', '6200000000000310', '6200000000000336', '6200000000000229'];
    const lines = await Promise.all(
      cards.map(async (card) => newPayout(merchant, await agreementOn(adapter, merchant, card))),
    );
    const batch = { ...merchant, batchNo: newOrderNo(), callbackUrl: callbacks.url, lines };

    expect(await adapter.payoutBatch(batch)).toEqual({ outcome: 'accepted' });
    expect(await adapter.payoutBatch(batch)).toEqual({ outcome: 'accepted' });

    const answers = await Promise.all(lines.map((line) => adapter.query(reference(line))));
    expect(answers).toEqual([
      { ...succeeded, amount: lines[0]?.amount },
      refused('insufficient_balance'),
      { outcome: 'unknown', cause: expect.any(String) },
      { outcome: 'unknown', cause: expect.any(String) },
      { outcome: 'not_found' },
    ]);
    const first = await adapter.parseCallback(await callbacks.message(0));
    expect(first).toMatchObject({
      outcome: 'verified',
      events: [
        { kind: 'payout', channelOrderNo: lines[0]?.channelOrderNo, result: succeeded },
        { kind: 'payout', channelOrderNo: lines[1]?.channelOrderNo, result: answers[1] },
      ],
    });
    const isLate = async (place: number) => {
      const told = await adapter.parseCallback(await callbacks.message(place));
      return (
        told.outcome === 'verified' && told.events.some((each) => each.channelOrderNo === lines[3]?.channelOrderNo)
      );
    };
    let place = 1;
    while (!(await isLate(place))) place++;
    for (const line of lines.slice(0, 4)) expect(await timesMoved(reference(line))).toBe(line === lines[1] ? 0 : 1);
    const [some] = lines;
    if (!some) throw new Error('the batch has lines');
    expect(await adapter.payoutBatch({ ...batch, lines: [some] })).toMatchObject({ outcome: 'unknown' });
  });

  test('a batch of more lines than agreed is refused, and one of many is taken', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const agreementNo = await agreementOn(adapter, merchant, '6200000000000005');
    const lines = Array.from({ length: 25 }, () => newPayout(merchant, agreementNo));
    const batch = { ...merchant, batchNo: newOrderNo(), callbackUrl: 'http://localhost:1/', lines };
    expect(await adapter.payoutBatch(batch)).toEqual({ outcome: 'accepted' });
    expect(
      await adapter.payoutBatch({
        ...batch,
        lines: Array.from({ length: 201 }, () => newPayout(merchant, agreementNo)),
      }),
    ).toEqual(refused('batch_too_large'));
  });

  test('a returned payout is told at once when control asks for it', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const callbacks = await receiveCallbacks(adapter, merchant.channel);
    const payout = newPayout(merchant, await agreementOn(adapter, merchant, '6200000000000005'), {
      callbackUrl: callbacks.url,
    });
    await adapter.payout(payout);
    const line = await control('/control/returns', {
      ...merchant,
      channelOrderNo: payout.channelOrderNo,
      callback: true,
    });
    expect(await adapter.parseCallback(await callbacks.message(0))).toMatchObject({
      outcome: 'verified',
      events: [
        {
          kind: 'payout_return',
          merchantNo: merchant.merchantNo,
          channelOrderNo: payout.channelOrderNo,
          channelTradeNo: (line as { tradeNo: string }).tradeNo,
          amount: payout.amount,
          returnedAt: expect.any(Date),
        },
      ],
    });
  });
});
