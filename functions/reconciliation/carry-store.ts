/**
 * The pool of what waits for another day, one for each merchant number: no channel's items are ever looked for in another's.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `CARRY#<channel>#<merchantNo>` | `<origin>#<side>#<key>` | row (as in shard files), origin, version, claimedBy (a day), withdrawn |
 *
 * An item is claimed by one day, by a conditional write; a corrected file of that day may claim it anew or let it go. One that a corrected
 * file of its own day no longer shows is withdrawn: whoever has claimed it forgets it when it is worked on again.
 */
import * as z from 'zod';
import { type AccountingDate, addDays } from '../kernel/clock.ts';
import { type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { type Carried, type ClaimedItem, carriedKey, elsewhereLine } from './carry-over.ts';
import { dateSchema } from './run.ts';
import { decodeRows, encodeExpectation, encodeLine, expectationSchema, stagedLineSchema } from './shard-rows.ts';
import type { StatementDay } from './statement-key.ts';

/** What has waited longer than this without any statement in between is not looked for any more: its list shows it. */
const longestPause = 40;

type Pool = Pick<StatementDay, 'channel' | 'merchantNo'>;

const poolKey = ({ channel, merchantNo }: Pool): string => `CARRY#${channel}#${merchantNo}`;

/** Of lines that are alike in all of it, one waits. */
export const placeOf = (item: Carried): string => `${item.origin}#${item.side}#${carriedKey(item)}`;

const keyOf = (pool: Pool, item: Carried) => ({
  pk: poolKey(pool),
  sk: placeOf(item),
});

/** What waits from the days around one, claimed or not. 1 read unit per 4 KiB, which are some fifteen items. */
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

/** Payments of one day that another day's statement has shown. 1 read unit per 4 KiB. */
export async function readClaimedPayments(table: Table, day: StatementDay): Promise<readonly Carried[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :own)',
    filter: 'attribute_exists(claimedBy)',
    values: { ':pk': poolKey(day), ':own': `${day.date}#own#` },
  });
  return items.map(fromItem);
}

/** Everything of a merchant number that still waits, oldest first; of some days, both included, or of all. 1 read unit per 4 KiB. */
export async function readWaiting(
  table: Table,
  pool: Pool,
  { from = '0', to = '9' }: { readonly from?: string; readonly to?: string } = {},
): Promise<readonly Carried[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND sk BETWEEN :from AND :to',
    filter: 'attribute_not_exists(claimedBy)',
    values: { ':pk': poolKey(pool), ':from': from, ':to': `${to}~` },
  });
  return items.map(fromItem);
}

/** Broken where another day has claimed it. */
export const putCarriedWrite = (table: Table, pool: Pool, item: Carried): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({
        ...keyOf(pool, item),
        side: item.side,
        row: item.side === 'own' ? encodeExpectation(item.expectation) : encodeLine(item.line),
        origin: item.origin,
        version: item.version,
      }),
      ConditionExpression: 'attribute_not_exists(claimedBy)',
    },
  });

/** Takes it for a day. Broken where another day was faster, and where it waits no more. */
export const claimCarriedWrite = (table: Table, pool: Pool, item: Carried, by: AccountingDate): Write =>
  change(table, pool, item, {
    update: 'SET claimedBy = :by',
    condition: `${isOpenOrOwn} AND attribute_not_exists(withdrawn)`,
    values: { ':by': by },
  });

/** Lets it wait again. Broken where another day has claimed it. */
export const releaseCarriedWrite = (table: Table, pool: Pool, item: Carried, by: AccountingDate): Write =>
  change(table, pool, item, {
    update: 'REMOVE claimedBy',
    condition: `${isOpenOrOwn} AND attribute_not_exists(withdrawn)`,
    values: { ':by': by },
  });

/**
 * What another day has claimed is no longer in the file of its own day, or is there again. Broken where the other one has let it go.
 *
 * @param item as it was read, with whoever claimed it
 */
export const withdrawCarriedWrite = (table: Table, pool: Pool, item: ClaimedItem, isGone: boolean): Write =>
  change(table, pool, item, {
    update: isGone ? 'SET withdrawn = :true' : 'REMOVE withdrawn',
    condition: 'claimedBy = :by',
    values: { ':by': item.claimedBy, ...(isGone && { ':true': true }) },
  });

/** Takes out what a corrected file has no longer. Broken where another day has claimed it. */
export const deleteCarriedWrite = (table: Table, pool: Pool, item: Carried): Write =>
  write({
    Delete: {
      TableName: table.name,
      Key: toItem(keyOf(pool, item)),
      ConditionExpression: 'attribute_not_exists(claimedBy)',
    },
  });

/** The same, by the day that has claimed it. Broken where it is there again. */
export const forgetCarriedWrite = (table: Table, pool: Pool, item: Carried, by: AccountingDate): Write =>
  write({
    Delete: {
      TableName: table.name,
      Key: toItem(keyOf(pool, item)),
      ConditionExpression: 'claimedBy = :by AND withdrawn = :true',
      ExpressionAttributeValues: toItem({ ':by': by, ':true': true }),
    },
  });

const isOpenOrOwn = 'attribute_exists(pk) AND (attribute_not_exists(claimedBy) OR claimedBy = :by)';

const change = (
  table: Table,
  pool: Pool,
  item: Carried,
  made: { readonly update: string; readonly condition: string; readonly values: Item },
): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(keyOf(pool, item)),
      UpdateExpression: made.update,
      ConditionExpression: made.condition,
      ExpressionAttributeValues: toItem(made.values),
    },
  });

const storedSchema = z.object({
  side: z.enum(['own', 'channel']),
  row: z.string(),
  origin: dateSchema,
  version: z.coerce.number(),
  claimedBy: dateSchema.optional(),
  withdrawn: z.boolean().optional(),
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
