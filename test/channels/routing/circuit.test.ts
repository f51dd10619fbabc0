import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Circuit,
  type CircuitEvent,
  circuitAfter,
  circuitSettings,
  closedCircuit,
  mayProbe,
} from '../../../functions/channels/routing/circuit.ts';
import { later, morning } from './samples.ts';

const events: readonly CircuitEvent[] = ['collapse', 'probe', 'probe_passed', 'probe_failed', 'probe_spoilt'];

const open: Circuit = { state: 'open', since: morning, until: later(30), trips: 1 };
const probing: Circuit = { state: 'half_open', since: morning, until: later(30), trips: 1, passed: 0, probing: true };
const waiting: Circuit = { ...probing, probing: false };
const nearlyClosed: Circuit = { ...probing, passed: circuitSettings.probesToClose - 1 };

/** Every event in every state: the state after it, or nothing where nothing changes. */
const table: readonly (readonly [string, Circuit, Date, Partial<Record<CircuitEvent, Circuit['state']>>])[] = [
  ['closed', closedCircuit, morning, { collapse: 'open' }],
  ['open and hot', open, later(29), {}],
  ['open and cooled down', open, later(30), { probe: 'half_open' }],
  [
    'half open with a probe under way',
    probing,
    later(29),
    { probe_passed: 'half_open', probe_failed: 'open', probe_spoilt: 'half_open' },
  ],
  [
    'half open with a probe that nobody answered',
    probing,
    later(30),
    { probe: 'half_open', probe_passed: 'half_open', probe_failed: 'open', probe_spoilt: 'half_open' },
  ],
  [
    'half open without a probe',
    waiting,
    later(1),
    { probe: 'half_open', probe_passed: 'half_open', probe_failed: 'open', probe_spoilt: 'half_open' },
  ],
  [
    'half open before its last probe',
    nearlyClosed,
    later(1),
    { probe_passed: 'closed', probe_failed: 'open', probe_spoilt: 'half_open' },
  ],
];

describe('a circuit that is', () => {
  describe.each(table)('%s', (_, circuit, now, expected) => {
    test.each(events)('answers %s as the table says', (event) => {
      expect(circuitAfter(circuit, event, now)?.state).toBe(expected[event]);
    });
  });
});

describe('a circuit', () => {
  test('cools down twice as long with each trip, up to the longest', () => {
    let circuit: Circuit = closedCircuit;
    const coolDowns: number[] = [];
    for (let trip = 0; trip < 6; trip++) {
      const opened = circuitAfter({ ...closedCircuit, trips: circuit.trips, since: morning }, 'collapse', later(1));
      if (opened?.state !== 'open') throw new Error('it opens');
      coolDowns.push((opened.until.getTime() - opened.since.getTime()) / 1000);
      circuit = opened;
    }
    expect(coolDowns).toEqual([30, 60, 120, 240, 300, 300]);
  });

  test('begins with the shortest cool-down again after it was closed for long', () => {
    const longClosed: Circuit = { state: 'closed', since: morning, trips: 5 };
    expect(circuitAfter(longClosed, 'collapse', later(599))).toMatchObject({ trips: 6 });
    expect(circuitAfter(longClosed, 'collapse', later(600))).toMatchObject({ trips: 1, until: later(630) });
  });

  test('sends a probe exactly when it says that it may', () => {
    const circuits = [closedCircuit, open, probing, waiting, nearlyClosed];
    fc.assert(
      fc.property(fc.constantFrom(...circuits), fc.integer({ min: 0, max: 100 }), (circuit, seconds) => {
        const now = later(seconds);
        expect(mayProbe(circuit, now)).toBe(circuitAfter(circuit, 'probe', now) !== undefined);
      }),
    );
  });
});
