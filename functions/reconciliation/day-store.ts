/**
 * The head of each day: which versions there are, which one may post, and what was settled. Keys: `batch-store.ts`.
 */
import * as z from 'zod';
import type { ReconciliationId } from '../kernel/ids.ts';
import { getItem, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Batch, Settlement, SettlementReversal } from './batch.ts';
import { batchUpdate } from './batch-store.ts';
import type { GateObstacle } from './gate-obstacles.ts';
import { reconciliationIdOf, type Series, type StatementDay, seriesKey } from './statement-key.ts';

export interface DayHead {
  readonly latestVersion: number;
  readonly working?: number | undefined;
  readonly concludedVersion: number;
  /** its file came before the day was over: more may come of it */
  readonly isUnfinished: boolean;
  /** the version whose settlement stands; none while the day is not settled, or was reopened */
  readonly settledVersion?: number | undefined;
}

const headSchema = z.object({
  latestVersion: z.coerce.number(),
  working: z.coerce.number().optional(),
  concludedVersion: z.coerce.number().default(0),
  isUnfinished: z.boolean().default(false),
  settledVersion: z.coerce.number().optional(),
});

/** Also for conditions on whether anything came. */
export const headKey = (series: Series) => ({ pk: seriesKey(series), sk: 'HEAD' });
/** One read unit. A day of which nothing came has version 0. */
export async function readHead(table: Table, series: Series): Promise<DayHead> {
  const item = await getItem(table, headKey(series));
  return headSchema.parse(item ?? { latestVersion: 0n });
}

/** Counts a version; broken where another one took the number. */
export const countVersionWrite = (table: Table, { series, version }: Pick<Batch, 'series' | 'version'>): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(headKey(series)),
      UpdateExpression: 'SET latestVersion = :version',
      ConditionExpression: version === 1 ? 'attribute_not_exists(latestVersion)' : 'latestVersion = :before',
      ExpressionAttributeValues: toItem({ ':version': version, ...(version > 1 && { ':before': version - 1 }) }),
    },
  });

/**
 * Takes the day for a version, so that no other one posts: from nobody, or from a version that has ended. Broken where somebody else was
 * faster.
 *
 * @param from who held it when it was last read
 */
export const takeDayWrite = (
  table: Table,
  series: Series,
  { version, from }: { readonly version: number; readonly from: number | undefined },
): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(headKey(series)),
      UpdateExpression: 'SET working = :version',
      ConditionExpression: [
        from === undefined ? 'attribute_not_exists(working)' : 'working = :from',
        '(attribute_not_exists(concludedVersion) OR concludedVersion < :version)',
      ].join(' AND '),
      ExpressionAttributeValues: toItem({ ':version': version, ...(from !== undefined && { ':from': from }) }),
    },
  });

/** Gives the day free without an end, of a version that was turned away. Broken where it doesn't hold the day (any more). 1 write unit, 2 in a transaction. */
export const letGoOfDayWrite = (table: Table, series: Series, version: number): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(headKey(series)),
      UpdateExpression: 'REMOVE working',
      ConditionExpression: 'working = :version',
      ExpressionAttributeValues: toItem({ ':version': version }),
    },
  });

/** Holds a transaction to the version that has taken the day. */
export const workingCheck = (table: Table, series: Series, version: number): Write =>
  headCheck(table, series, 'working = :version', { ':version': version });

/** Holds a transaction to a day of which no version has come since it was read. */
export const newestCheck = (table: Table, series: Series, latestVersion: number): Write =>
  headCheck(table, series, 'latestVersion = :version', { ':version': latestVersion });

/** Holds a transaction to a day on which no version works, or on which one that has failed stands since it was read. */
export const idleCheck = (table: Table, series: Series, working: number | undefined): Write =>
  working === undefined
    ? headCheck(table, series, 'attribute_not_exists(working)')
    : workingCheck(table, series, working);

const headCheck = (table: Table, series: Series, condition: string, values?: Readonly<Record<string, number>>): Write =>
  write({
    ConditionCheck: {
      TableName: table.name,
      Key: toItem(headKey(series)),
      ConditionExpression: condition,
      ...(values && { ExpressionAttributeValues: toItem(values) }),
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
  readonly settlement?: Settlement | undefined;
  /** of a differing day */
  readonly obstacles?: readonly GateObstacle[] | undefined;
}

/** Ends a version and gives the day free: compare-and-set on who works, and on the day not being settled. */
export function endDayWrites(table: Table, end: DayEnd): readonly Write[] {
  const { series, version, reconciliationId, status, finishedAt, settlement, obstacles, supersedes } = end;
  const facts = {
    status,
    finishedAt: finishedAt.toISOString(),
    ...(settlement && { settlement: { ...settlement, settledAt: settlement.settledAt.toISOString() } }),
    ...(obstacles && { obstacles }),
    ...(supersedes && { supersedes }),
  };
  const replaced = { status: 'superseded', supersededBy: reconciliationId };
  return [
    write({
      Update: {
        TableName: table.name,
        Key: toItem(headKey(series)),
        UpdateExpression: `SET concludedVersion = :version, isUnfinished = :unfinished${settlement ? ', settledVersion = :version' : ''} REMOVE working`,
        ConditionExpression: `working = :version${settlement ? ' AND attribute_not_exists(settledVersion)' : ''}`,
        ExpressionAttributeValues: toItem({
          ':version': version,
          ':unfinished': obstacles?.includes('day_not_over') ?? false,
        }),
      },
    }),
    write({ Update: batchUpdate(table, reconciliationId, facts) }),
    ...(supersedes ? [write({ Update: batchUpdate(table, supersedes, replaced) })] : []),
  ];
}

export interface DayReopening {
  readonly series: StatementDay;
  readonly settledVersion: number;
  /** the version that works on the day, or one that has failed, or none */
  readonly working: number | undefined;
  readonly reversal: SettlementReversal;
}

/** Takes a settlement back, once: the day is open again, and the version that had settled it shows by what. 4 write units. */
export function reopenDayWrites(
  table: Table,
  { series, settledVersion, working, reversal }: DayReopening,
): readonly Write[] {
  const reversed = { ...reversal, reversedAt: reversal.reversedAt.toISOString() };
  return [
    write({
      Update: {
        TableName: table.name,
        Key: toItem(headKey(series)),
        UpdateExpression: 'REMOVE settledVersion',
        ConditionExpression: [
          'settledVersion = :settled',
          working === undefined ? 'attribute_not_exists(working)' : 'working = :working',
        ].join(' AND '),
        ExpressionAttributeValues: toItem({
          ':settled': settledVersion,
          ...(working !== undefined && { ':working': working }),
        }),
      },
    }),
    write({
      Update: batchUpdate(table, reconciliationIdOf(series, settledVersion), {
        status: 'reopened',
        settlementReversal: reversed,
      }),
    }),
  ];
}
