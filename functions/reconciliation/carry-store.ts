/**
 * The pool of what waits for another day, one for each merchant number: no channel's items are ever looked for in another's.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `CARRY#<channel>#<merchantNo>` | `<origin>#<side>#<key>` | row (as in shard files), origin, version, claimedBy (a day) |
 *
 * An item is claimed by one day, by a conditional write; a corrected file of that day may claim it anew or let it go.
 */
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type AccountingDate, addDays } from '../kernel/clock.ts';
import { conditionHolds, type Item, putIf, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Carried, carriedKey } from './carry-over.ts';
import { elsewhereLine } from './leftovers.ts';
import { dateSchema } from './run.ts';
import { decodeRows, encodeExpectation, encodeLine, expectationSchema, stagedLineSchema } from './shard-rows.ts';
import type { StatementDay } from './statement-key.ts';

/** What has waited longer than this without any statement in between is not looked for any more: its list shows it. */
const longestPause = 40;

type Pool = Pick<StatementDay, 'channel' | 'merchantNo'>;

const poolKey = ({ channel, merchantNo }: Pool): string => `CARRY#${channel}#${merchantNo}`;

const keyOf = (pool: Pool, item: Carried) => ({
  pk: poolKey(pool),
  sk: `${item.origin}#${item.side}#${carriedKey(item)}`,
});

/** What waits from the days around one, claimed or not. Half a read unit per 4 KiB, which are some fifteen items. */
export async function readPool(table: Table, day: StatementDay, days: number): Promise<readonly Carried[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND sk BETWEEN :first AND :last',
    values: {
      ':pk': poolKey(day),
      ':first': addDays(day.date, -longestPause),
      ':last': `${addDays(day.date, days)}~`,
    },
  });
  return items.map(fromItem);
}

/** Payments of one day that another day's statement has shown. Half a read unit per 4 KiB. */
export async function readClaimedPayments(table: Table, day: StatementDay): Promise<readonly Carried[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :own)',
    filter: 'attribute_exists(claimedBy)',
    values: { ':pk': poolKey(day), ':own': `${day.date}#own#` },
  });
  return items.map(fromItem);
}

/** Everything of a merchant number that still waits, oldest first, for those who look after it. */
export async function readWaiting(table: Table, pool: Pool): Promise<readonly Carried[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk',
    filter: 'attribute_not_exists(claimedBy)',
    values: { ':pk': poolKey(pool) },
  });
  return items.map(fromItem);
}

/** @returns false where another day has claimed it. 1 write unit. */
export const putCarried = (table: Table, pool: Pool, item: Carried): Promise<boolean> =>
  putIf(table, {
    TableName: table.name,
    Item: toItem({
      ...keyOf(pool, item),
      side: item.side,
      row: item.side === 'own' ? encodeExpectation(item.expectation) : encodeLine(item.line),
      origin: item.origin,
      version: item.version,
    }),
    ConditionExpression: 'attribute_not_exists(claimedBy)',
  });

/** Takes it for a day. @returns false where another day was faster, or where it waits no more. 1 write unit. */
export const claimCarried = (table: Table, pool: Pool, item: Carried, by: AccountingDate): Promise<boolean> =>
  change(table, pool, item, { update: 'SET claimedBy = :by', by });

/** Lets it wait again. 1 write unit. */
export const releaseCarried = (table: Table, pool: Pool, item: Carried, by: AccountingDate): Promise<boolean> =>
  change(table, pool, item, { update: 'REMOVE claimedBy', by });

/** Takes out what a corrected file has no longer. @returns false where another day has claimed it. 1 write unit. */
export const deleteCarried = (table: Table, pool: Pool, item: Carried): Promise<boolean> =>
  conditionHolds(
    table.client.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: toItem(keyOf(pool, item)),
        ConditionExpression: 'attribute_not_exists(claimedBy)',
      }),
    ),
  );

const change = (
  table: Table,
  pool: Pool,
  item: Carried,
  { update, by }: { readonly update: string; readonly by: AccountingDate },
): Promise<boolean> =>
  conditionHolds(
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem(keyOf(pool, item)),
        UpdateExpression: update,
        ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(claimedBy) OR claimedBy = :by)',
        ExpressionAttributeValues: toItem({ ':by': by }),
      }),
    ),
  );

const storedSchema = z.object({
  side: z.enum(['own', 'channel']),
  row: z.string(),
  origin: dateSchema,
  version: z.coerce.number(),
  claimedBy: dateSchema.optional(),
});

function fromItem(item: Item): Carried {
  const { side, row, ...facts } = storedSchema.parse(item);
  return side === 'own'
    ? { ...facts, side, expectation: only(decodeRows(row, expectationSchema)) }
    : { ...facts, side, line: { ...only(decodeRows(row, stagedLineSchema)), lineNumber: elsewhereLine } };
}

function only<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('an item of the pool holds no row');
  return row;
}
