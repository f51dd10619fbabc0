/**
 * `npm run bench:contention`: how many top-ups a second one settlement account takes, by its number of slots.
 *
 * The code that stores and books payments runs as it is deployed, against DynamoDB's documented limits (see
 * docs/contention.md) in virtual time. Top-ups arrive at random moments; each is taken by an idle function, the one that
 * was busy last, as Lambda does, and a new one is started where none is idle.
 */
import { parseArgs } from 'node:util';
import type { AccountId } from '../functions/kernel/ids.ts';
import { type HeadMemory, headMemory } from '../functions/ledger/head-memory.ts';
import { limitedStore } from '../local/simulation/limits.ts';
import { createMemoryStore } from '../local/simulation/memory-store.ts';
import { type Process, Scheduler } from '../local/simulation/scheduler.ts';
import { tableText } from '../local/table.ts';
import { openBusyMerchant, topUpOnce } from './busy-merchant.ts';
import { memberChooser } from './member-chooser.ts';
import { writeResults } from './results.ts';
import { tableDefinitions } from './tables.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    'per-second': { type: 'string', default: '2100' },
    seconds: { type: 'string', default: '2' },
    'channel-ms': { type: 'string', default: '0' },
    slots: { type: 'string', default: '1,2,4,8,16,32,64' },
    skew: { type: 'string', default: '0,0.5,1' },
  },
});
const arrivalsPerSecond = Number(options['per-second']);
const channelMs = Number(options['channel-ms']);
/** what is measured comes after a second in which functions find their slots */
const [warmUpSeconds, measuredSeconds] = [1, Number(options.seconds)];
const members = 20_000;
/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html: what a region runs at once unless asked for more */
const maximumFunctions = 1_000;

interface Load {
  readonly slots: number;
  /** exponent of Zipf's law over the members: 0 for all alike, 1 for every tenth top-up going to the same member */
  readonly skew: number;
}

interface Figures {
  readonly perSecond: number;
  readonly retriedShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly functions: number;
  /** those that gave up, warm-up included */
  readonly leftOver: number;
}

async function measure({ slots, skew }: Load): Promise<Figures> {
  const scheduler = new Scheduler({ seed: Number(options.seed), maximumEvents: 50_000_000 });
  const store = createMemoryStore(tableDefinitions, { now: scheduler.now });
  const openMember = await openBusyMerchant(store, { slots });
  const limited = limitedStore(store, scheduler);
  const chooseMember = memberChooser({ members, skew, random: scheduler.random });

  const idle: HeadMemory[] = [];
  const waiting: { readonly number: number; readonly arrivedMs: number }[] = [];
  const done: { readonly atMs: number; readonly tookMs: number; readonly rounds: number }[] = [];
  const leftOver: number[] = [];
  const underWay = new Set<Process<number>>();
  let functions = 0;

  const serve = (memory: HeadMemory, number: number, arrivedMs: number): void => {
    const member: AccountId = chooseMember();
    const process = scheduler.start(`top-up-${number}`, async (self) => {
      await openMember(member);
      return topUpOnce(limited, self, { memory, number, member, channelMs });
    });
    underWay.add(process);
    void process.ended.then((outcome) => {
      underWay.delete(process);
      if (outcome.status === 'killed') return;
      const atMs = scheduler.elapsedMs();
      // who loses every race, or is throttled for too long, leaves the payment to its follow-up
      if (outcome.status === 'returned') done.push({ atMs, tookMs: atMs - arrivedMs, rounds: outcome.value });
      else leftOver.push(atMs);
      const next = waiting.shift();
      if (next) serve(memory, next.number, next.arrivedMs);
      else idle.push(memory);
    });
  };
  scheduler.start('arrivals', async (self) => {
    for (let number = 0; number < arrivalsPerSecond * (warmUpSeconds + measuredSeconds); number++) {
      // the time between two of many independent arrivals
      await self.sleepMs((-Math.log(1 - scheduler.random()) * 1_000) / arrivalsPerSecond);
      const free = idle.pop() ?? (underWay.size < maximumFunctions ? headMemory(scheduler.now) : undefined);
      if (!free) waiting.push({ number, arrivedMs: scheduler.elapsedMs() });
      else serve(free, number, scheduler.elapsedMs());
      functions = Math.max(functions, underWay.size);
    }
    // where more arrives than can be done, the rest would take minutes and tell nothing new
    waiting.length = 0;
    for (const process of underWay) process.kill();
  });
  await scheduler.run();
  return { ...figuresOf(done, functions), leftOver: leftOver.length };
}

function figuresOf(
  done: readonly { readonly atMs: number; readonly tookMs: number; readonly rounds: number }[],
  functions: number,
): Omit<Figures, 'leftOver'> {
  const [from, until] = [warmUpSeconds * 1_000, (warmUpSeconds + measuredSeconds) * 1_000];
  const measured = done.filter(({ atMs }) => atMs >= from && atMs < until);
  const times = measured.map(({ tookMs }) => tookMs).toSorted((left, right) => left - right);
  const percentile = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return {
    perSecond: Math.round(measured.length / measuredSeconds),
    retriedShare: measured.filter(({ rounds }) => rounds > 1).length / Math.max(1, measured.length),
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    functions,
  };
}

const slotCounts = options.slots.split(',').map(Number);
const skews = options.skew.split(',').map(Number);
const results: (Load & Figures)[] = [];
for (const skew of skews) {
  for (const slots of slotCounts) results.push({ slots, skew, ...(await measure({ slots, skew })) });
}

console.log(`${arrivalsPerSecond} top-ups a second arrive, for ${members} members, seed ${options.seed}`);
console.log(
  tableText(
    ['skew', 'slots', 'done/s', 'retried %', 'p50 ms', 'p99 ms', 'functions', 'left over'],
    results.map(({ skew, slots, perSecond, retriedShare, p50Ms, p99Ms, functions, leftOver }) => [
      skew,
      slots,
      perSecond,
      (retriedShare * 100).toFixed(2),
      p50Ms.toFixed(1),
      p99Ms.toFixed(1),
      functions,
      leftOver,
    ]),
  ),
);
const evenly = results.filter(({ skew }) => skew === skews[0]);
const summary = {
  slots: Object.fromEntries(
    evenly.map(({ slots, perSecond, retriedShare, p99Ms }) => [
      slots,
      { perSecond, retriedShare: Number(retriedShare.toFixed(5)), p99Ms: Number(p99Ms.toFixed(1)) },
    ]),
  ),
};
writeResults('contention', { seed: Number(options.seed), arrivalsPerSecond, results });
console.log(JSON.stringify(summary));
