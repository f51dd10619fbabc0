import { describe, expect, test } from '@jest/globals';
import {
  type ChannelAdapter,
  type CollectOrder,
  type CollectResult,
  type PayoutOrder,
  sandboxAdapter,
} from '../../functions/channels/index.ts';
import { money } from '../../functions/kernel/money.ts';
import {
  agreementOn as agreementThrough,
  bindRequest,
  control,
  deployedSandbox,
  merchantWithKeys,
  newMerchant,
  newOrder,
  newPayout,
} from './deployed-sandbox.ts';

const adapter: ChannelAdapter = sandboxAdapter(deployedSandbox());

const agreementOn = (merchant: ReturnType<typeof newMerchant>, card: string) =>
  agreementThrough(adapter, merchant, card);

const asCollection = (order: CollectOrder) => ({ ...order, kind: 'collection' as const });
const asPayout = (order: PayoutOrder) => ({ ...order, kind: 'payout' as const });

const succeeded = {
  outcome: 'succeeded',
  channelTradeNo: expect.stringMatching(/^4200\d{24}$/),
  completedAt: expect.any(Date),
};
const refused = (reason: string, retryElsewhere = false) => ({ outcome: 'refused', reason, retryElsewhere });
const unknown = { outcome: 'unknown', cause: expect.any(String) };
const tooLate = { outcome: 'unknown', cause: 'no answer in time' };

interface CardCase {
  readonly card: string;
  readonly behaviour: string;
  readonly first: unknown;
  readonly queries: readonly object[];
}

const cards: readonly CardCase[] = [
  { card: '6200000000000005', behaviour: 'succeeds', first: succeeded, queries: [succeeded] },
  {
    card: '6200000000000104',
    behaviour: 'is refused for good',
    first: refused('insufficient_balance'),
    queries: [refused('insufficient_balance')],
  },
  {
    card: '6200000000000112',
    behaviour: 'is refused and may be tried elsewhere',
    first: refused('channel_busy', true),
    queries: [refused('channel_busy', true)],
  },
  { card: '6200000000000203', behaviour: 'times out though money moved', first: tooLate, queries: [succeeded] },
  {
    card: '6200000000000211',
    behaviour: 'times out and failed',
    first: tooLate,
    queries: [refused('insufficient_balance')],
  },
  {
    card: '6200000000000229',
    behaviour: 'times out and never arrives',
    first: tooLate,
    queries: [{ outcome: 'not_found' }, { outcome: 'not_found' }],
  },
  { card: '6200000000000302', behaviour: 'succeeds late', first: succeeded, queries: [succeeded] },
  {
    card: '6200000000000310',
    behaviour: 'stays unknown for three queries',
    first: unknown,
    queries: [unknown, unknown, unknown, succeeded],
  },
  {
    card: '6200000000000328',
    behaviour: 'stays unknown until the statement',
    first: unknown,
    queries: [unknown, unknown, unknown, unknown, unknown],
  },
  { card: '6200000000000401', behaviour: 'succeeds, to be returned later', first: succeeded, queries: [succeeded] },
];

