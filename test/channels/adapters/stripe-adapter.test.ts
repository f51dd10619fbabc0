import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { StripeDependencies } from '../../../functions/channels/adapters/stripe-account.ts';
import { stripeAdapter } from '../../../functions/channels/adapters/stripe-adapter.ts';
import type { CollectOrder } from '../../../functions/channels/index.ts';
import { money } from '../../../functions/kernel/money.ts';
import { describeAdapter } from '../conformance/describe-adapter.ts';
import { isGoThere } from './stripe-mock.ts';
import { merchantCredentials, newOrder, openStripeWorld, stripeWithout, webhook } from './stripe-world.ts';

if (isGoThere()) {
  describeAdapter('of Stripe', { open: openStripeWorld, without: stripeWithout, timeoutMs: 300_000 });
} else {
  console.warn('✖ no Go 1.22 or newer: the adapter of Stripe is NOT held against stripe-mock (https://go.dev/dl)');
}

const order: CollectOrder = { ...newOrder(), product: 'withholding', agreementNo: 'cus_1/pm_1' };
const metadata = { order: order.channelOrderNo, merchant: order.merchantNo, kind: 'collection' };
const intent = {
  object: 'payment_intent',
  id: 'pi_1',
  status: 'succeeded',
  amount: 10_000,
  currency: 'usd',
  created: 1_780_000_000,
  metadata,
  latest_charge: { created: 1_780_000_007 },
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The adapter to a Stripe that gives one answer. */
async function adapterTo(
  status: number,
  body: object,
  credentials: StripeDependencies['merchantCredentials'] = merchantCredentials,
) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  servers.push(server);
  const { port } = server.address() as AddressInfo; // a server that listens on a port has one
  return stripeAdapter({
    merchantCredentials: credentials,
    clock: () => new Date(),
    timeoutMs: 1_000,
    server: { protocol: 'http', host: '127.0.0.1', port },
  });
}

const unknown = { outcome: 'unknown', cause: expect.any(String) };

describe('the adapter of Stripe', () => {
  test('knows when the money was taken, and how much', async () => {
    expect(await (await adapterTo(200, intent)).collect(order)).toEqual({
      outcome: 'succeeded',
      channelTradeNo: 'pi_1',
      completedAt: new Date(1_780_000_007_000),
      amount: money(10_000n, 'USD'),
    });
  });

  test.each([
    ['another order', { ...intent, metadata: { ...metadata, order: 'ANOTHER' } }],
    ['another merchant', { ...intent, metadata: { ...metadata, merchant: 'ANOTHER' } }],
    ['another amount', { ...intent, amount: 9_999 }],
    ['another currency', { ...intent, currency: 'eur' }],
    ['money that is still on its way', { ...intent, status: 'processing' }],
    ['money that is only held', { ...intent, status: 'requires_capture' }],
    ['a state that we know nothing of', { ...intent, status: 'requires_prayer' }],
    ['another object', { ...intent, object: 'charge' }],
  ])('knows nothing after an answer about %s', async (_what, body) => {
    expect(await (await adapterTo(200, body)).collect(order)).toEqual(unknown);
  });

  const refused = (reason: string, retryElsewhere: boolean) => ({ outcome: 'refused', reason, retryElsewhere });
  test.each<[status: number, error: object, expected: object]>([
    [402, { type: 'card_error', code: 'card_declined', decline_code: 'lost_card' }, refused('lost_card', false)],
    [402, { type: 'card_error', code: 'expired_card' }, refused('expired_card', false)],
    [402, { type: 'card_error', code: 'Your card 4242 was declined' }, refused('card_declined', false)],
    [402, { type: 'other' }, unknown],
    [400, { type: 'invalid_request_error', code: 'amount_too_small' }, refused('amount_too_small', true)],
    [
      400,
      { type: 'invalid_request_error', code: 'parameter_invalid_empty' },
      refused('parameter_invalid_empty', false),
    ],
    [400, { type: 'invalid_request_error' }, refused('invalid_request', false)],
    [404, { type: 'invalid_request_error', code: 'resource_missing' }, refused('resource_missing', true)],
    [400, { type: 'idempotency_error' }, unknown],
    [400, { type: 'invalid_request_error', code: 'rate_limit' }, unknown],
    [429, { type: 'invalid_request_error', code: 'lock_timeout' }, unknown],
    [409, { type: 'invalid_request_error', code: 'idempotency_key_in_use' }, unknown],
    [401, { type: 'invalid_request_error' }, unknown],
    [403, { type: 'invalid_request_error' }, unknown],
    [500, { type: 'api_error' }, unknown],
    [500, { type: 'card_error', code: 'card_declined' }, unknown],
    [503, { type: 'api_error' }, unknown],
  ])('takes %d with %j for what it is', async (status, error, expected) => {
    const message = 'No such thing as sk_test_secret';
    expect(await (await adapterTo(status, { error: { ...error, message } })).collect(order)).toEqual(expected);
  });

  test('sends a payer to his bank who has to prove himself there', async () => {
    const url = 'https://hooks.stripe.com/3d_secure_2/1';
    const body = { ...intent, status: 'requires_action', next_action: { redirect_to_url: { url } } };
    const quick = { ...order, product: 'quick_payment' as const };
    expect(await (await adapterTo(200, body)).collect(quick)).toEqual({
      outcome: 'awaiting_payer',
      action: { type: 'redirect', method: 'GET', url },
    });
  });

  test('sends nothing for an agreement that is none of Stripe’s, and for a merchant without credentials', async () => {
    const adapter = await adapterTo(200, intent);
    expect(await adapter.collect({ ...order, agreementNo: 'pm_1' })).toEqual(refused('agreement_unknown', false));
    expect(await adapter.payout({ ...newOrder(), agreementNo: 'ba_1' })).toEqual(refused('agreement_unknown', false));
    const without = await adapterTo(200, intent, async () => ({ secretKey: 'sk_test_only' }));
    expect(await without.collect(order)).toEqual(refused('no_credentials', true));
    expect(await without.query({ ...order, kind: 'collection' })).toEqual(unknown);
  });

  test('does not call at all where the credentials can’t be read', async () => {
    const adapter = await adapterTo(200, intent, async () => {
      throw new Error('no access');
    });
    await expect(adapter.collect(order)).rejects.toThrow('no access');
  });

  test('does not tell an order that is paid twice from one that is not: it does not know', async () => {
    const adapter = await adapterTo(200, { data: [intent, { ...intent, id: 'pi_2' }], has_more: false });
    expect(await adapter.query({ ...order, kind: 'collection' })).toEqual(unknown);
  });

  test('does not look through pages for ever', async () => {
    const foreign = { object: 'refund', id: 're_1', metadata: {} };
    const adapter = await adapterTo(200, { data: [foreign], has_more: true });
    expect(await adapter.query({ ...order, kind: 'refund' })).toEqual({
      outcome: 'unknown',
      cause: 'more orders than are looked through',
    });
  });

  test('knows no reserve in a currency that the account does not have', async () => {
    const adapter = await adapterTo(200, { object: 'balance', available: [{ amount: 5, currency: 'eur' }] });
    expect(await adapter.queryReserve(order)).toEqual({ outcome: 'not_told' });
  });
});

