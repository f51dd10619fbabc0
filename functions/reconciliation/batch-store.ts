/**
 * Versions of statements and the head of each day.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DAY#<channel>#<merchantNo>#<date>`, `KEY#<unreadable key>` | `HEAD` | latestVersion, working (the version that may post now), concludedVersion, settledNet |
 * | `RECON#<id>` | `BATCH` | the batch; index `by-institution`: institutionId, listKey; index `by-listing`: listing `all`, listKey |
 *
 * listKey is `<date>#<channel>#<merchantNo>#<version>`, so that lists read newest day first. Unreadable keys are listed
 * by the day on which they came.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Merchant } from '../channels/index.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import { idSchema, type ReconciliationId } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import { getItem, type Item, isConditionFailed, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Batch, Conclusion, Settlement } from './batch.ts';
import { type BatchStatus, batchStatuses } from './batch-status.ts';
import { type DifferenceType, differenceTypes } from './difference-types.ts';
import { rejectionSchema } from './rejection.ts';
import { isUnreadable, type Series, seriesKey } from './statement-key.ts';
import { sideTotalsSchema } from './totals.ts';

export interface DayHead {
  readonly latestVersion: number;
  readonly working?: number | undefined;
  readonly concludedVersion: number;
  /** what all versions together moved from pending to reconciled */
  readonly settledNet: bigint;
}

const headSchema = z.object({
  latestVersion: z.coerce.number(),
  working: z.coerce.number().optional(),
  concludedVersion: z.coerce.number().default(0),
  settledNet: z.bigint().default(0n),
});

const headKey = (series: Series) => ({ pk: seriesKey(series), sk: 'HEAD' });
const batchKey = (id: ReconciliationId) => ({ pk: `RECON#${id}`, sk: 'BATCH' });

/** One read unit. A day of which nothing came has version 0. */
export async function readHead(table: Table, series: Series): Promise<DayHead> {
  const item = await getItem(table, headKey(series));
  return headSchema.parse(item ?? { latestVersion: 0n });
}

export async function readBatch(table: Table, id: ReconciliationId): Promise<Batch | undefined> {
  const item = await getItem(table, batchKey(id));
  return item && batchFromItem(item);
}

/** Two writes; broken where another version took the number. */
export const registerBatchWrites = (table: Table, batch: Batch): readonly Write[] => [
  write({
    Update: {
      TableName: table.name,
      Key: toItem(headKey(batch.series)),
      UpdateExpression: 'SET latestVersion = :version',
      ConditionExpression: batch.version === 1 ? 'attribute_not_exists(latestVersion)' : 'latestVersion = :before',
      ExpressionAttributeValues: toItem({
        ':version': batch.version,
        ...(batch.version > 1 && { ':before': batch.version - 1 }),
      }),
    },
  }),
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...batchKey(batch.id), ...itemOf(batch) }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }),
];

type Owner = Pick<Merchant, 'institutionId' | 'accountId' | 'currency'>;

/** Whose statement it is: from now on lists show it to the institution, good or bad. 1 write unit. */
export const noteOwner = (table: Table, id: ReconciliationId, { institutionId, accountId, currency }: Owner) =>
  updateBatch(table, id, { institutionId, settlementAccountId: accountId, currency });

export const noteFormat = (table: Table, id: ReconciliationId, format: string): Promise<void> =>
  updateBatch(table, id, { format });

export async function noteConclusion(table: Table, id: ReconciliationId, conclusion: Conclusion): Promise<void> {
  await updateBatch(table, id, { conclusion });
}

export async function noteRejection(
  table: Table,
  id: ReconciliationId,
  rejection: NonNullable<Batch['rejection']>,
  finishedAt: Date,
): Promise<void> {
  const status: BatchStatus = rejection.reason === 'superseded' ? 'superseded' : 'rejected';
  await updateBatch(table, id, { rejection, status, finishedAt: finishedAt.toISOString() });
}

/** @returns whether the batch was still running; one that has ended keeps its end. */
export async function noteFault(table: Table, id: ReconciliationId): Promise<boolean> {
  try {
    await updateBatch(table, id, { status: 'failed' }, 'running');
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

async function updateBatch(table: Table, id: ReconciliationId, facts: object, from?: BatchStatus): Promise<void> {
  await table.client.send(new UpdateItemCommand(batchUpdate(table, id, facts, from)));
}

/** Sets attributes of a batch that exists, where given only in a status. */
function batchUpdate(table: Table, id: ReconciliationId, facts: object, from?: BatchStatus) {
  const names = Object.keys(facts);
  return {
    TableName: table.name,
    Key: toItem(batchKey(id)),
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ConditionExpression: from === undefined ? 'attribute_exists(pk)' : '#status = :from',
    ExpressionAttributeNames: {
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ...(from !== undefined && { '#status': 'status' }),
    },
    ExpressionAttributeValues: toItem({
      ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`:${name}`, value])),
      ...(from !== undefined && { ':from': from }),
    }),
  };
}

/**
 * Takes the day for a version, so that no other one posts: from nobody, or from a version that has ended.
 *
 * @param from who held it when it was last read
 * @returns false when somebody else was faster
 */
