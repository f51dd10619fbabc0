import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shareFee } from '../../../functions/channels/fees.ts';
import { type Candidate, screenMerchants } from '../../../functions/channels/routing/candidates.ts';
import type { Circuit } from '../../../functions/channels/routing/circuit.ts';
import type { CounterUse } from '../../../functions/channels/routing/counters.ts';
import { type Health, minuteOf, noOutcomes } from '../../../functions/channels/routing/health.ts';
import { judgeCandidates, maximumAttempts, type Situation } from '../../../functions/channels/routing/judge.ts';
import type { Verdict } from '../../../functions/channels/routing/route.ts';
import { compareWorth, expectedValue, type Worth } from '../../../functions/channels/routing/value.ts';
import { money } from '../../../functions/kernel/money.ts';
import { channelOf, configured, healthy, later, limitOf, merchantAt, morning, requestOf } from './samples.ts';

const open: Circuit = { state: 'open', since: morning, until: later(30), trips: 1 };
const cooled: Circuit = { ...open, until: morning };
const probing: Circuit = { state: 'half_open', since: morning, until: later(30), trips: 1, passed: 0, probing: true };

const candidateNames = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'] as const;

/** What a channel is like in a test. */
interface Sample {
  readonly priority: number;
  readonly basisPoints: bigint;
  readonly succeeded: number;
  readonly refused: number;
  readonly circuit: Circuit;
  /** of a daily limit of 10 000 */
  readonly used: bigint;
  /** of a merchant reserve */
  readonly reserve?: bigint | undefined;
}

const fine: Sample = { priority: 1, basisPoints: 60n, succeeded: 0, refused: 0, circuit: healthy.circuit, used: 0n };

const sample: fc.Arbitrary<Sample> = fc.record({
  priority: fc.integer({ min: 1, max: 3 }),
  basisPoints: fc.bigInt({ min: 0n, max: 300n }),
  succeeded: fc.nat(200),
  refused: fc.nat(200),
  circuit: fc.constantFrom(healthy.circuit, healthy.circuit, open, cooled, probing),
  used: fc.constantFrom(0n, 5_000n, 10_000n),
  reserve: fc.option(fc.bigInt({ min: 0n, max: 10_000n }), { nil: undefined }),
});

const samples = fc.array(sample, { minLength: 1, maxLength: candidateNames.length });
const amount = fc.bigInt({ min: 1n, max: 10_000n });

function judged(
  those: readonly Sample[],
  minorUnits: bigint,
  { probes = true, backwards = false }: { probes?: boolean; backwards?: boolean } = {},
) {
  const named = those.map((each, place) => ({ ...each, name: candidateNames[place] ?? 'none' }));
  const of = ({ channel }: Candidate) => {
    const found = named.find(({ name }) => name === channel.id);
    if (!found) throw new Error('every candidate is a sample');
    return found;
  };
  const configuration = configured({
    channels: named.map(({ name, basisPoints }) =>
      channelOf(name, { products: { payout: { cost: shareFee(basisPoints) } } }),
    ),
    limits: [limitOf({ daily: 10_000n })],
  });
  const merchants = named.map(({ name, priority }) => merchantAt(name, { priority }));
  const request = requestOf({ product: 'payout', amount: money(minorUnits, 'CNY') });
  const screened = screenMerchants(configuration, backwards ? merchants.toReversed() : merchants, request);
  const health = ({ succeeded, refused, circuit }: Sample): Health => ({
    buckets: [{ at: minuteOf(morning), counts: { ...noOutcomes, succeeded, refused } }],
    circuit,
    version: 1,
  });
  const uses = new Map<string, CounterUse>(
    named.map(({ name, used }): [string, CounterUse] => {
      const spread = Array.from({ length: 16 }, (_, slot): [number, bigint] => [slot, used / 16n]);
      return [`LIMIT#limit#channel#${name}#CNY#2026-11-23`, { used: new Map(spread), closed: false }];
    }),
  );
  const situation: Situation = {
    health: (candidate) => health(of(candidate)),
    uses,
    reserve: (candidate) => {
      const { reserve, name } = of(candidate);
      return reserve === undefined
        ? undefined
        : { counter: { key: `RESERVE#${name}`, limit: reserve, slots: 8 }, toldAt: morning };
    },
    probes,
  };
  return {
    ...judgeCandidates(screened, situation, request),
    of: (channel: string) => named.find((each) => each.name === channel),
  };
}

const isTaken = (verdict: Verdict) => verdict.verdict === 'taken';