describe('a webhook of Stripe’s', () => {
  const heard = async (type: string, object: object, facts: object = {}) =>
    (await adapterTo(500, {})).parseCallback(webhook(type, object, facts));
  const transfer = {
    object: 'transfer',
    id: 'tr_1',
    amount: 10_000,
    currency: 'usd',
    created: 1_780_000_000,
    metadata: { ...metadata, kind: 'payout' },
  };

  test('tells of each reversal what it adds', async () => {
    const before = { previous_attributes: { amount_reversed: 4_000 } };
    expect(await heard('transfer.reversed', { ...transfer, amount_reversed: 10_000 }, before)).toMatchObject({
      outcome: 'verified',
      events: [{ kind: 'payout_return', channelTradeNo: 'tr_1', amount: money(6_000n, 'USD') }],
    });
  });

  test.each([
    [
      'a failed try on a page, which the payer may repeat',
      'payment_intent.payment_failed',
      { ...intent, status: 'requires_payment_method', metadata: { ...metadata, page: 'yes' } },
    ],
    ['a refund that is on its way', 'refund.created', { ...intent, object: 'refund', status: 'pending' }],
    ['what is nothing to us', 'payment_intent.created', intent],
  ])('tells nothing of %s', async (_what, type, object) => {
    expect(await heard(type, object)).toMatchObject({ outcome: 'verified', events: [] });
  });

  test.each([
    ['a page that was left', 'checkout.session.expired', 'order_closed'],
    ['a payment on a page that failed in the end', 'checkout.session.async_payment_failed', 'payment_failed'],
  ])('refuses %s', async (_what, type, reason) => {
    const session = { object: 'checkout.session', id: 'cs_1', status: 'expired', created: 1_780_000_000, metadata };
    expect(await heard(type, session)).toMatchObject({
      events: [{ kind: 'collection', result: { outcome: 'refused', reason, retryElsewhere: false } }],
    });
  });

  test.each([
    ['succeeded', { outcome: 'succeeded', channelTradeNo: 'pi_1', completedAt: new Date(1_780_000_000_000) }],
    ['failed', { outcome: 'refused', reason: 'refund_failed', retryElsewhere: false, channelTradeNo: 'pi_1' }],
  ])('tells of a refund that %s', async (status, result) => {
    expect(await heard('refund.updated', { ...intent, object: 'refund', status })).toMatchObject({
      events: [{ result }],
    });
  });

  test('is not believed when it names a merchant of ours and is signed by nobody', async () => {
    const { headers, ...message } = webhook('payment_intent.succeeded', intent);
    const adapter = await adapterTo(500, {}, async () => undefined);
    expect(await adapter.parseCallback({ ...message, headers })).toEqual({
      outcome: 'rejected',
      reason: 'wrong_signature',
    });
  });
});
