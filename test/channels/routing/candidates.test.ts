import { describe, expect, test } from '@jest/globals';
import { shareFee } from '../../../functions/channels/fees.ts';
import { type Configuration, channelIdSchema } from '../../../functions/channels/index.ts';
import { ruleFor, screenMerchants } from '../../../functions/channels/routing/candidates.ts';
import { type LeftReason, leftReasons } from '../../../functions/channels/routing/route.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { channelOf, configured, institutionId, later, limitOf, merchantAt, morning, requestOf } from './samples.ts';

const alpha = channelIdSchema.parse('alpha');
const beta = channelIdSchema.parse('beta');

const screened = (
  configuration: Partial<Configuration> = {},
  { request = {}, merchant = {} }: { request?: Parameters<typeof requestOf>[0]; merchant?: object } = {},
) => {
  const all = configured({ channels: [channelOf('alpha')], ...configuration });
  const [first] = screenMerchants(all, [merchantAt('alpha', merchant)], requestOf(request));
  return first;
};

const off = { id: 'off', on: false, maintenance: [], reason: 'bank upgrade' };
const planned = { ...off, on: true, maintenance: [{ from: morning, to: later(60) }] };
const officeHours = { days: [1, 2, 3, 4, 5] as const, from: '10:16', to: '17:00' };

/** Each reason that operators or the order itself give, in what it takes and in the nearest that it does not. */
const reasons: readonly (readonly [LeftReason, () => unknown, () => unknown])[] = [
  [
    'not_routed',
    () => screened({ routes: [{ id: 'r', product: 'withholding', candidates: [{ channel: beta, priority: 1 }] }] }),
    () => screened({ routes: [{ id: 'r', product: 'payout', candidates: [{ channel: beta, priority: 1 }] }] }),
  ],
  ['channel_inactive', () => screened({ channels: [channelOf('alpha', { active: false })] }), () => screened()],
  ['channel_inactive', () => screened({ channels: [] }), () => screened()],
  ['merchant_suspended', () => screened({}, { merchant: { status: 'suspended' } }), () => screened()],
  [
    'product_not_offered',
    () => screened({}, { request: { product: 'verification' } }),
    () => screened({}, { request: { product: 'payout' } }),
  ],
  ['other_currency', () => screened({}, { merchant: { currency: 'USD' } }), () => screened()],
  ['no_agreement', () => screened({}, { request: { agreements: {} } }), () => screened()],
  [
    'no_agreement',
    () => screened({}, { request: { agreements: { alpha: { merchantNo: 'other', agreementNo: 'a' } } } }),
    () => screened({}, { request: { agreements: { alpha: { merchantNo: 'm-alpha', agreementNo: 'a' } } } }),
  ],
  ['switched_off', () => screened({ switches: [off] }), () => screened({ switches: [{ ...off, on: true }] })],
  [
    'switched_off',
    () => screened({ switches: [{ ...off, channel: alpha, bank: 'ICBC', product: 'withholding' }] }),
    () => screened({ switches: [{ ...off, channel: alpha, bank: 'ABC', product: 'withholding' }] }),
  ],
  [
    'switched_off',
    () => screened({ switches: [{ ...off, bank: 'ICBC' }] }),
    () => screened({ switches: [{ ...off, bank: 'ICBC' }] }, { request: { bank: undefined } }),
  ],
  [
    'under_maintenance',
    () => screened({ switches: [planned] }, { request: { at: later(59) } }),
    () => screened({ switches: [planned] }, { request: { at: later(60) } }),
  ],
  [
    'outside_hours',
    () =>
      screened({
        channels: [channelOf('alpha', { products: { withholding: { cost: shareFee(60n), hours: [officeHours] } } })],
      }),
    () =>
      screened(
        {
          channels: [channelOf('alpha', { products: { withholding: { cost: shareFee(60n), hours: [officeHours] } } })],
        },
        { request: { at: later(60) } },
      ),
  ],
  [
    'below_minimum',
    () => screened({ limits: [limitOf({ minimum: 10_001n })] }),
    () => screened({ limits: [limitOf({ minimum: 10_000n })] }),
  ],
  [
    'above_maximum',
    () => screened({ limits: [limitOf({ maximum: 9_999n })] }),
    () => screened({ limits: [limitOf({ maximum: 10_000n })] }),
  ],
  [
    'above_maximum',
    () => screened({ limits: [limitOf({ maximum: 9_999n })] }),
    () => screened({ limits: [limitOf({ maximum: 9_999n, currency: 'USD' })] }),
  ],
];

