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

type Asked = Omit<RerunRequest, 'asked'>;

/** From now on, in place of one that waits already. 2 write units and one of the index. */
export const askRerunWrite = (
  table: Table,
  request: Asked & { readonly cause: Exclude<RerunCause, 'day_is_over'> },
): Write => write({ Update: putOver(table, request) });

/**
 * Once the day is over. Broken where anybody has asked meanwhile.
 *
 * @param done what the version has done that asks, as it was read; none where nothing waits
 */
export function askAfterDayWrite(table: Table, request: Omit<Asked, 'cause'>, done: RerunRequest | undefined): Write {
  const { ExpressionAttributeValues, ...update } = putOver(table, { ...request, cause: 'day_is_over' });
  return write({
    Update: {
      ...update,
      ConditionExpression: done ? 'asked = :asked' : 'attribute_not_exists(pk)',
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ...(done && toItem({ ':asked': done.asked })) },
    },
  });
}

function putOver(table: Table, { day, cause, afterVersion, notBefore }: Asked) {
  const { channel, merchantNo, date } = day;
  const at = notBefore.toISOString();
  return {
    TableName: table.name,
    Key: toItem(keyOf(day)),
    UpdateExpression:
      'SET channel = :channel, merchantNo = :merchantNo, #date = :date, listing = :listing, listKey = :listKey, cause = :cause, afterVersion = :afterVersion, notBefore = :notBefore ADD asked :one',
    ExpressionAttributeNames: { '#date': 'date' },
    ExpressionAttributeValues: toItem({
      ':channel': channel,
      ':merchantNo': merchantNo,
      ':date': date,
      ':listing': 'reruns',
      ':listKey': `${at}#${channel}#${merchantNo}#${date}`,
      ':cause': cause,
      ':afterVersion': afterVersion,
      ':notBefore': at,
      ':one': 1,
    }),
  };
}

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
