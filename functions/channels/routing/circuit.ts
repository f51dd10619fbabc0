/**
 * The circuit breaker of one channel and product. While its success rate has collapsed a channel is not asked, but for one
 * payment at a time after a cool-down; good answers to those close the circuit again.
 *
 * | state | collapse | probe | probe_passed | probe_failed | probe_spoilt |
 * | --- | --- | --- | --- | --- | --- |
 * | closed | open | | | | |
 * | open | | half_open, once cooled down | | | |
 * | half_open | | half_open, when no probe is under way | half_open, closed after several | open, for longer | half_open |
 *
 * A probe is spoilt by a card that is at fault: its answer says nothing about the channel.
 */
export type CircuitState = 'closed' | 'open' | 'half_open';

export type Circuit =
  | { readonly state: 'closed'; readonly since: Date; readonly trips: number }
  /** `trips`: how often it opened without having been closed for long */
  | { readonly state: 'open'; readonly since: Date; readonly until: Date; readonly trips: number }
  | {
      readonly state: 'half_open';
      /** when the probe was sent, and until when its answer is waited for */
      readonly since: Date;
      readonly until: Date;
      readonly trips: number;
      /** good answers to probes in a row */
      readonly passed: number;
      readonly probing: boolean;
    };

export type CircuitEvent = 'collapse' | 'probe' | 'probe_passed' | 'probe_failed' | 'probe_spoilt';

export interface CircuitSettings {
  /** orders within the window that a collapse takes at least */
  readonly minimumOrders: number;
  /** a collapse is a share of good answers below this */
  readonly collapseBelow: number;
  /** a busy channel is judged by so many minutes, the one under way included */
  readonly collapseMinutes: number;
  readonly coolDownSeconds: number;
  /** the cool-down doubles with each trip, up to this */
  readonly longestCoolDownSeconds: number;
  /** how long the answer to a probe is waited for before another payment may be one */
  readonly probeSeconds: number;
  readonly probesToClose: number;
  /** a circuit that has been closed for so long begins with the shortest cool-down again */
  readonly forgivenAfterSeconds: number;
}

export const circuitSettings: CircuitSettings = {
  minimumOrders: 10,
  collapseBelow: 0.5,
  collapseMinutes: 2,
  coolDownSeconds: 30,
  longestCoolDownSeconds: 300,
  probeSeconds: 30,
  probesToClose: 3,
  forgivenAfterSeconds: 600,
};

/** As every channel begins. */
export const closedCircuit: Circuit = { state: 'closed', since: new Date(0), trips: 0 };

/** @returns undefined where the event changes nothing in this state at this time. */
export function circuitAfter(
  circuit: Circuit,
  event: CircuitEvent,
  now: Date,
  settings: CircuitSettings = circuitSettings,
): Circuit | undefined {
  switch (circuit.state) {
    case 'closed':
      return event === 'collapse' ? opened(circuit, now, settings) : undefined;
    case 'open':
      return event === 'probe' && now >= circuit.until ? probing(circuit.trips, 0, now, settings) : undefined;
    case 'half_open':
      switch (event) {
        case 'probe':
          return mayProbe(circuit, now) ? probing(circuit.trips, circuit.passed, now, settings) : undefined;
        case 'probe_passed':
          return circuit.passed + 1 >= settings.probesToClose
            ? { state: 'closed', since: now, trips: circuit.trips }
            : { ...circuit, passed: circuit.passed + 1, probing: false };
        case 'probe_failed':
          return opened(circuit, now, settings);
        case 'probe_spoilt':
          return { ...circuit, probing: false };
        case 'collapse':
          return undefined;
      }
  }
}

/** Whether a payment would be sent through an open circuit as a probe. */
export const mayProbe = (circuit: Circuit, now: Date): boolean =>
  (circuit.state === 'open' && now >= circuit.until) ||
  (circuit.state === 'half_open' && (!circuit.probing || now >= circuit.until));

function opened(circuit: Circuit, now: Date, settings: CircuitSettings): Circuit {
  const forgiven = circuit.state === 'closed' && secondsBetween(circuit.since, now) >= settings.forgivenAfterSeconds;
  const trips = forgiven ? 1 : circuit.trips + 1;
  const coolDown = Math.min(settings.coolDownSeconds * 2 ** (trips - 1), settings.longestCoolDownSeconds);
  return { state: 'open', since: now, until: later(now, coolDown), trips };
}

const probing = (trips: number, passed: number, now: Date, { probeSeconds }: CircuitSettings): Circuit => ({
  state: 'half_open',
  since: now,
  until: later(now, probeSeconds),
  trips,
  passed,
  probing: true,
});

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