describe('the order of candidates', () => {
  const worth: fc.Arbitrary<Worth> = fc.record({
    priority: fc.integer({ min: 1, max: 2 }),
    successRate: fc.constantFrom(0.3, 0.5, 0.95),
    cost: fc.constantFrom(0n, 10n, 60n),
    expectedValue: fc.constantFrom(-10, 0, 94, 95),
    channel: fc.constantFrom('alpha', 'beta'),
    merchantNo: fc.constantFrom('1', '2'),
  });

  test('is total: any two differ unless they are the same merchant number, and three never go in a circle', () => {
    fc.assert(
      fc.property(worth, worth, worth, (one, two, three) => {
        expect(Math.sign(compareWorth(one, two))).toBe(-Math.sign(compareWorth(two, one)) + 0);
        if (compareWorth(one, two) === 0) expect([one.channel, one.merchantNo]).toEqual([two.channel, two.merchantNo]);
        if (compareWorth(one, two) <= 0 && compareWorth(two, three) <= 0) {
          expect(compareWorth(one, three)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test('does not depend on the order in which they are looked at', () => {
    fc.assert(
      fc.property(samples, amount, (those, minorUnits) => {
        const names = (routes: readonly { readonly channel: { readonly id: string } }[]) =>
          routes.map(({ channel }) => channel.id);
        const { routes } = judged(those, minorUnits);
        expect(names(judged(those, minorUnits, { backwards: true }).routes)).toEqual(names(routes));
      }),
    );
  });

  test('puts no channel of a lower priority first, but for a probe', () => {
    fc.assert(
      fc.property(samples, amount, (those, minorUnits) => {
        const taken = judged(those, minorUnits).verdicts.filter(isTaken);
        const priorities = taken.filter(({ probe }) => !probe).map(({ priority }) => priority);
        expect(priorities).toEqual(priorities.toSorted((one, other) => one - other));
        expect(taken.findIndex(({ probe }) => probe)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('never puts a channel of a better rate and a lower cost behind, at equal priority', () => {
    fc.assert(
      fc.property(samples, amount, (those, minorUnits) => {
        const taken = judged(those, minorUnits)
          .verdicts.filter(isTaken)
          .filter(({ probe }) => !probe);
        for (const [place, ahead] of taken.entries()) {
          for (const behind of taken.slice(place + 1)) {
            const better = behind.successRate > ahead.successRate && behind.cost.amount < ahead.cost.amount;
            expect(better && behind.priority === ahead.priority).toBe(false);
          }
        }
      }),
    );
  });

  test('puts the cheaper one first where the values are the same, then the better rate, then the name', () => {
    const one: Worth = { priority: 1, successRate: 0.5, cost: 10n, expectedValue: 0, channel: 'beta', merchantNo: '1' };
    expect(compareWorth(one, { ...one, cost: 11n, successRate: 0.9, channel: 'alpha' })).toBeLessThan(0);
    expect(compareWorth(one, { ...one, successRate: 0.4, channel: 'alpha' })).toBeLessThan(0);
    expect(compareWorth(one, { ...one, channel: 'alpha' })).toBeGreaterThan(0);
  });

  test('puts the cheaper of two alike first, and the one that succeeds more often', () => {
    const { routes } = judged([fine, { ...fine, basisPoints: 59n }, { ...fine, succeeded: 100 }], 10_000n);
    expect(routes.map(({ channel }) => channel.id)).toEqual(['gamma', 'beta', 'alpha']);
  });
});

describe('the value of an order', () => {
  test('grows with the rate and falls with the cost, also where the cost is more than the amount', () => {
    const rate = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const minorUnits = fc.bigInt({ min: 0n, max: 10n ** 12n });
    fc.assert(
      fc.property(minorUnits, minorUnits, minorUnits, rate, rate, (total, cost, more, low, high) => {
        const [worse, better] = low < high ? [low, high] : [high, low];
        expect(expectedValue(total, cost, better)).toBeGreaterThanOrEqual(expectedValue(total, cost, worse));
        expect(expectedValue(total, cost, low)).toBeGreaterThanOrEqual(expectedValue(total, cost + more, low));
      }),
    );
  });

  test('is success rate × (amount − cost)', () => {
    expect(expectedValue(10_000n, 60n, 0.5)).toBe(4_970);
  });
});

describe('every candidate', () => {
  test('has one verdict, and is left only for a reason that is true', () => {
    fc.assert(
      fc.property(samples, amount, fc.boolean(), (those, minorUnits, probes) => {
        const { verdicts, of } = judged(those, minorUnits, { probes });
        expect(verdicts.map(({ channel }) => channel).toSorted()).toEqual(
          candidateNames.slice(0, those.length).toSorted(),
        );
        expect(verdicts.filter(isTaken).map(({ rank }) => rank)).toEqual(
          verdicts.filter(isTaken).map((_, at) => at + 1),
        );
        for (const verdict of verdicts) {
          const facts = of(verdict.channel) ?? fine;
          const full = 10_000n - (facts.used / 16n) * 16n < minorUnits;
          const empty = facts.reserve !== undefined && facts.reserve < minorUnits;
          const closed = facts.circuit.state === 'closed';
          const reason = verdict.verdict === 'left' ? verdict.reason : undefined;
          if (full) expect(reason).toBe('limit_exceeded');
          else if (empty) expect(reason).toBe('insufficient_reserve');
          else if (closed) expect(reason).toBeUndefined();
          else expect([undefined, 'circuit_open']).toContain(reason);
          if (!closed && reason === undefined) expect([facts.circuit, probes]).toEqual([cooled, true]);
        }
        expect(verdicts.filter((verdict) => isTaken(verdict) && verdict.probe).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a route', () => {
  test('reserves its amount under each limit that counts it and of the reserve', () => {
    fc.assert(
      fc.property(samples, amount, (those, minorUnits) => {
        const { routes, of } = judged(those, minorUnits);
        expect(routes.length).toBeLessThanOrEqual(maximumAttempts);
        for (const { channel, reservations } of routes) {
          const sums = Map.groupBy(reservations, ({ counter }) => counter);
          expect(sums.size).toBe(of(channel.id)?.reserve === undefined ? 1 : 2);
          for (const those of sums.values()) {
            expect(those.reduce((sum, each) => sum + each.amount, 0n)).toBe(minorUnits);
          }
        }
      }),
    );
  });

  test('through an open circuit is a probe: one, first, and only of a payment that is to be sent', () => {
    const those = [fine, { ...fine, circuit: cooled, refused: 50 }, { ...fine, circuit: cooled, refused: 90 }];
    const { verdicts } = judged(those, 100n);
    expect(verdicts).toMatchObject([
      { channel: 'beta', rank: 1, probe: true },
      { channel: 'alpha', rank: 2, probe: false },
      { channel: 'gamma', reason: 'circuit_open' },
    ]);
    expect(judged(those, 100n, { probes: false }).routes.map(({ channel }) => channel.id)).toEqual(['alpha']);
  });
});