export async function takeDay(
  table: Table,
  series: Series,
  { version, from }: { readonly version: number; readonly from: number | undefined },
): Promise<boolean> {
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem(headKey(series)),
        UpdateExpression: 'SET working = :version',
        ConditionExpression: [
          from === undefined ? 'attribute_not_exists(working)' : 'working = :from',
          '(attribute_not_exists(concludedVersion) OR concludedVersion <= :version)',
        ].join(' AND '),
        ExpressionAttributeValues: toItem({ ':version': version, ...(from !== undefined && { ':from': from }) }),
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** Holds a transaction to the version that has taken the day. */
export const workingCheck = (table: Table, series: Series, version: number): Write =>
  write({
    ConditionCheck: {
      TableName: table.name,
      Key: toItem(headKey(series)),
      ConditionExpression: 'working = :version',
      ExpressionAttributeValues: toItem({ ':version': version }),
    },
  });

export interface DayEnd {
  readonly series: Series;
  readonly version: number;
  readonly reconciliationId: ReconciliationId;
  readonly status: 'balanced' | 'differing';
  readonly finishedAt: Date;
  /** the version in whose place this one comes */
  readonly supersedes?: ReconciliationId | undefined;
  /** with what the day had settled before */
  readonly settlement?: { readonly before: bigint; readonly proof: Settlement } | undefined;
}

/** Ends a version and gives the day free: compare-and-set on who works and on what was settled. */
export function endDayWrites(table: Table, end: DayEnd): readonly Write[] {
  const { series, version, reconciliationId, status, finishedAt, settlement, supersedes } = end;
  const proof = settlement && { ...settlement.proof, settledAt: settlement.proof.settledAt.toISOString() };
  const facts = { status, finishedAt: finishedAt.toISOString(), ...(proof && { settlement: proof }) };
  return [
    write({
      Update: {
        TableName: table.name,
        Key: toItem(headKey(series)),
        UpdateExpression: `SET concludedVersion = :version${proof ? ', settledNet = :net' : ''} REMOVE working`,
        ConditionExpression: [
          'working = :version',
          ...(settlement
            ? [
                settlement.before === 0n
                  ? '(attribute_not_exists(settledNet) OR settledNet = :before)'
                  : 'settledNet = :before',
              ]
            : []),
        ].join(' AND '),
        ExpressionAttributeValues: toItem({
          ':version': version,
          ...(settlement && { ':net': settlement.proof.net, ':before': settlement.before }),
        }),
      },
    }),
    write({ Update: batchUpdate(table, reconciliationId, facts) }),
    ...(supersedes ? [write({ Update: batchUpdate(table, supersedes, { status: 'superseded' }) })] : []),
  ];
}

const listKeyOf = ({ series, version, receivedAt }: Batch): string =>
  isUnreadable(series)
    ? `${receivedAt.toISOString().slice(0, 10)}#unreadable#${series.unreadableKey}#${version}`
    : `${series.date}#${series.channel}#${series.merchantNo}#${version.toString().padStart(6, '0')}`;

const itemOf = (batch: Batch): Item => {
  const { series, receivedAt, ...facts } = batch;
  return {
    ...facts,
    ...(isUnreadable(series) ? { unreadableKey: series.unreadableKey } : series),
    receivedAt: receivedAt.toISOString(),
    listing: 'all',
    listKey: listKeyOf(batch),
  };
};

const instant = z.iso.datetime().transform((text) => new Date(text));
const count = z.coerce.number();

const conclusionSchema: z.ZodType<Conclusion> = z.object({
  lines: z.object({
    read: count,
    matched: count,
    differing: count,
    errors: count,
    ignored: z.object({
      processing_moves_no_money: count,
      failed_moves_no_money: count,
      revoked_by_other_line: count,
    }),
  }),
  differences: z.object(
    Object.fromEntries(differenceTypes.map((type) => [type, z.object({ count, adjustment: z.bigint() })])) as Record<
      DifferenceType,
      z.ZodObject<{ count: typeof count; adjustment: z.ZodBigInt }>
    >, // fromEntries forgets the keys
  ),
  completed: count,
  stillOpen: count,
  theirs: sideTotalsSchema,
  ours: sideTotalsSchema,
  control: z.object({ lines: count, tied: z.boolean() }),
});

const batchSchema = z
  .object({
    id: idSchema('recon'),
    channel: z.string().optional(),
    merchantNo: z.string().optional(),
    date: z.string().optional(),
    unreadableKey: z.string().optional(),
    version: count,
    status: z.enum(batchStatuses),
    executionName: z.string(),
    file: z.object({
      bucket: z.string(),
      key: z.string(),
      versionId: z.string().optional(),
      size: count,
      sha256: z.string(),
    }),
    receivedAt: instant,
    institutionId: idSchema('inst').optional(),
    settlementAccountId: idSchema('acct').optional(),
    currency: currencySchema.optional(),
    format: z.string().optional(),
    rejection: rejectionSchema.extend({ quarantineKey: z.string().optional() }).optional(),
    conclusion: conclusionSchema.optional(),
    settlement: z
      .object({
        settledAt: instant,
        accountingDate: z.string().transform((text) => text as AccountingDate), // our own store wrote it
        net: z.bigint(),
        moved: z.bigint(),
        postingId: idSchema('post').optional(),
        fileVersionId: z.string().optional(),
        sha256: z.string(),
      })
      .optional(),
    finishedAt: instant.optional(),
  })
  .transform(({ channel, merchantNo, date, unreadableKey, ...facts }): Batch => {
    const readable = channel !== undefined && merchantNo !== undefined && date !== undefined;
    const series: Series = readable
      ? { channel, merchantNo, date: date as AccountingDate } // our own store wrote it
      : { unreadableKey: unreadableKey ?? '' };
    return { ...facts, series };
  });

export const batchFromItem = (item: Item): Batch => batchSchema.parse(item);
