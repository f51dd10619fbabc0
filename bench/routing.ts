/**
 * `npm run bench:routing`: a day of payments with outages, once by fixed priority and once by success rate and fee.
 *
 * Routes are found, outcomes noted and circuits opened by the code that is deployed, on a store in memory and a clock of the
 * day's own; chance is drawn from one seed, the same for each way of routing. An order that a channel refuses goes on to the
 * next route, one that a channel leaves unanswered doesn't: its payer waits, and it counts as not succeeded.
 */
import { parseArgs } from 'node:util';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import {
  type ChannelOutcome,
  type CircuitChange,
  configurationOf,
  findRoutes,
  healthReader,
  noteOutcomes,
  registerMerchantWrites,
} from '../functions/channels/index.ts';
import { idFrom } from '../functions/kernel/ids.ts';
import { money } from '../functions/kernel/money.ts';
import { committer } from '../functions/kernel/write.ts';
import { createMemoryStore } from '../local/simulation/memory-store.ts';
import { tableText } from '../local/table.ts';
import { writeResults } from './results.ts';
import { type DayChannel, type DayPayment, dayChannels, dayStart, outcomeAt, paymentsOf } from './routing-day.ts';

const { values: options } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, payments: { type: 'string', default: '20000' } },
});

const institutionId = idFrom('inst', 'bench');

/** Each its own sequence, so that one more draw in one place changes nothing elsewhere. */
const drawsOf = (name: number) => {
  const generator = mersenne(Number(options.seed) * 1_000 + name);
  return () => uniformFloat64(generator);
};

interface Way {
  readonly name: string;
  /** the priority of each channel, in the order of the day's */
  readonly priorities: readonly number[];
  /** whether what becomes of orders is learnt from */
  readonly learns: boolean;
}

const [first, second, third] = dayChannels.map(({ channel }) => channel.id);

const ways: readonly Way[] = [
  { name: `fixed: ${first}, ${second}, ${third}`, priorities: [1, 2, 3], learns: false },
  { name: `fixed: ${first}, ${third}, ${second}`, priorities: [1, 3, 2], learns: false },
  { name: `fixed: ${second}, ${first}, ${third}`, priorities: [2, 1, 3], learns: false },
  { name: `fixed: ${second}, ${third}, ${first}`, priorities: [3, 1, 2], learns: false },
  { name: `fixed: ${third}, ${first}, ${second}`, priorities: [2, 3, 1], learns: false },
  { name: `fixed: ${third}, ${second}, ${first}`, priorities: [3, 2, 1], learns: false },
  { name: 'fixed as the first, with circuit breaker', priorities: [1, 2, 3], learns: true },
  { name: 'success rate and fee', priorities: [1, 1, 1], learns: true },
];

interface Figures {
  readonly way: string;
  readonly payments: number;
  readonly succeeded: number;
  /** of the payments whose card was good */
  readonly successShare: number;
  /** minor units of cost for each hundred of amount that came in, that is percent */
  readonly costPer100: number;
  readonly unanswered: number;
  readonly outages: readonly OutageFigures[];
}

interface OutageFigures {
  readonly channel: string;
  readonly from: string;
  readonly how: string;
  /** orders that the channel still got while it was down */
  readonly ordersSent: number;
  /** from its beginning until the channel was the first choice of none of the next twenty payments; null where it never was */
  readonly leftAfterSeconds: number | null;
  /** whether the circuit opened, or the channel was left for its rate alone */
  readonly circuitOpened: boolean;
  /** from its end until an order was sent there first again; null where that did not come about */
  readonly backAfterSeconds: number | null;
}

/** The stream tells of what happened about a second later. */
const toldAfterSeconds = 1;
const [answerSeconds, silenceSeconds] = [0.4, 3];

