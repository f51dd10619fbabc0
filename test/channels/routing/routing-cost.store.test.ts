import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import {
  channelIdSchema,
  findRoutes,
  healthReader,
  noteOutcomes,
  registerMerchantWrites,
  releaseWrites,
  reserveWrites,
  setReserve,
} from '../../../functions/channels/index.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { type Meter, meterClient, sumUsage } from '../../../local/metering.ts';
import { createTable, engines } from '../../support/engines.ts';
import { channelOf, configured, limitOf, merchantAt, morning, requestOf } from './samples.ts';

/** DynamoDB Local counts a transaction's capacity wrong. */
const counters = engines.filter(({ name }) => name === 'ministack');

describe.each(counters)('the cost of routing, counted by $name', (engine) => {
  let on: { readonly table: Awaited<ReturnType<typeof createTable>>; readonly commit: ReturnType<typeof committer> };
  let meter: Meter;

  beforeAll(async () => {
    const client = engine.client();
    on = {
      table: await createTable(client, 'channels'),
      commit: committer(client, { random: Math.random, sleepMs: async () => undefined }),
    };
    await on.commit(registerMerchantWrites(on, merchantAt('alpha')));
    await on.commit(registerMerchantWrites(on, merchantAt('beta', { priority: 20 })));
    meter = meterClient(client);
  });

  const costOf = async (act: () => Promise<unknown>) => {
    meter.read();
    await act();
    const { readUnits, writeUnits } = sumUsage(meter.read());
    return { readUnits, writeUnits };
  };
  const process = (limits: Parameters<typeof configured>[0]['limits']) => ({
    table: on.table,
    health: healthReader({ table: on.table, clock: () => morning }),
    configuration: async () =>
      configured({ channels: [channelOf('alpha'), channelOf('beta')], ...(limits && { limits }) }),
  });

  test('without limits it is 1 read unit for each channel once in five seconds, and 1 for each payment', async () => {
    const routed = process([]);
    expect(await costOf(() => findRoutes(routed, requestOf()))).toEqual({ readUnits: 3, writeUnits: 0 });
    expect(await costOf(() => findRoutes(routed, requestOf()))).toEqual({ readUnits: 1, writeUnits: 0 });
  });

  test('each limit is 1 read unit, however many slots it has, and 2 write units to take from or give back to', async () => {
    const limits = [
      limitOf({ daily: 10n ** 6n, monthly: 10n ** 7n }),
      limitOf({ id: 'card', per: 'card', daily: 10n ** 6n }),
    ];
    const routed = process(limits);
    for (let place = 0; place < 40; place++) {
      const { routes } = await findRoutes(routed, requestOf({ accountId: idFrom('acct', String(place)) }));
      await on.commit(reserveWrites(on, routes[0]?.reservations ?? []));
    }
    // two counters of each channel, and one of the card for both; the merchant numbers
    expect(await costOf(() => findRoutes(routed, requestOf()))).toEqual({ readUnits: 6, writeUnits: 0 });
    const { routes } = await findRoutes(routed, requestOf());
    const reservations = routes[0]?.reservations ?? [];
    expect(await costOf(() => on.commit(reserveWrites(on, reservations)))).toEqual({ readUnits: 0, writeUnits: 6 });
    expect(await costOf(() => on.commit(releaseWrites(on, reservations)))).toEqual({ readUnits: 0, writeUnits: 6 });
  });

  test('a merchant reserve is 2 read units where it is kept, 1 where it is not, and 24 write units to tell anew', async () => {
    const routed = process([]);
    const payout = requestOf({ product: 'payout' });
    const tell = () =>
      setReserve(
        { ...on, clock: () => morning },
        {
          channel: channelIdSchema.parse('alpha'),
          merchantNo: 'm-alpha',
          balance: money(10n ** 6n, 'CNY'),
          operator: 'op',
          operationId: ulid(),
        },
      );
    await findRoutes(routed, payout);
    expect(await costOf(() => findRoutes(routed, payout))).toEqual({ readUnits: 3, writeUnits: 0 });
    expect(await costOf(tell)).toEqual({ readUnits: 4, writeUnits: 8 });
    expect(await costOf(() => findRoutes(routed, payout))).toEqual({ readUnits: 4, writeUnits: 0 });
    expect(await costOf(tell)).toEqual({ readUnits: 4, writeUnits: 24 });
  });

  test('a hundred outcomes of one channel and minute are 1 write unit and 1 read unit', async () => {
    const outcomes = Array.from({ length: 100 }, () => ({
      channel: 'alpha',
      merchantNo: 'm-alpha',
      product: 'withholding' as const,
      at: morning,
      outcome: 'succeeded' as const,
    }));
    const observing = { table: on.table, clock: () => morning, random: () => 0 };
    expect(await costOf(() => noteOutcomes(observing, outcomes))).toEqual({ readUnits: 1, writeUnits: 1 });
  });
});
