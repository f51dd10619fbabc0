/** How a channel's calls reach the center: in any order, several times, and again where nobody answered. */
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import type { Callbacks, Look } from '../../../functions/payments/callbacks/callbacks.ts';
import { lookAgain } from '../../../functions/payments/callbacks/look-again.ts';
import { receiveCallback } from '../../../functions/payments/callbacks/receive-callback.ts';
import type { Scheduler } from '../scheduler.ts';
import type { ChannelMessage } from './channel.ts';
import type { Fleet, Wiring } from './function-fleet.ts';

export interface CallbackDeliveries {
  readonly call: (message: ChannelMessage) => void;
  /** messages that are still to be handled */
  readonly waiting: () => number;
  /** how many were handled */
  readonly handled: () => number;
}

const functionTimeoutMs = 10_000;
const pauseMs = 30_000;
/** A channel gives up, and its statement tells. */
const maximumCalls = 4;

export function callbackDeliveries({
  scheduler,
  fleet,
}: {
  readonly scheduler: Scheduler;
  readonly fleet: () => Fleet;
}): CallbackDeliveries {
  let waiting = 0;
  let handled = 0;

  /** Until it goes through. */
  const run = (name: string, act: (wiring: Wiring) => Promise<string>, calls = 1): void => {
    waiting += 1;
    const process = fleet().invoke(name, functionTimeoutMs, act);
    void process.ended.then((outcome) => {
      waiting -= 1;
      if (outcome.status === 'returned') handled += 1;
      else if (calls < maximumCalls) later(pauseMs, () => run(name, act, calls + 1));
      scheduler.record(`callback ${outcome.status === 'returned' ? outcome.value : outcome.status}`);
    });
  };
  const later = (delayMs: number, act: () => void): void => {
    waiting += 1;
    void scheduler.after(delayMs, () => {
      waiting -= 1;
      act();
    });
  };
  const callbacksOf = ({ payments }: Wiring): Callbacks => ({
    ...payments,
    // what a contradiction becomes is the affair of reconciliation, which is not simulated
    contradictions: { tell: async () => 'told' },
    looks: {
      send: async (look: Look, delaySeconds: number) => {
        later(delaySeconds * 1_000, () =>
          run('l', async (wiring) => (await lookAgain(callbacksOf(wiring), look)).outcome),
        );
      },
    },
  });

  return {
    waiting: () => waiting,
    handled: () => handled,
    call: ({ channel, number }) =>
      run('k', async (wiring) => {
        const message = { channel, headers: {}, body: number, receivedAt: scheduler.now() };
        const reception = await receiveCallback(callbacksOf(wiring), message);
        if (isRefusal(reception)) throw new Error(reception.detail);
        return `${number} ${reception.outcome}`;
      }),
  };
}
