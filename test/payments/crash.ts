/** A process that can be struck at any of its awaits. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Strike {
  /** the call that is struck, counted from 1 */
  readonly call: number;
  /**
   * `dies_before` and `dies_after` that call has its effect, and from then on nothing the process starts has any; or
   * something else that happens right before the call, while the process lives on.
   */
  readonly blow: 'dies_before' | 'dies_after' | (() => Promise<unknown>);
}

export class Crash extends Error {}

export interface Process {
  readonly call: <T>(act: () => Promise<T>) => Promise<T>;
  readonly calls: () => number;
}

/** @param strike undefined for a process that is left alone */
export function startProcess(strike?: Strike): Process {
  let calls = 0;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Crash(`died at call ${strike?.call}`);
  };
  return {
    call: async (act) => {
      calls += 1;
      const blow = calls === strike?.call ? strike.blow : undefined;
      if (dead || blow === 'dies_before') die();
      if (typeof blow === 'function') await blow();
      const result = await act();
      if (dead || blow === 'dies_after') die();
      return result;
    },
    calls: () => calls,
  };
}

type Client = Pick<DynamoDBClient, 'send'>;

/** Every DynamoDB call of the process goes through here. */
export const clientOf = (process: Process, client: Client): Client => ({
  // `send` has overloads for callbacks, which nobody here uses
  send: ((command: Parameters<Client['send']>[0]) => process.call(() => client.send(command))) as Client['send'],
});

/** Every function of an object, as the process calls it. */
export const objectOf = <T extends object>(process: Process, object: T): T =>
  Object.fromEntries(
    Object.entries(object).map(([name, act]) => [
      name,
      (...given: readonly unknown[]) => process.call(() => act(...given)),
    ]),
  ) as T; // the same functions under the same names
