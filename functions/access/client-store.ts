/**
 * Credentials of institutions. The secret is Cognito's alone and never stored here.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `CLIENT#<clientId>` | `CLIENT` | the record below |
 * | `INSTITUTION#<id>#CLIENTS` | `<operationId>` | clientId: lists an institution's credentials by time, and tells a retry what the first try made |
 */
import * as z from 'zod';
import type { InstitutionId } from '../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { getItem, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';

export interface ClientRecord {
  readonly clientId: string;
  readonly institutionId: InstitutionId;
  readonly name: string;
  readonly status: 'active' | 'withdrawn';
  readonly createdAt: string;
  /** client id of the operator */
  readonly createdBy: string;
  readonly withdrawnAt?: string | undefined;
  readonly withdrawnBy?: string | undefined;
}

const recordSchema = z.object({
  clientId: z.string(),
  institutionId: z.string().transform((id) => id as InstitutionId), // written by this store
  name: z.string(),
  status: z.enum(['active', 'withdrawn']),
  createdAt: z.string(),
  createdBy: z.string(),
  withdrawnAt: z.string().optional(),
  withdrawnBy: z.string().optional(),
});

const listingSchema = z.object({ sk: z.string(), clientId: z.string() });

const recordKey = (clientId: string) => ({ pk: `CLIENT#${clientId}`, sk: 'CLIENT' });
const listingKey = (institutionId: InstitutionId, operationId: string) => ({
  pk: `INSTITUTION#${institutionId}#CLIENTS`,
  sk: operationId,
});

/** Always the newest word on a client: withdrawn credentials stop working at once. 1 read unit. */
export async function findClient(table: Table, clientId: string): Promise<ClientRecord | undefined> {
  const item = await getItem(table, recordKey(clientId));
  return item && recordSchema.parse(item);
}

/** What an earlier try of the same operation made. 1 read unit, and another where there is one. */
export async function findClientOfOperation(
  table: Table,
  institutionId: InstitutionId,
  operationId: string,
): Promise<ClientRecord | undefined> {
  const listing = await getItem(table, listingKey(institutionId, operationId));
  return listing && findClient(table, listingSchema.parse(listing).clientId);
}

/** An institution's credentials, oldest first. 1 read unit each. */
export async function listClients(
  table: Table,
  institutionId: InstitutionId,
  { limit, after }: PageRequest,
): Promise<Page<ClientRecord>> {
  const listings = await queryItems(table, {
    keys: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
    values: { ':pk': listingKey(institutionId, '').pk, ...(after !== undefined && { ':after': after }) },
    limit: limit + 1,
  });
  const { items, nextCursor } = pageOf(
    listings.map((item) => listingSchema.parse(item)),
    limit,
    ({ sk }) => sk,
  );
  const clients = await Promise.all(items.map(({ clientId }) => findClient(table, clientId)));
  return { items: clients.filter((client) => client !== undefined), nextCursor }; // records are never deleted
}

/** Two write units per write. Refused where the operation has already made credentials. */
export const addClientWrites = (table: Table, client: ClientRecord, operationId: string): readonly Write[] => [
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...recordKey(client.clientId), ...client }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }),
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...listingKey(client.institutionId, operationId), clientId: client.clientId }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }),
];

/** active → withdrawn; refused for any other state. */
export const withdrawClientWrite = (
  table: Table,
  clientId: string,
  by: { readonly withdrawnAt: string; readonly withdrawnBy: string },
): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(recordKey(clientId)),
      UpdateExpression: 'SET #status = :withdrawn, withdrawnAt = :at, withdrawnBy = :by',
      ConditionExpression: '#status = :active',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toItem({
        ':withdrawn': 'withdrawn',
        ':active': 'active',
        ':at': by.withdrawnAt,
        ':by': by.withdrawnBy,
      }),
    },
  });
