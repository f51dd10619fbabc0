/** A client through which everything goes wrong that can go wrong between a process and DynamoDB, by the seed. */
import { type Answer, type Client, type Command, clientThat, sendTo } from './client.ts';
import { internalServerError, throttled } from './dynamodb/exceptions.ts';
import type { Scheduler, Self } from './scheduler.ts';
import { AnswerLost, type SdkBehaviour, sdkClient, sdkDefaults } from './sdk-client.ts';

/** What can become of one attempt of a request. */
export type Fate =
  /** the process dies, and the request never leaves */
  | 'crash_before'
  /** the request is performed, and the process dies before it hears of it */
  | 'crash_after'
  /** performed; the SDK waits in vain, and repeats it */
  | 'answer_lost'
  /** performed; the caller has given up by then, and gets the error at once */
  | 'answer_abandoned'
  /** the caller gives up, and the request is performed some time after that */
  | 'arrives_late'
  /** not performed */
  | 'throttled'
  /** DynamoDB answers 500, having performed nothing */
  | 'error_before'
  /** DynamoDB answers 500 for what it has performed */
  | 'error_after';

export interface Faults {
  /** one way, from – to, in virtual milliseconds */
  readonly latencyMs: readonly [number, number];
  /** how long is waited for an answer that does not come */
  readonly timeoutMs: number;
  /** how long after that a late request may still arrive */
  readonly lateMs: number;
  /** the share of attempts, 0 – 1 and all together at most 1, that meet a fate; all others just take their time */
  readonly shares: Readonly<Partial<Record<Fate, number>>>;
  readonly sdk: SdkBehaviour;
}

/** Nothing goes wrong; requests only take their time, and so overtake each other. */
export const noFaults: Faults = { latencyMs: [0.5, 2], timeoutMs: 1000, lateMs: 5000, shares: {}, sdk: sdkDefaults };

/** Every third attempt or so goes wrong. */
export const roughFaults: Faults = {
  ...noFaults,
  latencyMs: [0.5, 20],
  shares: {
    crash_before: 0.02,
    crash_after: 0.02,
    answer_lost: 0.06,
    answer_abandoned: 0.04,
    arrives_late: 0.03,
    throttled: 0.06,
    error_before: 0.04,
    error_after: 0.04,
  },
};

/**
 * The client of one process, in which the SDK repeats as it does.
 * @param store whatever stands behind the network: a memory store, or one with limits
 */
export function misbehavingStore(store: Client, scheduler: Scheduler, self: Self, faults: Faults): Client {
  const travel = () => scheduler.after(scheduler.between(...faults.latencyMs), () => {});
  const wait = (milliseconds: number) => scheduler.after(milliseconds, () => {});
  const performed = async (command: Command): Promise<() => Answer> => {
    try {
      const answer = await sendTo(store, command);
      scheduler.record(`${self.name} ${command.constructor.name} done`);
      return () => answer;
    } catch (error) {
      scheduler.record(`${self.name} ${command.constructor.name} ${error instanceof Error ? error.name : 'failed'}`);
      return () => {
        throw error;
      };
    }
  };

  async function attempt(command: Command): Promise<Answer> {
    const fate = drawFate(scheduler.random(), faults);
    if (fate) scheduler.record(`${self.name} ${command.constructor.name} ${fate}`);
    if (fate === 'arrives_late') return arriveLate(command);
    await travel();
    if (fate === 'crash_before') return die();
    if (fate === 'throttled' || fate === 'error_before') {
      await travel();
      throw fate === 'throttled' ? throttled() : internalServerError();
    }
    const answer = await performed(command);
    if (fate === 'crash_after') return die();
    if (fate === 'answer_lost' || fate === 'answer_abandoned') {
      await wait(faults.timeoutMs);
      throw new AnswerLost(fate === 'answer_lost' ? 'TimeoutError' : 'AbortError');
    }
    await travel();
    if (fate === 'error_after') throw internalServerError();
    return answer();
  }

  async function arriveLate(command: Command): Promise<never> {
    await wait(faults.timeoutMs);
    void scheduler.after(scheduler.between(0, faults.lateMs), () => performed(command));
    throw new AnswerLost('AbortError');
  }

  function die(): Promise<never> {
    self.kill();
    return new Promise(() => {});
  }

  return sdkClient(clientThat(attempt), self, faults.sdk);
}

function drawFate(drawn: number, { shares }: Faults): Fate | undefined {
  let upTo = 0;
  for (const [fate, share] of Object.entries(shares)) {
    upTo += share;
    if (drawn < upTo) return fate as Fate; // the record's own keys
  }
  return undefined;
}
