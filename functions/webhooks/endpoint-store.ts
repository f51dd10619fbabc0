/**
 * Endpoints. Their secrets are sealed; nothing here can be read without KMS.
 *
 * | pk | sk |
 * | --- | --- |
 * | `INSTITUTION#<id>` | `ENDPOINT#<endpointId>` |
 */
import { DeleteItemCommand, type Put, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { InstitutionId, WebhookEndpointId } from '../kernel/ids.ts';
import {
  fromItem,
  getItem,
  type Item,
  isConditionFailed,
  putIf,
  queryItems,
  type Table,
  toItem,
} from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { disabledReasons, type WebhookEndpoint } from './endpoint.ts';

const keyOf = ({ institutionId, id }: Pick<WebhookEndpoint, 'institutionId' | 'id'>) => ({
  pk: `INSTITUTION#${institutionId}`,
  sk: `ENDPOINT#${id}`,
});

const instant = z.iso.datetime().transform((value) => new Date(value));
const sealed = z.instanceof(Uint8Array);

const itemSchema = z
  .object({
    endpointId: z.string().transform((id) => id as WebhookEndpointId), // our own store wrote it, here and below
    institutionId: z.string().transform((id) => id as InstitutionId),
    url: z.string(),
    eventTypes: z.array(z.string()),
    description: z.string().optional(),
    status: z.enum(['active', 'disabled']),
    disabled: z.object({ reason: z.enum(disabledReasons), at: instant }).optional(),
    failingSince: instant.optional(),
    secret: sealed,
    retiring: z.array(z.object({ secret: sealed, until: instant })),
    createdAt: instant,
    version: z.bigint().transform(Number),
  })
  .transform(({ endpointId: id, ...facts }): WebhookEndpoint => ({ id, ...facts }));

const fromEndpointItem = (item: Item): WebhookEndpoint => itemSchema.parse(item);

function itemOf({ id: endpointId, ...facts }: WebhookEndpoint): Item {
  const { disabled, failingSince, retiring, createdAt } = facts;
  return {
    ...keyOf({ institutionId: facts.institutionId, id: endpointId }),
    ...facts,
    endpointId,
    disabled: disabled && { ...disabled, at: disabled.at.toISOString() },
    failingSince: failingSince?.toISOString(),
    retiring: retiring.map(({ secret, until }) => ({ secret, until: until.toISOString() })),
    createdAt: createdAt.toISOString(),
  };
}

/** Strongly consistent; 1 read unit. */
export async function readEndpoint(
  table: Table,
  institutionId: InstitutionId,
  id: WebhookEndpointId,
): Promise<WebhookEndpoint | undefined> {
  const item = await getItem(table, keyOf({ institutionId, id }));
  return item && fromEndpointItem(item);
}

/** All of an institution, oldest first, strongly consistent; 1 read unit per 4 KiB. */
export async function endpointsOf(table: Table, institutionId: InstitutionId): Promise<readonly WebhookEndpoint[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :endpoints)',
    values: { ':pk': `INSTITUTION#${institutionId}`, ':endpoints': 'ENDPOINT#' },
  });
  return items.map(fromEndpointItem);
}

/**
 * An operation that is repeated replaces what its first try stored, of which nobody has seen the secret.
 *
 * @returns false when the endpoint has been changed since it was made
 */
export const addEndpoint = (table: Table, endpoint: WebhookEndpoint): Promise<boolean> =>
  putIf(table, {
    TableName: table.name,
    Item: toItem(itemOf(endpoint)),
    ConditionExpression: 'attribute_not_exists(pk) OR #version = :first',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: toItem({ ':first': 1 }),
  });

const replacement = (table: Table, from: WebhookEndpoint, to: WebhookEndpoint): Put => ({
  TableName: table.name,
  Item: toItem(itemOf(to)),
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: toItem({ ':version': from.version }),
});

/** @returns false when it was changed or deleted since `from` was read. */
export const replaceEndpoint = (table: Table, from: WebhookEndpoint, to: WebhookEndpoint): Promise<boolean> =>
  putIf(table, replacement(table, from, to));

/** As {@link replaceEndpoint}, as part of a transaction. */
export const replaceEndpointWrite = (table: Table, from: WebhookEndpoint, to: WebhookEndpoint): Write =>
  write({ Put: replacement(table, from, to) });

export async function deleteEndpoint(table: Table, endpoint: WebhookEndpoint): Promise<void> {
  await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: toItem(keyOf(endpoint)) }));
}

/** @returns since when nothing could be delivered; undefined for an endpoint that is gone. 1 write unit. */
export async function noteFailing(table: Table, endpoint: WebhookEndpoint, now: Date): Promise<Date | undefined> {
  if (endpoint.failingSince) return endpoint.failingSince;
  try {
    const { Attributes: item } = await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem(keyOf(endpoint)),
        UpdateExpression: 'SET failingSince = if_not_exists(failingSince, :now)',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: toItem({ ':now': now.toISOString() }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return item && fromEndpointItem(fromItem(item)).failingSince;
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** 1 write unit for an endpoint that was failing, nothing for the others. */
export async function noteDelivered(table: Table, endpoint: WebhookEndpoint): Promise<void> {
  if (!endpoint.failingSince) return;
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem(keyOf(endpoint)),
        UpdateExpression: 'REMOVE failingSince',
        ConditionExpression: 'attribute_exists(pk)',
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error; // deleted meanwhile
  }
}
