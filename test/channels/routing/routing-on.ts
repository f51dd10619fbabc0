/** A channels table on a real engine, with what routing needs of the context. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Configuration, Merchant, Reservation, RoutingRequest } from '../../../functions/channels/index.ts';
import { findRoutes, registerMerchantWrites, releaseWrites, reserveWrites } from '../../../functions/channels/index.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { type CommitWrites, committer } from '../../../functions/kernel/write.ts';
import { createTable, type Engine } from '../../support/engines.ts';

export interface RoutingOn {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly client: DynamoDBClient;
}

export async function routingOn(engine: Engine): Promise<RoutingOn> {
  const client = engine.client();
  const table = await createTable(client, 'channels');
  return { table, client, commit: committer(client, pause) };
}

const pause = {
  random: Math.random,
  sleepMs: (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

export async function register({ table, commit }: RoutingOn, ...merchants: readonly Merchant[]): Promise<void> {
  for (const merchant of merchants) await commit(registerMerchantWrites({ table }, merchant));
}

/** What a process of payments is handed. */
export const withConfiguration = ({ table }: RoutingOn, configuration: Configuration) => ({
  table,
  configuration: async () => configuration,
});

/**
 * A payment as it is stored: routes are found, and what the first one takes is reserved; where others were faster, again.
 *
 * @returns what it holds, or undefined where routing found no room.
 */
export async function reserveFor(
  on: RoutingOn,
  configuration: Configuration,
  request: RoutingRequest,
): Promise<readonly Reservation[] | undefined> {
  for (let tries = 0; tries < 50; tries++) {
    const { routes } = await findRoutes(withConfiguration(on, configuration), request);
    const [route] = routes;
    if (!route) return undefined;
    const { committed } = await on.commit(reserveWrites(on, route.reservations));
    if (committed) return route.reservations;
  }
  throw new Error('others were faster fifty times');
}

/** As a failing payment does, in its own transaction. */
export async function release(on: RoutingOn, reservations: readonly Reservation[]): Promise<void> {
  const { committed } = await on.commit(releaseWrites(on, reservations));
  if (!committed) throw new Error('nothing breaks a release');
}

/** Does many things at once, so many at a time. */
export async function atOnce<Input, Output>(
  inputs: readonly Input[],
  width: number,
  act: (input: Input, place: number) => Promise<Output>,
): Promise<readonly Output[]> {
  const waiting = [...inputs.entries()];
  const answers: Output[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) answers[next[0]] = await act(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: width }, work));
  return answers;
}