describe('a merchant number is left', () => {
  test.each(reasons)('for %s, and only where that holds', (reason, where, whereNot) => {
    expect(where()).toMatchObject({ reason });
    expect(whereNot()).not.toHaveProperty('reason');
  });

  test('for the first reason in their order', () => {
    const configuration = { switches: [off, planned], limits: [limitOf({ maximum: 1n })] };
    expect(screened(configuration)).toMatchObject({ reason: 'switched_off' });
    expect(screened({ ...configuration, switches: [planned] })).toMatchObject({ reason: 'under_maintenance' });
    expect(leftReasons.indexOf('switched_off')).toBeLessThan(leftReasons.indexOf('under_maintenance'));
  });

  test('by no limit of amounts for a verification, which moves none', () => {
    const channels = [channelOf('alpha', { products: { verification: { cost: shareFee(0n) } } })];
    const limits = [limitOf({ minimum: 100n, daily: 1_000n })];
    const request = { product: 'verification', amount: money(0n, 'CNY') } as const;
    expect(screened({ channels, limits }, { request })).toMatchObject({ counters: [] });
    expect(screened({ limits }, { request: { amount: money(0n, 'CNY') } })).toMatchObject({ reason: 'below_minimum' });
  });
});

describe('the rule that is followed', () => {
  const rule = (id: string, facts: object) => ({ id, product: 'withholding' as const, candidates: [], ...facts });
  const forAll = rule('for-all', {});
  const bank = rule('bank', { bank: 'ICBC' });
  const own = rule('own', { institution: institutionId });
  const ownBank = rule('own-bank', { institution: institutionId, bank: 'ICBC' });
  const foreign = rule('foreign', { institution: idFrom('inst', 'lakeside'), bank: 'ICBC' });
  const otherBank = rule('other-bank', { institution: institutionId, bank: 'ABC' });

  test.each([
    ['own-bank', [forAll, bank, own, ownBank, foreign, otherBank]],
    ['own', [forAll, bank, own, foreign, otherBank]],
    ['bank', [forAll, bank, foreign, otherBank]],
    ['for-all', [forAll, foreign, otherBank]],
    [undefined, [foreign, otherBank]],
  ] as const)('is %s, the most specific that fits', (id, rules) => {
    expect(ruleFor(rules, requestOf())?.id).toBe(id);
    expect(ruleFor(rules.toReversed(), requestOf())?.id).toBe(id);
  });

  test('gives its own priorities, one for a merchant number before one for its channel', () => {
    const candidates = [
      { channel: alpha, priority: 7 },
      { channel: alpha, merchantNo: 'm-alpha', priority: 8 },
    ];
    const routes = [{ id: 'r', product: 'withholding' as const, candidates }];
    expect(screened({ routes })).toMatchObject({ priority: 8 });
    expect(screened({ routes }, { merchant: { merchantNo: 'another' } })).toMatchObject({ priority: 7 });
    expect(screened()).toMatchObject({ priority: 10 });
  });
});

test('a candidate knows what it costs on its channel’s own day, and what counts it', () => {
  const limits = [
    limitOf({ id: 'day', daily: 100n, monthly: 200n }),
    limitOf({ id: 'card', per: 'card', daily: 100n }),
    limitOf({ id: 'account', per: 'account', monthly: 300n, channel: beta }),
  ];
  const at = new Date('2026-11-30T16:00:00.000Z'); // the first of December in Shanghai
  const found = screened({ limits }, { request: { at, bindingId: undefined } });
  expect(found).toMatchObject({
    cost: money(60n, 'CNY'),
    counters: [
      { key: 'LIMIT#day#channel#alpha#CNY#2026-12-01', limit: 100n, period: 'daily' },
      { key: 'LIMIT#day#channel#alpha#CNY#2026-12', limit: 200n, period: 'monthly' },
    ],
  });
});