describe('an order through the sandbox', () => {
  test.each(cards)('with card $card $behaviour', async ({ card, first, queries }) => {
    const merchant = newMerchant('sandbox-bank');
    const agreementNo = await agreementOn(merchant, card);
    const collection = newOrder(merchant, agreementNo);
    const payout = newPayout(merchant, agreementNo);
    const orders = [
      { send: () => adapter.collect(collection), reference: asCollection(collection) },
      { send: () => adapter.payout(payout), reference: asPayout(payout) },
    ];
    await Promise.all(
      orders.map(async ({ send, reference }) => {
        expect(await send()).toEqual(first);
        for (const expected of queries) expect(await adapter.query(reference)).toMatchObject(expected);
      }),
    );
  });

  test('gives the same answer to the same order, and moves money once', async () => {
    const merchant = newMerchant('sandbox-wallet');
    const order = newOrder(merchant, await agreementOn(merchant, '6200000000000005'));

    const answers: CollectResult[] = [];
    for (const answer of await Promise.all([adapter.collect(order), adapter.collect(order)])) answers.push(answer);
    answers.push(await adapter.collect(order));

    expect(answers[0]).toEqual(succeeded);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(
      answers[0]?.outcome === 'succeeded' ? answers[0].completedAt : undefined,
    );
    expect(await control('/control/days', { ...merchant, date })).toMatchObject({
      lines: [{ orderNo: order.channelOrderNo, amount: 10_000, fee: 60 }],
    });
  });

  test('says nothing definite to another order under a used number', async () => {
    const merchant = newMerchant('sandbox-wallet');
    const order = newOrder(merchant, await agreementOn(merchant, '6200000000000005'));
    await adapter.collect(order);

    expect(await adapter.collect({ ...order, amount: money(99n, 'CNY') })).toEqual(unknown);
    expect(await adapter.query(asCollection(order))).toEqual({ ...succeeded, amount: order.amount });
  });

  test('is refused when its number was closed before it arrived', async () => {
    const merchant = newMerchant('sandbox-wallet');
    const order = newOrder(merchant, await agreementOn(merchant, '6200000000000229'));
    expect(await adapter.collect(order)).toEqual(tooLate);

    expect(await adapter.cancel(asCollection(order))).toEqual(refused('order_closed'));
    expect(await adapter.query(asCollection(order))).toEqual(refused('order_closed'));
    const other = await agreementOn(merchant, '6200000000000005');
    expect(await adapter.collect({ ...order, agreementNo: other })).toEqual(refused('order_closed'));
  });

  test('tells what became of it when it is closed too late', async () => {
    const merchant = newMerchant('sandbox-wallet');
    const order = newOrder(merchant, await agreementOn(merchant, '6200000000000203'));
    await adapter.collect(order);

    expect(await adapter.cancel(asCollection(order))).toEqual(succeeded);
  });

  test('is refused on an agreement of another merchant and for a product that the channel lacks', async () => {
    const mine = newMerchant('sandbox-wallet');
    const other = newMerchant('sandbox-wallet');
    const agreementNo = await agreementOn(other, '6200000000000005');

    expect(await adapter.collect(newOrder(mine, agreementNo))).toEqual(refused('agreement_unknown'));
    expect(await adapter.payout(newPayout(other, agreementNo))).toEqual(refused('product_not_offered'));
  });

  test('takes the behaviours queued for its merchant, one each, before its card', async () => {
    const merchant = newMerchant('sandbox-wallet');
    const agreementNo = await agreementOn(merchant, '6200000000000005');
    await control('/control/behaviours', { ...merchant, behaviours: ['refuse_channel_busy', 'process_three_queries'] });

    const answers: CollectResult[] = [];
    for (let count = 0; count < 3; count++) answers.push(await adapter.collect(newOrder(merchant, agreementNo)));

    expect(answers).toEqual([refused('channel_busy', true), unknown, succeeded]);
  });
});

describe('binding a card at the sandbox', () => {
  test('gives the same agreement for the same request', async () => {
    const request = bindRequest(newMerchant('sandbox-wallet'), '6200000000000005');

    const first = await adapter.bind(request);

    expect(first).toEqual({ outcome: 'succeeded', agreementNo: expect.stringMatching(/^[0-9A-Z]{26}$/) });
    expect(await adapter.bind(request)).toEqual(first);
  });

  test.each([
    ['6200000000000500', { outcome: 'refused', reason: 'card_details_mismatch' }],
    ['6200000000000006', { outcome: 'refused', reason: 'invalid_card_number' }],
    ['6200000000000518', tooLate],
  ])('with card %s is refused or unknown', async (card, expected) => {
    expect(await adapter.bind(bindRequest(newMerchant('sandbox-wallet'), card))).toEqual(expected);
  });
});

describe('the line between center and sandbox', () => {
  const order = asCollection(newOrder(newMerchant('sandbox-wallet'), 'AGREEMENT'));

  test('is unknown, not refused, when the secrets differ', async () => {
    const stranger = sandboxAdapter({ ...deployedSandbox(), secret: async () => 'another secret' });
    expect(await stranger.query(order)).toEqual({
      outcome: 'unknown',
      cause: 'an answer of status 401 without a good signature',
    });
  });

  test('is unknown when nobody listens', async () => {
    const nobody = sandboxAdapter({ ...deployedSandbox(), baseUrl: 'http://localhost:1' });
    expect(await nobody.query(order)).toEqual({ outcome: 'unknown', cause: expect.stringContaining('line is broken') });
  });

  test('carries a request once: the same nonce is turned away', async () => {
    const repeating = sandboxAdapter({ ...deployedSandbox(), newNonce: () => `replay-${order.channelOrderNo}` });
    expect(await repeating.query(order)).toEqual({ outcome: 'not_found' });
    expect(await repeating.query(order)).toEqual({ outcome: 'unknown', cause: 'an answer of status 401' });
  });

  test('turns away a request that was signed long ago', async () => {
    const old = sandboxAdapter({ ...deployedSandbox(), clock: () => new Date(Date.now() - 10 * 60 * 1000) });
    expect(await old.query(order)).toEqual(unknown);
  });

  test('is closed to the shared secret for a merchant that has one of its own', async () => {
    const own = asCollection(newOrder(await merchantWithKeys('sandbox-wallet'), 'AGREEMENT'));
    expect(await adapter.query(own)).toEqual({
      outcome: 'unknown',
      cause: 'an answer of status 401 without a good signature',
    });
  });
});
