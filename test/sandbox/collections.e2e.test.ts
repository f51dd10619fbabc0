import { describe, expect, test } from '@jest/globals';
import type { CollectOrder } from '../../functions/channels/index.ts';
import { receiveCallbacks } from '../channels/callback-receiver.ts';
import {
  agreementOn,
  bindAccountRequest,
  type Dialect,
  decideAtCashier,
  dialects,
  newCashierOrder,
  newOrder,
  openCashier,
  timesMoved,
} from '../channels/deployed-sandbox.ts';

const succeeded = {
  outcome: 'succeeded',
  channelTradeNo: expect.stringMatching(/^4200\d{24}$/),
  completedAt: expect.any(Date),
};
const refused = (reason: string, retryElsewhere = false) => ({ outcome: 'refused', reason, retryElsewhere });
const awaitingCode = { outcome: 'awaiting_payer', action: { type: 'code' } };
const awaitingPayer = { outcome: 'awaiting_payer' };
const reference = (order: CollectOrder) => ({ ...order, kind: 'collection' as const });

describe.each(['JSON', 'XML'])('in %s', (name) => {
  const dialect = (): Dialect => dialects().find((each) => each.name === name) ?? dialects()[0];

  async function quickPayment(card = '6200000000000005') {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const order = newOrder(merchant, await agreementOn(adapter, merchant, card), { product: 'quick_payment' });
    const confirm = (code: string) => adapter.confirmCollect({ ...order, code });
    return { adapter, order, confirm, query: () => adapter.query(reference(order)) };
  }

  test('withholding takes money from a card, and not from a corporate account', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const order = newOrder(merchant, await agreementOn(adapter, merchant, '6200000000000005'));
    const answer = await adapter.collect(order);
    expect(answer).toEqual(succeeded);
    expect(await adapter.query(reference(order))).toEqual({ ...answer, amount: order.amount });
    const account = await adapter.bind(bindAccountRequest(merchant, '6222020200112233445'));
    if (account.outcome !== 'succeeded') throw new Error('the account was not bound');
    expect(await adapter.collect(newOrder(merchant, account.agreementNo))).toEqual(refused('agreement_unknown'));
  });

  test('a quick payment moves money when its code comes back, and once', async () => {
    const { adapter, order, confirm, query } = await quickPayment();
    expect(await adapter.collect(order)).toEqual(awaitingCode);
    expect(await adapter.collect(order)).toEqual(awaitingCode);
    expect(await query()).toEqual(awaitingPayer);
    expect(await confirm('000000')).toEqual(refused('wrong_code'));
    expect(await timesMoved(reference(order))).toBe(0);

    const answers = await Promise.all([confirm('123456'), confirm('123456')]);

    expect(answers).toEqual([succeeded, succeeded]);
    expect(answers[0]).toEqual(answers[1]);
    expect(await query()).toEqual({ ...answers[0], amount: order.amount });
    expect(await timesMoved(reference(order))).toBe(1);
  });

  test('a quick payment ends with the third wrong code', async () => {
    const { adapter, order, confirm, query } = await quickPayment();
    await adapter.collect(order);
    expect([await confirm('1'), await confirm('2')]).toEqual([refused('wrong_code'), refused('wrong_code')]);
    expect(await query()).toEqual(awaitingPayer);
    expect(await confirm('3')).toEqual(refused('code_tries_used_up'));
    expect(await confirm('123456')).toEqual(refused('code_tries_used_up'));
    expect(await query()).toEqual(refused('code_tries_used_up'));
  });

  test.each([
    ['6200000000000112', refused('channel_busy', true)],
    ['6200000000000104', awaitingCode],
  ])('a quick payment from card %s is answered at once so', async (card, first) => {
    const { adapter, order, confirm, query } = await quickPayment(card);
    expect(await adapter.collect(order)).toEqual(first);
    if (first !== awaitingCode) return;
    expect(await confirm('123456')).toEqual(refused('insufficient_balance'));
    expect(await query()).toEqual(refused('insufficient_balance'));
  });

  test('a quick payment that is closed takes no code any more', async () => {
    const { adapter, order, confirm } = await quickPayment();
    await adapter.collect(order);
    expect(await adapter.cancel(reference(order))).toEqual(refused('order_closed'));
    expect(await confirm('123456')).toEqual(refused('order_closed'));
    expect(await timesMoved(reference(order))).toBe(0);
  });

  test.each(['personal_ebanking', 'corporate_ebanking'] as const)(
    '%s is paid at the cashier, told by a callback, and the browser comes back',
    async (product) => {
      const { adapter, newMerchant, cashier } = dialect();
      const merchant = await newMerchant();
      const callbacks = await receiveCallbacks(adapter, merchant.channel);
      const order = newCashierOrder(merchant, { product, callbackUrl: callbacks.url });
      const collected = await adapter.collect(order);
      expect(collected).toMatchObject({ ...awaitingPayer, action: { type: 'redirect', method: cashier } });
      if (collected.outcome !== 'awaiting_payer') return;
      expect(await adapter.query(reference(order))).toEqual(awaitingPayer);

      const returned = await decideAtCashier(collected.action, 'pay');

      expect([returned.status, returned.headers.get('location')]).toEqual([
        303,
        `http://localhost:1/returned?from=cashier&channelOrderNo=${order.channelOrderNo}`,
      ]);
      expect(await adapter.query(reference(order))).toEqual({ ...succeeded, amount: order.amount });
      const heard = await adapter.parseCallback(await callbacks.message(0));
      expect(heard).toMatchObject({
        outcome: 'verified',
        events: [
          {
            kind: 'collection',
            merchantNo: merchant.merchantNo,
            channelOrderNo: order.channelOrderNo,
            result: succeeded,
          },
        ],
      });
      expect((await openCashier(collected.action)).status).toBe(303);
      expect(callbacks.messages).toHaveLength(1);
      expect(await timesMoved(reference(order))).toBe(1);
    },
  );

  test('a payer may refuse at the cashier', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const callbacks = await receiveCallbacks(adapter, merchant.channel);
    const order = newCashierOrder(merchant, { callbackUrl: callbacks.url });
    const collected = await adapter.collect(order);
    if (collected.outcome !== 'awaiting_payer') throw new Error(collected.outcome);
    expect((await decideAtCashier(collected.action, 'refuse')).status).toBe(303);
    expect(await adapter.query(reference(order))).toEqual(refused('payer_refused'));
    const heard = await adapter.parseCallback(await callbacks.message(0));
    expect(heard).toMatchObject({ events: [{ result: refused('payer_refused') }] });
  });

  test('the cashier takes nothing for an order that was closed or has expired', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const closed = newCashierOrder(merchant);
    const expired = newCashierOrder(merchant, { expiresAt: new Date(Date.now() + 1_000) });
    const [toClosed, toExpired] = [await adapter.collect(closed), await adapter.collect(expired)];
    if (toClosed.outcome !== 'awaiting_payer' || toExpired.outcome !== 'awaiting_payer') throw new Error('no redirect');
    expect(await adapter.cancel(reference(closed))).toEqual(refused('order_closed'));
    await new Promise((resolve) => setTimeout(resolve, 1_100));

    expect((await openCashier(toClosed.action)).status).toBe(404);
    expect((await openCashier(toExpired.action)).status).toBe(303);
    expect(await adapter.query(reference(expired))).toEqual(refused('order_expired'));
    expect(await adapter.cancel(reference(expired))).toEqual(refused('order_expired'));
    expect(await timesMoved(reference(expired))).toBe(0);
  });

  test('the cashier opens for no link that its merchant has not signed', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const [order, other] = [newCashierOrder(merchant), newCashierOrder(merchant)];
    const collected = await adapter.collect(order);
    await adapter.collect(other);
    if (collected.outcome !== 'awaiting_payer' || collected.action.type !== 'redirect') throw new Error('no redirect');
    const { url, fields } = collected.action;
    const forged = {
      ...collected.action,
      url: url.replace(order.channelOrderNo, other.channelOrderNo),
      ...(fields && { fields: { ...fields, channelOrderNo: other.channelOrderNo } }),
    };
    expect((await openCashier(forged)).status).toBe(403);
    expect((await openCashier(collected.action)).status).toBe(200);
  });
});
