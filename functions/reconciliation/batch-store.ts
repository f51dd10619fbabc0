/**
 * Versions of statements and the head of each day.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DAY#<channel>#<merchantNo>#<date>`, `KEY#<unreadable key>` | `HEAD` | latestVersion, working (the version that may post now), concludedVersion, isUnfinished (half a day's file), settledVersion |
 * | `RECON#<id>` | `BATCH` | the batch; index `by-institution`: institutionId, listKey; index `by-listing`: listing `all`, listKey |
 *
 * listKey is `<date>#<channel>#<merchantNo>#<version>`, so that lists read newest day first. Unreadable keys are listed
 * by the day on which they came.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Merchant } from '../channels/index.ts';
import type { ReconciliationId } from '../kernel/ids.ts';
import { conditionHolds, getItem, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Batch, Conclusion } from './batch.ts';
import { batchFromItem, batchItem } from './batch-item.ts';
import type { BatchStatus } from './batch-status.ts';

export const batchKey = (id: ReconciliationId) => ({ pk: `RECON#${id}`, sk: 'BATCH' });

export async function readBatch(table: Table, id: ReconciliationId): Promise<Batch | undefined> {
  const item = await getItem(table, batchKey(id));
  return item && batchFromItem(item);
}

/** Broken where the version stands already. */
export const putBatchWrite = (table: Table, batch: Batch): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...batchKey(batch.id), ...batchItem(batch) }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

type Owner = Pick<Merchant, 'institutionId' | 'accountId' | 'currency'>;

/** Whose statement it is: from now on lists show it to the institution, good or bad. 1 write unit. */
export const noteOwner = (table: Table, id: ReconciliationId, { institutionId, accountId, currency }: Owner) =>
  updateBatch(table, id, { institutionId, settlementAccountId: accountId, currency });

/** In which format the file is, and of an archive which of its files were read. 1 write unit. */
export const noteFormat = (
  table: Table,
  id: ReconciliationId,
  { format, archive }: Pick<Batch, 'archive'> & { readonly format: string },
): Promise<void> => updateBatch(table, id, { format, ...(archive && { archive }) });

/** As part of a transaction, which holds it to the version that has taken its day: 2 write units, and 1 for each of the two indexes. */
export const noteConclusionWrite = (table: Table, id: ReconciliationId, conclusion: Conclusion): Write =>
  write({ Update: batchUpdate(table, id, { conclusion }) });

/** The detail reports of the version can be fetched from now on. 2 write units. */
export const noteReports = (
  table: Table,
  id: ReconciliationId,
  reports: NonNullable<Batch['reports']>,
): Promise<void> => updateBatch(table, id, { reports });

/**
 * The end of a version that is turned away. News of a redrive may come after it, so that `failed` is overwritten as well. 3 write units.
 *
 * @returns false where it has come to an end already, this one or another, or there is no such version
 */
export async function noteRejection(
  table: Table,
  id: ReconciliationId,
  rejection: NonNullable<Batch['rejection']>,
  finishedAt: Date,
): Promise<boolean> {
  const status: BatchStatus = rejection.reason === 'superseded' ? 'superseded' : 'rejected';
  const { ExpressionAttributeValues, ...update } = batchUpdate(table, id, {
    rejection,
    status,
    finishedAt: finishedAt.toISOString(),
  });
  return conditionHolds(
    table.client.send(
      new UpdateItemCommand({
        ...update,
        ConditionExpression: '#status IN (:running, :failed)',
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ...toItem({ ':running': 'running', ':failed': 'failed' }),
        },
      }),
    ),
  );
}

async function updateBatch(table: Table, id: ReconciliationId, facts: object): Promise<void> {
  await table.client.send(new UpdateItemCommand(batchUpdate(table, id, facts)));
}

/** Sets attributes of a batch that exists. */
export function batchUpdate(table: Table, id: ReconciliationId, facts: object) {
  const names = Object.keys(facts);
  return {
    TableName: table.name,
    Key: toItem(batchKey(id)),
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: toItem(
      Object.fromEntries(Object.entries(facts).map(([name, value]) => [`:${name}`, value])),
    ),
  };
}
