import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AccountingDate, addDays } from '../../functions/kernel/clock.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { type CommitWrites, committer, type Write } from '../../functions/kernel/write.ts';
import type { Carried } from '../../functions/reconciliation/carry-over.ts';
import {
  claimCarriedWrite,
  deleteCarriedWrite,
  forgetCarriedWrite,
  putCarriedWrite,
  readClaimedPayments,
  readPool,
  readWaiting,
  releaseCarriedWrite,
  withdrawCarriedWrite,
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
  let commit: CommitWrites;
  beforeAll(async () => {
    table = await createTable(engine.client(), 'reconciliation');
    const sleepMs = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    commit = committer(engine.client(), { random: Math.random, sleepMs });
  });
  const done = async (write: Write): Promise<boolean> => (await commit([write])).committed;

  test('gives back both sides as they were, the line without its place in a file of another day', async () => {
    const day = dayOf('both');
    expect(await done(putCarriedWrite(table, day, payment))).toBe(true);
    expect(await done(putCarriedWrite(table, day, line))).toBe(true);
    const pool = await readPool(table, day, 1);
    expect(pool.find(({ side }) => side === 'own')).toEqual(payment);
    expect(pool.find(({ side }) => side === 'channel')).toMatchObject({
      line: { lineNumber: 0, ourReference: 'order-1' },
    });
  });

  test('of one channel is never read for another, though the merchant number is the same', async () => {
    await done(putCarriedWrite(table, dayOf('here'), payment));
    expect(await readPool(table, dayOf('there'), 1)).toEqual([]);
    expect(await readWaiting(table, dayOf('there'))).toEqual([]);
  });

  test('hands an item to one day only, which may claim it again and let it go', async () => {
    const day = dayOf('claims');
    await done(putCarriedWrite(table, day, payment));
    const claims = await Promise.all(
      [next, addDays(date, 2)].map((by) => done(claimCarriedWrite(table, day, payment, by))),
    );
    expect(claims.filter((claimed) => claimed)).toHaveLength(1);
    const [{ claimedBy = date } = payment] = await readPool(table, day, 1);
    expect(await done(claimCarriedWrite(table, day, payment, claimedBy))).toBe(true);
    expect(await done(putCarriedWrite(table, day, payment))).toBe(false);
    expect(await done(deleteCarriedWrite(table, day, payment))).toBe(false);
    expect((await readClaimedPayments(table, day)).map(({ origin }) => origin)).toEqual([date]);
    expect(await done(releaseCarriedWrite(table, day, payment, claimedBy))).toBe(true);
    expect(await readClaimedPayments(table, day)).toEqual([]);
    expect(await done(deleteCarriedWrite(table, day, payment))).toBe(true);
    expect(await done(claimCarriedWrite(table, day, payment, next))).toBe(false);
  });

  test('keeps what another day has claimed and its own day no longer shows, until that one forgets it', async () => {
    const day = dayOf('withdrawn');
    const claimed = { ...line, claimedBy: next };
    await done(putCarriedWrite(table, day, line));
    expect(await done(withdrawCarriedWrite(table, day, claimed, true))).toBe(false);
    await done(claimCarriedWrite(table, day, line, next));
    expect(await done(forgetCarriedWrite(table, day, line, next))).toBe(false);
    expect(await done(withdrawCarriedWrite(table, day, claimed, true))).toBe(true);
    expect(await readPool(table, day, 1)).toMatchObject([{ claimedBy: next, withdrawn: true }]);
    expect(await done(claimCarriedWrite(table, day, line, next))).toBe(false);
    expect(await done(releaseCarriedWrite(table, day, line, next))).toBe(false);
    expect(await done(forgetCarriedWrite(table, day, line, addDays(next, 1)))).toBe(false);
    expect(await done(forgetCarriedWrite(table, day, line, next))).toBe(true);
    expect(await readPool(table, day, 1)).toEqual([]);
  });

  test('shows what lies around a day, from either side of it', async () => {
    const day = dayOf('around');
    for (const origin of [addDays(date, -1), date, next, addDays(date, 2)])
      await done(putCarriedWrite(table, day, { ...payment, origin }));
    expect((await readPool(table, day, 1)).map(({ origin }) => origin)).toEqual([addDays(date, -1), date, next]);
  });
});
