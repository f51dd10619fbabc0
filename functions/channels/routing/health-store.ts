/**
 * What came of the orders of a merchant number and product, by minute, and the state of its circuit. One query reads both.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `HEALTH#<channel>#<merchantNo>#<product>` | `MINUTE#<beginning>#<shard>` | `succeeded`, `declined`, `refused`, `silent`, `expiresAt` |
 * | `HEALTH#<channel>#<merchantNo>#<product>` | `STATE` | the circuit, `version` |
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { conditionHolds, type Item, queryItems, type Table, toItem } from '../../kernel/table.ts';
import type { Product } from '../catalogue.ts';
import { type Circuit, closedCircuit } from './circuit.ts';
import { type Health, type OutcomeCounts, windowStart } from './health.ts';

type Store = { readonly table: Table };

/**
 * Each merchant number stands for itself: one whose keys are wrong, or that its channel has shut, closes no channel to others.
 */
export interface HealthPlace {
  readonly channel: string;
  readonly merchantNo: string;
  readonly product: Product;
}

/** Outcomes are added by few readers of a stream, each for many payments at once. */
export const healthShards = 4;

/** Long enough for a look back after an outage; the window is minutes. */
const keptSeconds = 86_400;

const minuteKey = (at: Date): string => `MINUTE#${at.toISOString().slice(0, 16)}Z`;

/** 1 write unit. Repeated, it counts again: a rate is an estimate. */
export async function addOutcomes(
  { table }: Store,
  place: HealthPlace,
  { minute, shard, counts }: { readonly minute: Date; readonly shard: number; readonly counts: OutcomeCounts },
): Promise<void> {
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.name,
      Key: toItem({ pk: placeKey(place), sk: `${minuteKey(minute)}#${shard}` }),
      UpdateExpression:
        'ADD succeeded :succeeded, declined :declined, refused :refused, silent :silent SET expiresAt = :expiresAt',
      ExpressionAttributeValues: toItem({
        ':succeeded': counts.succeeded,
        ':declined': counts.declined,
        ':refused': counts.refused,
        ':silent': counts.silent,
        ':expiresAt': Math.floor(minute.getTime() / 1000) + keptSeconds,
      }),
    }),
  );
}

/** One query of 1 read unit: forty minutes' shards and the state are 4 KiB. */
export async function readHealth({ table }: Store, place: HealthPlace, now: Date): Promise<Health> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND sk >= :from',
    values: { ':pk': placeKey(place), ':from': minuteKey(windowStart(now)) },
  });
  const state = items.find(({ sk }) => sk === 'STATE');
  return {
    buckets: items.filter((item) => item !== state).map(bucketFrom),
    ...(state ? circuitFrom(state) : { circuit: closedCircuit, version: 0 }),
  };
}

/** 1 write unit. @returns false where another process has changed it first. */
export async function replaceCircuit(
  { table }: Store,
  place: HealthPlace,
  { version, circuit }: { readonly version: number; readonly circuit: Circuit },
): Promise<boolean> {
  return conditionHolds(
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem({ pk: placeKey(place), sk: 'STATE' }),
        UpdateExpression: 'SET circuit = :circuit, version = :next',
        ConditionExpression: version === 0 ? 'attribute_not_exists(version)' : 'version = :version',
        ExpressionAttributeValues: toItem({
          ':circuit': storedCircuit(circuit),
          ':next': version + 1,
          ...(version > 0 && { ':version': version }),
        }),
      }),
    ),
  );
}

const placeKey = ({ channel, merchantNo, product }: HealthPlace): string =>
  `HEALTH#${channel}#${merchantNo}#${product}`;

const instant = z.iso.datetime().transform((text) => new Date(text));
const count = z.bigint().transform(Number);

const bucketSchema = z.object({ sk: z.string(), succeeded: count, declined: count, refused: count, silent: count });

function bucketFrom(item: Item): Health['buckets'][number] {
  const { sk, ...counts } = bucketSchema.parse(item);
  return { at: new Date(sk.slice('MINUTE#'.length, 'MINUTE#'.length + 17)), counts };
}

const circuitSchema = z.object({
  version: count,
  circuit: z.discriminatedUnion('state', [
    z.object({ state: z.literal('closed'), since: instant, trips: count }),
    z.object({ state: z.literal('open'), since: instant, until: instant, trips: count }),
    z.object({
      state: z.literal('half_open'),
      since: instant,
      until: instant,
      trips: count,
      passed: count,
      probing: z.boolean(),
    }),
  ]),
});

const circuitFrom = (item: Item): Pick<Health, 'circuit' | 'version'> => circuitSchema.parse(item);

const storedCircuit = (circuit: Circuit): object => ({
  ...circuit,
  since: circuit.since.toISOString(),
  ...('until' in circuit && { until: circuit.until.toISOString() }),
});