async function spendDay(way: Way, payments: readonly DayPayment[]): Promise<Figures> {
  let now = dayStart;
  const clock = () => now;
  const store = createMemoryStore([{ name: 'channels' }], { now: clock });
  const table = { client: store, name: 'channels' };
  const commit = committer(store, { random: () => 0, sleepMs: async () => undefined });
  for (const [place, { channel }] of dayChannels.entries()) {
    const merchant = { channel: channel.id, merchantNo: '1', institutionId, accountId: idFrom('acct', channel.id) };
    const priority = way.priorities[place] ?? 0;
    const facts = { currency: 'CNY', status: 'active', registeredAt: dayStart } as const;
    await commit(registerMerchantWrites({ table }, { ...merchant, ...facts, priority }));
  }
  const configuration = configurationOf(dayChannels.map(({ channel }) => channel));
  const channels = { table, configuration: async () => configuration, health: healthReader({ table, clock }) };
  const observing = { table, clock, random: drawsOf(3) };
  const untold: ChannelOutcome[] = [];
  const changes: (CircuitChange & { readonly second: number })[] = [];
  const sent: Sent[] = [];

  const tellUntil = async (second: number): Promise<void> => {
    for (let from = untold[0]; way.learns && from; from = untold[0]) {
      const toldAt = new Date(from.at.getTime() + toldAfterSeconds * 1000);
      if (secondOf(toldAt) > second) return;
      now = toldAt;
      const told = untold.splice(0, untold.findIndex(({ at }) => at > toldAt) >>> 0);
      for (const change of await noteOutcomes(observing, told)) changes.push({ ...change, second: secondOf(now) });
    }
  };

  const fates = drawsOf(2);
  let [succeeded, good, unanswered, amountIn, cost] = [0, 0, 0, 0n, 0n];
  for (const payment of payments) {
    // drawn before anything is decided, so that every way meets the same chances
    const chances = dayChannels.map((): readonly [number, number] => [fates(), fates()]);
    await tellUntil(payment.second);
    now = instantOf(payment.second);
    const { routes } = await findRoutes(channels, {
      institutionId,
      product: 'withholding',
      amount: money(payment.amount, 'CNY'),
      agreements: 'assumed',
      at: now,
    });
    let second = payment.second;
    let end: ChannelOutcome['outcome'] = 'refused';
    for (const [place, { channel, merchant, cost: charge }] of routes.entries()) {
      const draws = [...(chances[dayChannels.findIndex((each) => each.channel === channel)] ?? [])];
      end = outcomeAt(dayChannelOf(channel.id), second, () => draws.shift() ?? 0);
      sent.push({ channel: channel.id, second, first: place === 0 });
      second += end === 'silent' ? silenceSeconds : answerSeconds;
      const { merchantNo } = merchant;
      untold.push({ channel: channel.id, merchantNo, product: 'withholding', at: instantOf(second), outcome: end });
      if (end === 'succeeded')
        [succeeded, amountIn, cost] = [succeeded + 1, amountIn + payment.amount, cost + charge.amount];
      if (end !== 'refused') break;
    }
    untold.sort((one, other) => one.at.getTime() - other.at.getTime());
    if (end !== 'declined') good += 1;
    if (end === 'silent') unanswered += 1;
  }
  return {
    way: way.name,
    payments: payments.length,
    succeeded,
    successShare: succeeded / good,
    costPer100: (100 * Number(cost)) / Number(amountIn),
    unanswered,
    outages: dayChannels.flatMap((each) => outageFigures(each, sent, changes)),
  };
}

interface Sent {
  readonly channel: string;
  readonly second: number;
  /** its first choice */
  readonly first: boolean;
}

function outageFigures(
  { channel, outages }: DayChannel,
  sent: readonly Sent[],
  changes: readonly (CircuitChange & { readonly second: number })[],
): OutageFigures[] {
  const choices = sent.filter(({ first }) => first);
  const isHere = (each: { readonly channel: string }): boolean => each.channel === channel.id;
  return outages.map(({ from, to, how, affected }) => {
    const during = choices.filter(({ second }) => second >= from && second < to);
    const left = during.find((_, place) => !during.slice(place, place + 20).some(isHere));
    const back = choices.find((each) => isHere(each) && each.second >= to);
    return {
      channel: channel.id,
      from: `${Math.floor(from / 3600)}:${String((from % 3600) / 60).padStart(2, '0')}, ${(to - from) / 60} min`,
      how: `${100 * affected} % ${how}`,
      ordersSent: sent.filter((each) => isHere(each) && each.second >= from && each.second < to).length,
      leftAfterSeconds: left ? Math.round(left.second - from) : null,
      circuitOpened: changes.some(
        (each) => isHere(each) && each.to === 'open' && each.second >= from && each.second < to,
      ),
      backAfterSeconds: back ? Math.round(back.second - to) : null,
    };
  });
}

const instantOf = (second: number): Date => new Date(dayStart.getTime() + second * 1000);
const secondOf = (instant: Date): number => (instant.getTime() - dayStart.getTime()) / 1000;

function dayChannelOf(id: string): DayChannel {
  const found = dayChannels.find(({ channel }) => channel.id === id);
  if (!found) throw new Error(`${id} is no channel of the day`);
  return found;
}

const payments = paymentsOf(Number(options.payments), drawsOf(1));
const results: Figures[] = [];
for (const way of ways) results.push(await spendDay(way, payments));

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
console.log(
  tableText(
    ['routing by', 'succeeded', 'of good cards', 'cost per 100', 'unanswered'],
    results.map(({ way, succeeded, successShare, costPer100, unanswered }) => [
      way,
      String(succeeded),
      percent(successShare),
      costPer100.toFixed(3),
      String(unanswered),
    ]),
  ),
);
const [fixed, breaker, learnt] = [results[0], results.at(-2), results.at(-1)];
const seconds = (value: number | null | undefined): string => (typeof value === 'number' ? `${value} s` : 'never');
console.log(
  tableText(
    ['outage of', 'at', 'orders', 'sent: fixed', 'sent: breaker', 'left', 'back', 'sent: rate and fee', 'left', 'back'],
    (learnt?.outages ?? []).map((outage, place) => {
      const broken = breaker?.outages[place];
      return [
        outage.channel,
        outage.from,
        outage.how,
        String(fixed?.outages[place]?.ordersSent),
        String(broken?.ordersSent),
        seconds(broken?.leftAfterSeconds),
        seconds(broken?.backAfterSeconds),
        String(outage.ordersSent),
        seconds(outage.leftAfterSeconds),
        seconds(outage.backAfterSeconds),
      ];
    }),
  ),
);
const figures = { seed: Number(options.seed), results };
writeResults('routing', figures);
console.log(JSON.stringify(figures));
