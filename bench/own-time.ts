/** How long our own code takes, without the store behind it and without whatever carries a request there. */
import { type Client, clientThat, sendTo } from '../local/simulation/client.ts';
import type { MemoryStore } from '../local/simulation/memory-store.ts';

export interface OwnTime {
  /** stands for the store, and leaves out what is spent in it */
  readonly client: Client;
  /** milliseconds that `act` takes by itself; nothing else may be under way */
  readonly of: (act: () => Promise<unknown>) => Promise<number>;
}

export function ownTime(store: MemoryStore): OwnTime {
  let awayMs = 0;
  const client = clientThat((command) => {
    const left = performance.now();
    // the store does all its work before it gives its promise
    const answer = sendTo(store, command);
    awayMs += performance.now() - left;
    return answer;
  });
  const of = async (act: () => Promise<unknown>): Promise<number> => {
    awayMs = 0;
    const started = performance.now();
    await act();
    return performance.now() - started - awayMs;
  };
  return { client, of };
}

export function median(values: readonly number[]): number {
  const middle = values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new RangeError('no values have no median');
  return middle;
}
