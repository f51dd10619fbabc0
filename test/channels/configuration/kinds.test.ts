import { describe, expect, test } from '@jest/globals';
import { type KindName, kindNames } from '../../../functions/channels/configuration/kinds/kind-names.ts';
import { kinds } from '../../../functions/channels/configuration/kinds/kinds.ts';
import { sandboxConfiguration } from '../../../functions/channels/index.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { errorsOf, flawsOf, goodValues, share, surroundings } from './surroundings.ts';

const ours = idFrom('inst', 'ours');
const theirs = idFrom('inst', 'theirs');

describe.each(kindNames)('a good value of kind %s', (name) => {
  const { id, value } = goodValues[name];

  test('is let through, and as it was sent', () => {
    expect(kinds[name].schema.parse(value)).toEqual(value);
    expect(id).toMatch(kinds[name].id.pattern);
  });

  test('has no flaw', async () => {
    expect(await flawsOf(name, {})).toEqual([]);
  });

  test('may have no field that nobody knows', () => {
    expect(errorsOf(name, { colour: 'red' })).toEqual([expect.stringMatching(/colour/)]);
  });
});

describe('a channel that we know by its statements alone', () => {
  const values = { adapter: 'statements-only', products: {} };

  test('speaks no language and offers nothing', async () => {
    expect(errorsOf('channels', values)).toEqual([]);
    expect(await flawsOf('channels', values)).toEqual([]);
  });

  test('can offer no product', async () => {
    const offering = { ...values, products: { payout: { cost: [share(1)] } } };
    const [flaw] = await flawsOf('channels', offering);
    expect(flaw).toMatch(/the adapter statements-only can't/);
  });
});

describe('an id', () => {
  test.each([
    ['banks', 'icbc'],
    ['banks', 'I'],
    ['channels', 'City'],
    ['channels', '1-bank'],
    ['card-bins', '621'],
    ['card-bins', '62170012345'],
    ['card-bins', '62x7'],
    ['switches', 'Harbour'],
    ['limits', '-cards'],
  ] as const)('of kind %s is not %s', (name, id) => {
    expect(id).not.toMatch(kinds[name].id.pattern);
  });
});

describe('what a schema turns away', () => {
  const tiers = (...all: object[]) => ({ schedule: [{ from: '2026-01-01', tiers: all }] });
  const first = { flat: 0, basisPoints: 10 };

  test.each<[KindName, string, Record<string, unknown>, string]>([
    ['banks', 'a bank without a Chinese name', { name: { en: 'Bank' } }, 'name.zh'],
    ['channels', 'no product at all', { products: {} }, 'products: names no product'],
    ['channels', 'an unknown product', { products: { loan: { cost: [share(1)] } } }, 'products'],
    ['channels', 'an unknown adapter', { adapter: 'carrier-pigeon' }, 'adapter'],
    ['channels', 'a time zone that is none', { timeZone: 'Asia/Atlantis' }, 'timeZone: is no IANA time zone'],
    ['channels', 'an offset for a time zone', { timeZone: '+08:00' }, 'timeZone: is no IANA time zone'],
    [
      'channels',
      'hours that end before they begin',
      { products: { payout: { cost: [share(1)], hours: [{ days: [1], from: '22:00', to: '06:00' }] } } },
      'products.payout.hours.0.to: must be later than from',
    ],
    [
      'channels',
      'an hour that no clock shows',
      { products: { payout: { cost: [share(1)], hours: [{ days: [8], from: '08:60', to: '25:00' }] } } },
      'products.payout.hours.0.days.0',
    ],
    [
      'switches',
      'a window that ends before it begins',
      { maintenance: [{ from: '2026-03-01T05:00:00+08:00', to: '2026-03-01T02:00:00+08:00' }] },
      'maintenance.0.to: must be later than from',
    ],
    [
      'switches',
      'a window of no length, written in two zones',
      { maintenance: [{ from: '2026-03-01T05:00:00+08:00', to: '2026-02-28T21:00:00Z' }] },
      'maintenance.0.to: must be later than from',
    ],
    [
      'switches',
      'a time without a zone',
      { maintenance: [{ from: '2026-03-01T05:00:00', to: '2027-01-01T00:00:00Z' }] },
      'maintenance.0.from',
    ],
    ['switches', 'no reason', { reason: ' ' }, 'reason'],
    ['limits', 'a minimum above the maximum', { minimum: 5_001 }, 'maximum: must not be less than the minimum'],
    ['limits', 'a day below the minimum', { daily: 99 }, 'daily: must not be less than the minimum'],
    ['limits', 'a month below the day', { monthly: 19_999 }, 'monthly: must not be less than the daily limit'],
    ['limits', 'no limit at all', { minimum: undefined, maximum: undefined, daily: undefined }, 'maximum: one of'],
    ['limits', 'a part of a minor unit', { maximum: 100.5 }, 'maximum'],
    ['limits', 'more than JSON carries exactly', { maximum: 2 ** 53 }, 'maximum'],
    ['limits', 'a currency that we do not book', { currency: 'XYZ' }, 'currency'],
    ['routes', 'no candidate', { candidates: [] }, 'candidates'],
    [
      'routes',
      'a priority that would not sort',
      { candidates: [{ channel: 'sandbox-bank', priority: 1_000_000 }] },
      'candidates.0.priority',
    ],
    ['routes', 'an institution that is none', { institution: '*' }, 'institution'],
    [
      'fees',
      'a tier that overlaps the one before',
      tiers({ ...first, upTo: 100 }, { ...first, upTo: 100 }, first),
      'schedule.0.tiers.1.upTo: overlaps',
    ],
    [
      'fees',
      'an open tier in the middle',
      tiers(first, first),
      'schedule.0.tiers.0.upTo: may be left out of the last tier only',
    ],
    ['fees', 'a last tier that ends', tiers({ ...first, upTo: 100 }), 'schedule.0.tiers.0.upTo: must be left out'],
    ['fees', 'a negative fee', tiers({ flat: -1, basisPoints: 0 }), 'schedule.0.tiers.0.flat'],
    ['fees', 'more than the whole', tiers({ flat: 0, basisPoints: 10_001 }), 'schedule.0.tiers.0.basisPoints'],
    ['fees', 'two versions of one day', { schedule: [share(1), share(2)] }, 'schedule.1.from: must be later'],
    ['fees', 'a day that no calendar has', { schedule: [share(1, '2026-02-30')] }, 'schedule.0.from'],
    [
      'fees',
      'a maximum below the minimum',
      { schedule: [{ ...share(1), minimum: 5, maximum: 4 }] },
      'schedule.0.maximum',
    ],
    ['card-bins', 'a type that no card has', { cardType: 'gold' }, 'cardType'],
    ['reconciliation-policies', 'a tolerance below zero', { tolerance: { amount: -1, fee: 0 } }, 'tolerance.amount'],
    [
      'reconciliation-policies',
      'a window longer than a day',
      { carryOver: { windowMinutes: 1_441, days: 1 } },
      'carryOver.windowMinutes',
    ],
    [
      'reconciliation-policies',
      'a rule that names an account',
      { automatic: [{ types: ['missing_in_books'], upTo: 1, resolution: 'credit_account' }] },
      'automatic.0.resolution',
    ],
    [
      'reconciliation-policies',
      'a high severity below the medium one',
      { severity: { medium: 2, high: 1 } },
      'severity.high: must not be less than medium',
    ],
  ])('of kind %s: %s', (name, _, changes, expected) => {
    expect(errorsOf(name, changes)[0]).toContain(expected);
  });
});

describe('what the rest of the configuration forbids', () => {
  test.each<[KindName, string, Record<string, unknown>, string]>([
    ['switches', 'an unknown bank', { bank: 'NOWHERE' }, 'bank: there is no bank NOWHERE'],
    ['switches', 'an unknown channel', { channel: 'nowhere' }, 'channel: there is no channel nowhere'],
    [
      'limits',
      'a product that the channel lacks',
      { channel: 'sandbox-wallet', product: 'payout' },
      'channel: sandbox-wallet does not offer payout',
    ],
    ['card-bins', 'an unknown bank', { bank: 'NOWHERE' }, 'bank: there is no bank NOWHERE'],
    ['reconciliation-policies', 'an unknown channel', { channel: 'nowhere' }, 'channel: there is no channel nowhere'],
    ['arrival-rules', 'an unknown merchant number', { merchantNo: 'M9' }, 'merchantNo: sandbox-wallet has no merchant'],
    [
      'arrival-rules',
      'the merchant number itself',
      { bank: { channel: 'sandbox-wallet', merchantNo: 'settled-1' } },
      'bank: is the merchant number itself',
    ],
    [
      'reconciliation-policies',
      'a merchant number that is not registered',
      { merchantNo: '1' },
      'merchantNo: sandbox-bank has no merchant number 1',
    ],
    [
      'reconciliation-policies',
      'a merchant number of all channels',
      { channel: '*', merchantNo: '1' },
      'merchantNo: is of one channel, not of all',
    ],
    [
      'reconciliation-policies',
      'a resolution that does not fit the type',
      { automatic: [{ types: ['fee_mismatch', 'duplicate'], upTo: 1, resolution: 'adjust_fee' }] },
      'automatic.0.resolution: is none for duplicate',
    ],
    [
      'channels',
      'an adapter that this stage lacks',
      { adapter: 'stripe' },
      'adapter: this stage has no adapter stripe',
    ],
    ['routes', 'an unknown bank', { bank: 'NOWHERE' }, 'bank: there is no bank NOWHERE'],
    [
      'routes',
      'a product that the channel lacks',
      { product: 'payout', candidates: [{ channel: 'sandbox-wallet', priority: 1 }] },
      'candidates.0.channel: sandbox-wallet does not offer payout',
    ],
    [
      'routes',
      'a merchant number that is not registered',
      { candidates: [{ channel: 'sandbox-bank', merchantNo: '1', priority: 1 }] },
      'candidates.0.merchantNo: sandbox-bank has no merchant number 1',
    ],
    [
      'routes',
      'a candidate named twice',
      { candidates: [1, 2].map((priority) => ({ channel: 'sandbox-bank', priority })) },
      'candidates.1: is named twice',
    ],
  ])('for kind %s: %s', async (name, _, changes, expected) => {
    expect(await flawsOf(name, changes)).toEqual([expect.stringContaining(expected)]);
  });

  test('every flaw is told, not just the first', async () => {
    expect(await flawsOf('switches', { bank: 'NOWHERE', channel: 'nowhere' })).toHaveLength(2);
  });

  test('a product that needs what the adapter lacks', async () => {
    const around = { ...surroundings(), operationsOf: () => ['collect', 'query', 'cancel'] };
    expect(await flawsOf('channels', {}, around)).toEqual(["products.payout: the adapter sandbox can't payout"]);
  });

  test('a product of an adapter that can neither say what became of an order nor close it', async () => {
    const around = { ...surroundings(), operationsOf: () => ['collect', 'payout'] };
    expect(await flawsOf('channels', {}, around)).toEqual([
      "products.withholding: the adapter sandbox can't query, cancel",
      "products.payout: the adapter sandbox can't query, cancel",
    ]);
  });

  test("another institution's merchant number in a route of one institution", async () => {
    const { channel } = { channel: 'sandbox-bank' as never }; // shaped like a channel's id
    const around = surroundings({}, [{ channel, merchantNo: '1', institutionId: theirs }]);
    const candidates = [{ channel: 'sandbox-bank', merchantNo: '1', priority: 1 }];
    expect(await flawsOf('routes', { institution: theirs, candidates }, around)).toEqual([]);
    expect(await flawsOf('routes', { institution: ours, candidates }, around)).toEqual([
      'candidates.0.merchantNo: 1 belongs to another institution',
    ]);
  });

  test.each(['routes', 'fees'] as const)('a second one of kind %s for the same orders', async (name) => {
    const twin = kinds[name].read('twin', goodValues[name].value);
    expect(await flawsOf(name, {}, surroundings({ [name]: [twin] }))).toEqual([expect.stringContaining('twin')]);
    const itself = kinds[name].read(goodValues[name].id, goodValues[name].value);
    expect(await flawsOf(name, {}, surroundings({ [name]: [itself] }))).toEqual([]);
  });
});

test('a second policy for the same channel and merchant number', async () => {
  const { value } = goodValues['reconciliation-policies'];
  const beside = (...stored: { id: string; value: unknown }[]) =>
    flawsOf('reconciliation-policies', {}, surroundings({}, [], stored));
  expect(await beside({ id: 'twin', value })).toEqual([expect.stringContaining('twin')]);
  expect(await beside({ id: 'sandbox-bank', value })).toEqual([]);
  expect(await beside({ id: 'all', value: { ...value, channel: '*' } })).toEqual([]);
});

describe('what routing reads', () => {
  test('has amounts as bigint and times as instants', () => {
    expect(kinds.limits.read('cards', goodValues.limits.value)).toMatchObject({
      id: 'cards',
      minimum: 100n,
      daily: 20_000n,
    });
    expect(kinds.switches.read('s', goodValues.switches.value).maintenance).toEqual([
      { from: new Date('2026-02-28T18:00:00Z'), to: new Date('2026-02-28T21:00:00Z') },
    ]);
    expect(kinds.fees.read('f', goodValues.fees.value).schedule).toEqual([
      { from: '2026-01-01', fee: { tiers: [{ flat: 0n, basisPoints: 10n }] } },
    ]);
  });
});

describe('what is built in where the sandbox is deployed', () => {
  test.each(sandboxConfiguration.map((entry) => [`${entry.kind} ${entry.id}`, entry] as const))(
    '%s is such that an operator could have put it',
    (_, { kind, id, value }) => {
      expect(kinds[kind].schema.parse(value)).toEqual(value);
      expect(id).toMatch(kinds[kind].id.pattern);
    },
  );
});
