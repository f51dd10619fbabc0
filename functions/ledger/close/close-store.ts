/**
 * `CLOSES` / `DAY#<day>`: the days that have been closed, each by the run that it names.
 * `CLOSE#<day>#<run>` / `OWNER#<owner>`: the figures of one owner as that run has found them.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { currencySchema } from '../../kernel/money.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import type { Owner } from '../business-day.ts';
import { subjects } from '../chart-of-accounts.ts';
import type { BookFile, Close, CloseRun, OwnerClose } from './close.ts';

const dayKey = (day: AccountingDate) => ({ pk: 'CLOSES', sk: `DAY#${day}` });
const runKey = ({ day, run }: CloseRun) => `CLOSE#${day}#${run}`;
const ownerKey = (close: CloseRun & { readonly owner: Owner }) => ({
  pk: runKey(close),
  sk: `OWNER#${close.owner}`,
});

/** Our own item: days and ids were checked when it was written. */
const text = <Branded extends string>() => z.string().transform((value) => value as Branded);
const count = z.bigint().transform(Number);
const runSchema = { day: text<AccountingDate>(), run: z.string() };

const closeSchema: z.ZodType<Close> = z.object({
  ...runSchema,
  closedAt: z.string(),
  entries: count,
  owners: count,
  turnover: z.array(z.object({ currency: currencySchema, amount: z.bigint() })),
});

const fileSchema: z.ZodType<BookFile> = z.object({ key: z.string(), bytes: count, sha256: z.string(), lines: count });

const ownerCloseSchema: z.ZodType<OwnerClose> = z.object({
  ...runSchema,
  owner: text<Owner>(),
  lines: z.array(
    z.object({
      subject: z.enum(subjects),
      currency: currencySchema,
      opening: z.bigint(),
      debit: z.bigint(),
      credit: z.bigint(),
    }),
  ),
  entries: count,
  generalLedger: fileSchema,
  journal: fileSchema,
});

/** Broken where the day has been closed: a day is closed once. 2 write units. */
export const putClose = (table: Table, close: Close): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromClose(close)),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

/** 1 read unit. */
export async function getClose(table: Table, day: AccountingDate): Promise<Close | undefined> {
  const item = await getItem(table, dayKey(day));
  return item && closeSchema.parse(item);
}

/** Closed days, the newest first: 1 read unit per 4 KiB, some fifteen days. */
export async function closesBefore(
  table: Table,
  { before, limit }: { readonly before?: AccountingDate | undefined; readonly limit: number },
): Promise<Close[]> {
  const items = await queryItems(table, {
    keys: 'pk = :closes AND sk < :before',
    values: { ':closes': 'CLOSES', ':before': before === undefined ? 'DAY$' : dayKey(before).sk },
    limit,
    newestFirst: true,
  });
  return items.map((item) => closeSchema.parse(item));
}

/** Overwrites what an earlier try of the same run has written. 1 write unit per KiB, one or two. */
export async function putOwnerClose(table: Table, close: OwnerClose): Promise<void> {
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: toItem(itemFromOwnerClose(close)) }));
}

/** Undefined where the owner held and moved nothing. 1 read unit. */
export async function getOwnerClose(table: Table, close: CloseRun, owner: Owner): Promise<OwnerClose | undefined> {
  const item = await getItem(table, ownerKey({ ...close, owner }));
  return item && ownerCloseFrom(item);
}

/** The figures of all owners: 1 read unit per 4 KiB, some three owners. */
export async function ownerCloses(table: Table, close: CloseRun): Promise<OwnerClose[]> {
  const items = await queryItems(table, { keys: 'pk = :close', values: { ':close': runKey(close) } });
  return items.map(ownerCloseFrom);
}

const ownerCloseFrom = (item: Item): OwnerClose => ownerCloseSchema.parse(item);

// for the audit, which reads the whole table
export const isCloseItem = ({ pk }: Item): boolean => pk === 'CLOSES';
export const closeFromItem = (item: Item): Close => closeSchema.parse(item);
export const itemFromClose = (close: Close): Item => ({ ...dayKey(close.day), ...close });
export const isOwnerCloseItem = ({ pk }: Item): boolean => String(pk).startsWith('CLOSE#');
export const ownerCloseFromItem = ownerCloseFrom;
export const itemFromOwnerClose = (close: OwnerClose): Item => ({ ...ownerKey(close), ...close });
