/** One run: a center, callers, and all that goes wrong by a seed; then quiet, and the laws. */
import { accountingDateAt } from '../../../functions/kernel/clock.ts';
import { misbehavingStore, noFaults } from '../misbehaviour.ts';
import { Scheduler, type Self } from '../scheduler.ts';
import { makeRequest } from './business-app.ts';
import { businessDays } from './business-days.ts';
import { callbackDeliveries } from './callback-deliveries.ts';
import { type Center, openCenter } from './center.ts';
import { simulatedChannel } from './channel.ts';
import { type Database, inMemory, standingBy } from './database.ts';
import { diceOf } from './dice.ts';
import { drawFaults } from './draw-faults.ts';
import { drawHabits, requestDrawer } from './draw-request.ts';
import { followUpDeliveries } from './follow-up-deliveries.ts';
import { type Fleet, functionFleet, timeZone, type Wiring } from './function-fleet.ts';
import { bringStatement, confirmStates, sweepHolds } from './housekeeping.ts';
import { ledgerJournal } from './journal.ts';
import { readBooks } from './laws/evidence.ts';
import { brokenLaws } from './laws/index.ts';
import { type Look, lookAt } from './readers.ts';
import { newRecord } from './record.ts';

export interface RunOptions {
  readonly seed: number;
  /** requests that callers make; their repeats are not counted, nor what the center does of its own accord */
  readonly requests: number;
  /** the DynamoDB behind the misbehaving network, where that is not one in memory */
  readonly database?: Database;
}

export interface Run {
  readonly seed: number;
  /** requests of callers, looks of readers, follow-ups, sweeps and closes that went through */
  readonly operations: number;
  /** one sentence each */
  readonly broken: readonly string[];
  readonly history: readonly string[];
  readonly fingerprint: string;
}

/** Nothing goes wrong any more by then, so that once should do. */
const restTries = 3;

/** The same seed and number of requests give the same run. */
export async function runScenario({ seed, requests, database: given }: RunOptions): Promise<Run> {
  const scheduler = new Scheduler({ seed, maximumEvents: 5_000_000 });
  const dice = diceOf(scheduler.random);
  const journal = ledgerJournal(scheduler.elapsedMs);
  const { database, service } = given ? standingBy(given, scheduler, journal) : inMemory(scheduler, journal);
  const callbacks = callbackDeliveries({ scheduler, fleet: () => fleet });
  const channel = simulatedChannel(scheduler, dice, callbacks.call);
  const record = newRecord(scheduler);
  const looks: Look[] = [];
  let faults = noFaults;
  let rough = false;
  const deliveries = followUpDeliveries({ scheduler, dice, fleet: () => fleet, isRough: () => rough });
  const fleet: Fleet = functionFleet({
    scheduler,
    channel,
    queueFor: deliveries.queueFor,
    nameOf: database.nameOf,
    clientFor: (self) => misbehavingStore(service, scheduler, self, faults),
  });
  const needs = { scheduler, dice, fleet, channel, record };
  const days = businessDays(needs, accountingDateAt(scheduler.now(), timeZone));
  let sweeps = 0;
  let quiet: Wiring['payments'] | undefined;
  const bringAll = () => bringStatement(needs, accountingDateAt(scheduler.now(), timeZone));

  const main = scheduler.start('run', async (self) => {
    const opening = fleet.invoke('open', 60_000, async ({ payments }) => openCenter(payments));
    const opened = await self.hear(opening.ended);
    if (opened.status === 'threw') throw opened.error;
    if (opened.status === 'killed') throw new Error('the center did not open');
    const center = opened.value;

    faults = drawFaults(dice);
    rough = true;
    await liveThrough(self, center);

    faults = noFaults;
    rough = false;
    channel.behave();
    while (deliveries.waiting() + callbacks.waiting() > 0) await self.sleepMs(30_000);
    await self.sleepMs(200_000); // copies of requests and late orders still come in
    const finish = async () => [
      await days.closeNext(self),
      await sweepHolds(needs),
      await bringAll(),
      await confirmStates(needs, center),
    ];
    for (let tries = 1; (await self.hear(finish())).includes(false); tries++) {
      if (tries === restTries) return { center, rested: false };
      await self.sleepMs(1_000);
    }
    return { center, rested: true };
  });

  async function liveThrough(self: Self, center: Center): Promise<void> {
    const draw = requestDrawer(center, {
      dice,
      habits: drawHabits(dice),
      now: scheduler.now,
      operations: record.operations,
    });
    const paceMs = dice.pick([20, 200, 1_000]);
    let left = requests;
    let busy = true;
    const apps = Array.from({ length: dice.integer(2, 6) }, (_, number) =>
      scheduler.start(`app-${number}`, async (app) => {
        while (left > 0) {
          const drawn = draw();
          left -= drawn.length;
          await Promise.all(drawn.map((request) => makeRequest(needs, app, request)));
          await app.sleepMs(scheduler.between(0, paceMs));
        }
      }),
    );
    const calendar = scheduler.start('calendar', async (turning) => {
      while (busy) {
        await turning.sleepMs(scheduler.between(5_000, 300_000));
        await days.closeNext(turning);
      }
    });
    const reader = scheduler.start('reader', async (looking) => {
      while (busy && looks.length < requests) {
        const look = await looking.hear(
          lookAt(needs, dice.pick(dice.chance(0.6) ? center.holders.slice(1, 3) : center.holders).accountId),
        );
        if (look) looks.push(look);
        await looking.sleepMs(scheduler.between(0, paceMs * 4));
      }
    });
    const house = scheduler.start('house', async (keeping) => {
      while (busy) {
        await keeping.sleepMs(scheduler.between(5_000, 60_000));
        if (dice.chance(0.8)) sweeps += (await keeping.hear(sweepHolds(needs))) ? 1 : 0;
        else await keeping.hear(bringAll());
      }
    });
    await self.hear(Promise.all(apps.map(({ ended }) => ended)));
    busy = false;
    await self.hear(Promise.all([reader.ended, house.ended, calendar.ended]));
  }

  await scheduler.run();
  const outcome = main.outcome();
  if (outcome?.status !== 'returned')
    throw outcome?.status === 'threw' ? outcome.error : new Error('the run has no end');
  const undisturbed = functionFleet({
    scheduler,
    channel,
    queueFor: deliveries.queueFor,
    nameOf: database.nameOf,
    clientFor: () => database.client,
  });
  undisturbed.invoke('laws', 1, async ({ payments }) => {
    quiet = payments;
  });
  await scheduler.run();
  if (!quiet) throw new Error('nobody looks at the books');
  const broken = await brokenLaws({
    center: outcome.value.center,
    rested: outcome.value.rested,
    channel,
    journal,
    looks,
    closes: days.closes(),
    operations: record.operations,
    books: readBooks(await database.itemsOf('ledger'), await database.itemsOf('payments')),
    payments: quiet,
  });
  const operations =
    record.operations.length +
    looks.length +
    deliveries.handled() +
    callbacks.handled() +
    sweeps +
    days.closes().length;
  return { seed, operations, broken, history: scheduler.history(), fingerprint: scheduler.fingerprint() };
}
