import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AccountingDate, addDays } from '../../functions/kernel/clock.ts';
import type { Table } from '../../functions/kernel/table.ts';
import type { Carried } from '../../functions/reconciliation/carry-over.ts';
import {
  claimCarried,
  deleteCarried,
  putCarried,
  readClaimedPayments,
  readPool,
  readWaiting,
  releaseCarried,
} from '../../functions/reconciliation/carry-store.ts';
import { createTable, engines } from '../support/engines.ts';
import { expectation } from './sample-day.ts';

const date = '2026-03-01' as AccountingDate; // a real day
const next = addDays(date, 1);
const dayOf = (channel: string, day = date) => ({ channel, merchantNo: '880001', date: day });
const payment: Carried = { side: 'own', expectation: expectation(), origin: date, version: 1 };
const line: Carried = {
  side: 'channel',
  line: {
    ...{
      lineNumber: 7,
      kind: 'collection',
      ourReference: 'order-1',
      channelReference: 'trade-1',
      amount: 10_000n,
      fee: 60n,
    },
    ...{ currency: 'CNY', status: 'succeeded', at: new Date('2026-03-01T15:59:00Z') },
  },
  origin: date,
  version: 1,
};

describe.each(engines)('the pool of what waits, on $name', (engine) => {
  let table: Table;
  beforeAll(async () => {
    table = await createTable(engine.client(), 'reconciliation');
  });

  test('gives back both sides as they were, the line without its place in a file of another day', async () => {
    const day = dayOf('both');
    expect(await putCarried(table, day, payment)).toBe(true);
    expect(await putCarried(table, day, line)).toBe(true);
    const pool = await readPool(table, day, 1);
    expect(pool.find(({ side }) => side === 'own')).toEqual(payment);
    expect(pool.find(({ side }) => side === 'channel')).toMatchObject({
      line: { lineNumber: 0, ourReference: 'order-1' },
    });
  });

  test('of one channel is never read for another, though the merchant number is the same', async () => {
    await putCarried(table, dayOf('here'), payment);
    expect(await readPool(table, dayOf('there'), 1)).toEqual([]);
    expect(await readWaiting(table, dayOf('there'))).toEqual([]);
  });

  test('hands an item to one day only, which may claim it again and let it go', async () => {
    const day = dayOf('claims');
    await putCarried(table, day, payment);
    const claims = await Promise.all([next, addDays(date, 2)].map((by) => claimCarried(table, day, payment, by)));
    expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    const [{ claimedBy = date } = payment] = await readPool(table, day, 1);
    expect(await claimCarried(table, day, payment, claimedBy)).toBe(true);
    expect(await putCarried(table, day, payment)).toBe(false);
    expect(await deleteCarried(table, day, payment)).toBe(false);
    expect((await readClaimedPayments(table, day)).map(({ origin }) => origin)).toEqual([date]);
    expect(await releaseCarried(table, day, payment, claimedBy)).toBe(true);
    expect(await readClaimedPayments(table, day)).toEqual([]);
    expect(await deleteCarried(table, day, payment)).toBe(true);
    expect(await claimCarried(table, day, payment, next)).toBe(false);
  });

  test('shows what lies around a day, from either side of it', async () => {
    const day = dayOf('around');
    for (const origin of [addDays(date, -1), date, next, addDays(date, 2)])
      await putCarried(table, day, { ...payment, origin });
    expect((await readPool(table, day, 1)).map(({ origin }) => origin)).toEqual([addDays(date, -1), date, next]);
  });
});
