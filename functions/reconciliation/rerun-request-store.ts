/**
 * That a day has to be worked on again, by whoever finds it out: it is done at once, or from a given time on.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DAY#<channel>#<merchantNo>#<date>` | `RERUN` | channel, merchantNo, date, cause, afterVersion, notBefore, asked (counts); index `by-listing`: listing `reruns`, listKey `<notBefore>#<channel>#<merchantNo>#<date>` |
 */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { conditionHolds, getItem, type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { type RerunCause, rerunCauses } from './rerun-causes.ts';
import { type StatementDay, seriesKey, statementDaySchema } from './statement-key.ts';

export interface RerunRequest {
  readonly day: StatementDay;
  readonly cause: RerunCause;
  /** a version after this one has seen what is to be seen */
  readonly afterVersion: number;
  readonly notBefore: Date;
  /** tells a request from one that was put over it */
  readonly asked: number;
}

const keyOf = (day: StatementDay) => ({ pk: seriesKey(day), sk: 'RERUN' });

export const isRerunRequest = (item: Item): boolean => item['sk'] === 'RERUN';

/** One that waits already is made earlier, never later. 2 write units and one of the index. */
export const askRerunWrite = (
  table: Table,
  { day, cause, afterVersion, notBefore }: Omit<RerunRequest, 'asked'>,
): Write => {
  const { channel, merchantNo, date } = day;
  const at = notBefore.toISOString();
  const isNow = cause !== 'day_is_over';
  const unlessWaiting = (name: string) => (isNow ? `:${name}` : `if_not_exists(${name}, :${name})`);
  return write({
    Update: {
      TableName: table.name,
      Key: toItem(keyOf(day)),
      UpdateExpression: [
        'SET channel = :channel, merchantNo = :merchantNo, #date = :date, listing = :listing, afterVersion = :afterVersion',
        ...['cause', 'notBefore', 'listKey'].map((name) => `${name} = ${unlessWaiting(name)}`),
      ]
        .join(', ')
        .concat(' ADD asked :one'),
      ExpressionAttributeNames: { '#date': 'date' },
      ExpressionAttributeValues: toItem({
        ':channel': channel,
        ':merchantNo': merchantNo,
        ':date': date,
        ':listing': 'reruns',
        ':afterVersion': afterVersion,
        ':cause': cause,
        ':notBefore': at,
        ':listKey': `${at}#${channel}#${merchantNo}#${date}`,
        ':one': 1,
      }),
    },
  });
};

/** 1 read unit. */
export async function readRerunRequest(table: Table, day: StatementDay): Promise<RerunRequest | undefined> {
  const item = await getItem(table, keyOf(day));
  return item && requestFromItem(item);
}

/** Those whose time has come, the longest first, as the index had them a moment ago. Half a read unit per 4 KiB, about fifteen. */
export async function dueRerunRequests(table: Table, now: Date, limit: number): Promise<readonly RerunRequest[]> {
  const items = await queryItems(table, {
    index: 'by-listing',
    keys: 'listing = :listing AND listKey < :until',
    values: { ':listing': 'reruns', ':until': `${now.toISOString()}~` },
    limit,
  });
  return items.map(requestFromItem);
}

/** It is done, unless it was asked for anew meanwhile. 1 write unit and one of the index. */
export const closeRerunRequest = (table: Table, { day, asked }: RerunRequest): Promise<boolean> =>
  conditionHolds(
    table.client.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: toItem(keyOf(day)),
        ConditionExpression: 'asked = :asked',
        ExpressionAttributeValues: toItem({ ':asked': asked }),
      }),
    ),
  );

const storedSchema = z
  .object({
    ...statementDaySchema.shape,
    cause: z.enum(rerunCauses),
    afterVersion: z.coerce.number(),
    notBefore: z.iso.datetime().transform((text) => new Date(text)),
    asked: z.coerce.number(),
  })
  .transform(
    ({ channel, merchantNo, date, ...facts }): RerunRequest => ({ day: { channel, merchantNo, date }, ...facts }),
  );

const requestFromItem = (item: Item): RerunRequest => storedSchema.parse(item);
