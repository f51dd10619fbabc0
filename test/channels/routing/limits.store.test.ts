import { beforeAll, describe, expect, test } from '@jest/globals';
import { exchangeWrites, findRoutes, releaseWrites, reserveWrites } from '../../../functions/channels/index.ts';
import { readCounter } from '../../../functions/channels/routing/counter-store.ts';
import { roomIn } from '../../../functions/channels/routing/counters.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { getItem } from '../../../functions/kernel/table.ts';
import { engines } from '../../support/engines.ts';
import { atOnce, type RoutingOn, register, release, reserveFor, routingOn, withConfiguration } from './routing-on.ts';
import { channelOf, configured, later, limitOf, merchantAt, requestOf } from './samples.ts';

const payments = Array.from({ length: 300 }, (_, place) => place);

/** Whose amounts differ, so that the last room is scattered over the slots. */
const paymentRequest = (place: number) =>
  requestOf({
    accountId: idFrom('acct', String(place % 40)),
    bindingId: idFrom('bind', String(place % 50)),
    amount: money(BigInt(50 + ((place * 37) % 400)), 'CNY'),
    at: later(place),
  });

describe.each(engines)('limits on $name', (engine) => {
  let on: RoutingOn;

  beforeAll(async () => {
    on = await routingOn(engine);
    await register(on, merchantAt('alpha'));
  });

  const takenFrom = async (key: string): Promise<bigint> => -roomIn({ limit: 0n }, await readCounter(on, key));

  test('are never passed by three hundred payments at once, and nothing is refused while there is room', async () => {
    const total = 20_000n;
    const limits = [
      limitOf({ id: 'channel-day', daily: total, monthly: 2n * total }),
      limitOf({ id: 'account-day', per: 'account', daily: 900n }),
    ];
    const configuration = configured({ channels: [channelOf('alpha')], limits });
    const held = await atOnce(payments, 40, (place) => reserveFor(on, configuration, paymentRequest(place)));

    const sumOf = (places: readonly number[]): bigint =>
      places.reduce((sum, place) => sum + paymentRequest(place).amount.amount, 0n);
    const taken = payments.filter((place) => held[place]);
    const day = 'LIMIT#channel-day#channel#alpha#CNY#2026-11-23';
    expect(await takenFrom(day)).toBe(sumOf(taken));
    expect(await takenFrom('LIMIT#channel-day#channel#alpha#CNY#2026-11')).toBe(sumOf(taken));
    expect(sumOf(taken)).toBeLessThanOrEqual(total);
    for (const account of Array.from({ length: 40 }, (_, name) => name)) {
      const those = taken.filter((place) => place % 40 === account);
      expect(sumOf(those)).toBeLessThanOrEqual(900n);
    }
    // counters only grew, so what there is no room for now was refused for a reason
    for (const place of payments.filter((each) => !held[each])) {
      const again = await findRoutes(withConfiguration(on, configuration), paymentRequest(place));
      expect(again.verdicts).toMatchObject([{ verdict: 'left', reason: 'limit_exceeded' }]);
    }

    // every second payment fails while others are tried again: what failed is given back, exactly
    const failing = taken.filter((_, place) => place % 2 === 0);
    await atOnce(failing, 20, async (place) => release(on, held[place] ?? []));
    expect(await takenFrom(day)).toBe(sumOf(taken) - sumOf(failing));
    await atOnce(
      taken.filter((place) => !failing.includes(place)),
      20,
      async (place) => release(on, held[place] ?? []),
    );
    expect(await takenFrom(day)).toBe(0n);
  }, 300_000);

  test('let an order in that only the scattered rest of all slots has room for', async () => {
    const configuration = configured({
      channels: [channelOf('alpha')],
      limits: [limitOf({ id: 'scattered', daily: 1_600n })],
    });
    const pay = (minorUnits: bigint, at: Date) =>
      reserveFor(on, configuration, requestOf({ amount: money(minorUnits, 'CNY'), at }));
    for (let slot = 0; slot < 16; slot++) expect(await pay(90n, later(slot))).toHaveLength(1);
    expect(await pay(161n, later(20))).toBeUndefined();
    expect(await pay(160n, later(21))).toHaveLength(16);
    expect(await pay(1n, later(22))).toBeUndefined();
  });

  test('break the write of a payment that planned with room which is gone', async () => {
    const configuration = configured({
      channels: [channelOf('alpha')],
      limits: [limitOf({ id: 'late', per: 'account', daily: 100n })],
    });
    const request = requestOf({ amount: money(60n, 'CNY') });
    const [first, second] = await Promise.all(
      [1, 2].map(() => findRoutes(withConfiguration(on, configuration), request)),
    );
    const commit = (routing: typeof first) => on.commit(reserveWrites(on, routing?.routes[0]?.reservations ?? []));
    expect((await commit(first)).committed).toBe(true);
    expect((await commit(second)).committed).toBe(false);
  });

  test('are moved by the difference alone when a payment goes to another channel', async () => {
    await register(on, merchantAt('beta', { priority: 20, institutionId: idFrom('inst', 'two') }));
    await register(on, merchantAt('alpha', { merchantNo: 'second', institutionId: idFrom('inst', 'two') }));
    const configuration = configured({
      channels: [channelOf('alpha'), channelOf('beta')],
      limits: [
        limitOf({ id: 'move-account', per: 'account', daily: 100n }),
        limitOf({ id: 'move-channel', daily: 16_000n }),
      ],
    });
    const request = requestOf({ institutionId: idFrom('inst', 'two'), amount: money(100n, 'CNY') });
    const { routes } = await findRoutes(withConfiguration(on, configuration), request);
    const [from, to] = routes.map(({ reservations }) => reservations);
    if (!from || !to) throw new Error('there are two routes');
    await on.commit(reserveWrites(on, from));
    const writes = exchangeWrites(on, { release: from, reserve: to });

    expect(writes).toHaveLength(2);
    expect((await on.commit(writes)).committed).toBe(true);
    const account = `LIMIT#move-account#account#${request.accountId}#CNY#2026-11-23`;
    expect(await takenFrom(account)).toBe(100n);
    expect(await takenFrom('LIMIT#move-channel#channel#alpha#CNY#2026-11-23')).toBe(0n);
    expect(await takenFrom('LIMIT#move-channel#channel#beta#CNY#2026-11-23')).toBe(100n);

    // looked for again, the payment is not in its own way
    const again = { ...request, held: to };
    expect((await findRoutes(withConfiguration(on, configuration), again)).routes).toHaveLength(2);
    expect((await findRoutes(withConfiguration(on, configuration), request)).routes).toHaveLength(0);
  });

  test('are counted by the day and month of the channel, and forgotten two months later', async () => {
    const newYork = channelOf('alpha', { timeZone: 'America/New_York' });
    const configuration = configured({
      channels: [newYork],
      limits: [limitOf({ id: 'zone', daily: 9n, monthly: 9n })],
    });
    const at = new Date('2026-12-01T02:00:00.000Z'); // still November over there
    const held = await reserveFor(on, configuration, requestOf({ amount: money(9n, 'CNY'), at }));
    const keys = [...new Set(held?.map(({ counter }) => counter))];
    expect(keys).toEqual(['LIMIT#zone#channel#alpha#CNY#2026-11-30', 'LIMIT#zone#channel#alpha#CNY#2026-11']);
    const item = await getItem(on.table, { pk: keys[0] ?? '', sk: `SLOT#${held?.[0]?.slot}` });
    expect(item?.['expiresAt']).toBe(BigInt(Date.parse('2027-01-31T00:00:00Z') / 1000));
    await on.commit(releaseWrites(on, held ?? []));
    for (const key of keys) expect(await takenFrom(key)).toBe(0n);
  });
});
