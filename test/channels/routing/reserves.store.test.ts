import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { listChanges } from '../../../functions/channels/configuration/change-store.ts';
import {
  adapterWith,
  channelIdSchema,
  findRoutes,
  listReserves,
  type ReserveResult,
  refreshReserves,
  reserveWrites,
  setReserve,
} from '../../../functions/channels/index.ts';
import { findReserve } from '../../../functions/channels/routing/reserve-store.ts';
import { levelOf } from '../../../functions/channels/routing/tell-reserve.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { engines } from '../../support/engines.ts';
import { atOnce, type RoutingOn, register, release, reserveFor, routingOn, withConfiguration } from './routing-on.ts';
import { channelOf, configured, later, merchantAt, morning, requestOf } from './samples.ts';

const yuan = (minorUnits: bigint) => money(minorUnits, 'CNY');

describe.each(engines)('merchant reserves on $name', (engine) => {
  let on: RoutingOn;
  let now = morning;

  beforeAll(async () => {
    on = await routingOn(engine);
  });

  /** An institution of its own with one merchant number at a channel of its own. */
  async function world(name: string) {
    const channel = channelIdSchema.parse(name);
    const institutionId = idFrom('inst', name);
    await register(on, merchantAt(name, { institutionId }));
    const configuration = configured({ channels: [channelOf(name)] });
    const reserves = { ...on, clock: () => now };
    return {
      set: (balance: bigint, facts: { lowWater?: bigint | null; operationId?: string } = {}) =>
        setReserve(reserves, {
          ...{ channel, merchantNo: `m-${name}`, balance: yuan(balance), operator: 'op' },
          operationId: ulid(),
          ...facts,
        }),
      pay: (amount: bigint, at = now, account = 'member') =>
        reserveFor(
          on,
          configuration,
          requestOf({ institutionId, product: 'payout', amount: yuan(amount), at, accountId: idFrom('acct', account) }),
        ),
      verdicts: async (amount: bigint) =>
        (
          await findRoutes(
            withConfiguration(on, configuration),
            requestOf({ institutionId, product: 'payout', amount: yuan(amount), at: now }),
          )
        ).verdicts,
      plan: async (amount: bigint) =>
        (
          await findRoutes(
            withConfiguration(on, configuration),
            requestOf({ institutionId, product: 'payout', amount: yuan(amount), at: now }),
          )
        ).routes.flatMap(({ reservations }) => reservations),
      left: async () => {
        const reserve = await findReserve(on, channel, `m-${name}`);
        return reserve && (await levelOf(on, reserve)).left.amount;
      },
      refresh: (answer: () => Promise<ReserveResult>) =>
        refreshReserves({
          ...reserves,
          catalogue: async () => configuration.channels,
          adapters: { sandbox: adapterWith({ queryReserve: answer }) },
        }),
    };
  }

  test('hold nobody back until one is told, and then those that they do not cover', async () => {
    const { set, pay, verdicts } = await world('told');
    expect(await pay(10n ** 9n)).toEqual([]);
    expect(await set(1_000n)).toMatchObject({ reserve: { epoch: 1 }, left: yuan(1_000n) });
    expect(await pay(600n)).not.toHaveLength(0);
    expect(await verdicts(401n)).toMatchObject([
      { verdict: 'left', reason: 'insufficient_reserve', observed: { reserve: { left: yuan(400n) } } },
    ]);
    expect(await verdicts(400n)).toMatchObject([{ verdict: 'taken' }]);
  });

  test('are never overdrawn by two hundred payouts at once, and get back what failed', async () => {
    const { set, pay, left } = await world('busy');
    await set(10_000n);
    const amounts = Array.from({ length: 200 }, (_, place) => BigInt(30 + ((place * 53) % 200)));
    const held = await atOnce(amounts, 40, (amount, place) => pay(amount, later(place), String(place)));
    const sum = amounts.reduce((total, amount, place) => (held[place] ? total + amount : total), 0n);
    const rest = 10_000n - sum;
    expect(rest).toBeGreaterThanOrEqual(0n);
    expect(await left()).toBe(rest);
    for (const [place, amount] of amounts.entries()) if (!held[place]) expect(amount).toBeGreaterThan(rest);
    await atOnce(held, 20, (each) => release(on, each ?? []));
    expect(await left()).toBe(10_000n);
  }, 300_000);

  test('that are told anew count what was taken before no more, and get nothing back from it', async () => {
    const { set, pay, left, verdicts } = await world('anew');
    await set(1_000n);
    const before = await pay(300n);
    await set(2_000n);
    expect(await left()).toBe(2_000n);
    await release(on, before ?? []);
    expect(await left()).toBe(2_000n);
    expect(await verdicts(2_000n)).toMatchObject([{ verdict: 'taken' }]);
  });

  test('let no payout take from a balance that is no longer believed', async () => {
    const { set, pay, plan, left, refresh } = await world('closing');
    await set(9_000n);
    const planned = await plan(700n);
    await set(5_000n);
    expect((await on.commit(reserveWrites(on, planned))).committed).toBe(false);
    expect(await left()).toBe(5_000n);
    now = later(600, now);
    // payouts come while the channel is asked; its figure does not have them yet
    const report = await refresh(async () => {
      await pay(700n);
      return { outcome: 'known', balance: yuan(4_000n) };
    });
    expect(report.silent.filter(({ channel }) => channel === 'closing')).toEqual([]);
    expect(await left()).toBe(3_300n);
    const [payouts] = await Promise.all([
      atOnce(Array.from({ length: 60 }), 20, (_, place) => pay(100n, later(place, now), String(place))),
      (async () => {
        now = later(600, now);
        await refresh(async () => ({ outcome: 'known', balance: yuan(2_000n) }));
      })(),
    ]);
    // some took from the old telling, the others from the new one, which covers no more than it says
    const epochs = Map.groupBy(
      payouts.flatMap((held) => held ?? []),
      ({ counter }) => counter,
    );
    for (const taken of epochs.values()) {
      expect(taken.reduce((sum, { amount }) => sum + amount, 0n)).toBeLessThanOrEqual(3_300n);
    }
    expect(await left()).toBeGreaterThanOrEqual(0n);
  }, 120_000);

  test('stay as they were told where the channel does not answer, and are low once for each telling', async () => {
    const { set, pay, refresh, left } = await world('low');
    await set(1_000n, { lowWater: 500n });
    await pay(600n);
    const own = (those: readonly { readonly reserve: { readonly channel: string } }[]) =>
      those.filter(({ reserve }) => reserve.channel === 'low');
    const first = await refresh(async () => ({ outcome: 'not_told' }));
    expect(own(first.low)).toMatchObject([{ left: yuan(400n) }]);
    expect(own((await refresh(async () => ({ outcome: 'not_told' }))).low)).toEqual([]);

    now = later(600, now);
    const silent = await refresh(async () => ({ outcome: 'unknown', cause: 'time-out' }));
    expect(silent.silent).toContainEqual({ channel: 'low', merchantNo: 'm-low', cause: 'time-out' });
    expect(await left()).toBe(400n);
    const told = await refresh(async () => ({ outcome: 'known', balance: yuan(450n) }));
    expect(own(told.low)).toMatchObject([{ left: yuan(450n) }]);
    expect((await listReserves(on)).find(({ channel }) => channel === 'low')).toMatchObject({
      epoch: 2,
      toldBy: 'channel',
      lowWater: 500n,
    });
  });

  test('told by a retry once more stay as payouts have left them, and each telling is on record', async () => {
    const { set, pay, left } = await world('retold');
    const operationId = ulid();
    await set(1_000n, { lowWater: 500n, operationId });
    await pay(300n);
    await set(1_000n, { lowWater: 500n, operationId });
    expect(await left()).toBe(700n);
    // what is low stays as it was said before, until it is said that nothing is
    expect(await set(2_000n)).toMatchObject({ reserve: { epoch: 2, lowWater: 500n } });
    expect(await set(2_000n, { lowWater: null })).toMatchObject({ reserve: { epoch: 3, lowWater: undefined } });
    const { items } = await listChanges(on.table, { kind: 'reserves', id: 'retold/m-retold' }, { limit: 10 });
    expect(items).toMatchObject([
      { version: 3, changedBy: 'op', before: { lowWater: 500 } },
      { version: 2, before: { balance: { amount: 1_000, currency: 'CNY' } }, after: { balance: { amount: 2_000 } } },
      { version: 1, after: { balance: { amount: 1_000 }, lowWater: 500 } },
    ]);
  });

  test('are kept only of merchant numbers that there are, in their currency', async () => {
    const reserves = { ...on, clock: () => now };
    const facts = { channel: channelIdSchema.parse('told'), balance: yuan(1n), operator: 'op', operationId: ulid() };
    expect(await setReserve(reserves, { ...facts, merchantNo: 'none' })).toMatchObject({ refused: 'not_found' });
    const dollars = { ...facts, merchantNo: 'm-told', balance: money(1n, 'USD') };
    expect(await setReserve(reserves, dollars)).toMatchObject({ refused: 'currency_mismatch' });
  });
});
