import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../functions/kernel/clock.ts';
import { createTopUp } from '../../functions/payments/create-payment.ts';
import { followUpPayment } from '../../functions/payments/follow-up-payment.ts';
import { findStuckPayments } from '../../functions/payments/open/find-stuck.ts';
import { sweepUnfinished } from '../../functions/payments/open/sweep-unfinished.ts';
import type { FollowUp, Payments } from '../../functions/payments/payments.ts';
import { engines } from '../support/engines.ts';
import type { Process } from './crash.ts';
import { made } from './made.ts';
import { createTables, openWorld, type Tables, type World } from './payment-world.ts';

const quiet: Process = { call: (act) => act(), calls: () => 0 };
const minutesOn = (minutes: number) => () => new Date(systemClock().getTime() + minutes * 60_000);

describe.each(engines)('what lost its message on $name', ({ client }) => {
  let tables: Tables;
  // of its own for each test, since the sweep looks at all that there is
  const openTables = async () => {
    tables = await createTables(client());
  };

  const topUp = (world: World, payments: Payments) =>
    made(createTopUp(payments, { ...world.command, product: 'withholding' }));

  const sweep = async (payments: Payments, minutes: number) => {
    const queued: FollowUp[] = [];
    const report = await sweepUnfinished({
      table: payments.table,
      clock: minutesOn(minutes),
      followUps: { send: async (followUp) => void queued.push(followUp) },
      looks: { send: async () => {} },
      batchQueue: { send: async () => {} },
    });
    return { report, queued };
  };

  test('is looked at when it has been quiet for half an hour, and not before', async () => {
    await openTables();
    const world = await openWorld(tables, () => 'accepts_silently');
    const payments = world.seenBy(quiet);
    const { id } = await topUp(world, payments);
    expect((await sweep(payments, 29)).queued).toEqual([]);
    const { report, queued } = await sweep(payments, 31);
    expect(queued).toEqual([{ paymentId: id, attempt: 1, check: 1, once: true }]);
    expect(report).toMatchObject({ stuck: 1, queued: 1 });
    expect(report.oldestSeconds).toBeGreaterThanOrEqual(31 * 60);
    for (const followUp of queued) expect(await followUpPayment(payments, followUp)).toBe('settled');
    expect((await world.payment())?.status).toBe('succeeded');
    // what has its end is in the index no more
    expect((await sweep(payments, 31)).report).toEqual({ stuck: 0, oldestSeconds: 0, queued: 0 });
  });

  test('is looked at once each time: the look queues nothing behind it and leaves its note', async () => {
    await openTables();
    const world = await openWorld(tables, () => 'accepts_silently');
    const payments = world.seenBy(quiet);
    await topUp(world, payments);
    const [followUp] = (await sweep(payments, 31)).queued;
    if (!followUp) throw new Error('nothing was queued');
    const sent: FollowUp[] = [];
    const silent = {
      ...payments,
      clock: minutesOn(31),
      channels: { ...payments.channels, catalogue: async () => [] },
      followUps: { send: async (each: FollowUp) => void sent.push(each) },
    };
    expect(await followUpPayment(silent, followUp)).toBe('left_to_sweep');
    expect(sent).toEqual([]);
    expect((await world.payment())?.history.at(-1)).toMatchObject({ event: 'wait', source: 'follow_up' });
    expect((await sweep(payments, 40)).queued).toEqual([]);
    expect((await sweep(payments, 62)).queued).toHaveLength(1);
    // of later checks not every one leaves a note, so that silence of an hour means less then
    expect((await sweep(payments, 4 * 60 + 20)).queued).toEqual([]);
    expect((await sweep(payments, 5 * 60)).queued).toHaveLength(1);
    // after three days the statement has told, or people look
    const late = await sweep(payments, 3 * 24 * 60 + 1);
    expect(late.queued).toEqual([]);
    expect(late.report.stuck).toBe(1);
  });

  test('is listed for operators, the oldest first, by channel and by page', async () => {
    await openTables();
    const worlds = await Promise.all([1, 2, 3].map(() => openWorld(tables, () => 'accepts_silently')));
    const open = [];
    for (const world of worlds) open.push(await topUp(world, world.seenBy(quiet)));
    const [first] = worlds;
    if (!first) throw new Error('there are three');
    const { table } = first.seenBy(quiet);
    const list = (request: object, minutes = 60) =>
      findStuckPayments({ table, clock: minutesOn(minutes) }, { limit: 10, olderThanMinutes: 30, ...request });
    const all = await list({});
    expect(all.items.map(({ payment }) => payment.id)).toEqual(open.map(({ id }) => id));
    expect(all.items[0]?.overdueSeconds).toBeGreaterThanOrEqual(3_600);
    expect(all.nextCursor).toBeNull();
    const page = await list({ limit: 2 });
    expect(page.items).toHaveLength(2);
    const after = Buffer.from(page.nextCursor ?? '', 'base64url').toString();
    expect((await list({ limit: 2, after })).items.map(({ payment }) => payment.id)).toEqual([open[2]?.id]);
    expect((await list({ channel: 'no-such-channel' })).items).toEqual([]);
    // the list may end before the place at which another one, of younger payments, went on
    expect((await list({ after, olderThanMinutes: 90 })).items).toEqual([]);
    expect((await list({ olderThanMinutes: 90 })).items).toEqual([]);
    // one that waits for its payer waits for nobody else
    const [second] = worlds.slice(1);
    if (!second) throw new Error('there are three');
    await made(
      createTopUp(second.seenBy(quiet), {
        ...second.command,
        reference: 'BY-BANK',
        product: 'personal_ebanking',
        bank: 'ICBC',
        returnUrl: 'https://shop.example',
        expiresInSeconds: 3_600,
      }),
    );
    expect((await list({}, 80)).items).toHaveLength(3);
    expect((await list({}, 100)).items).toHaveLength(4);
  });
});
