/**
 * `BUSINESS_DATE` / `BUSINESS_DATE`: the open business day 会计日, a logical clock that the daily close 日切 moves.
 *
 * A process that has read it may use it for {@link leaseMs}; the close waits for much longer than that, and than any
 * function runs, between moving the date and adding up the day behind it. So no posting joins a day after its sums, and
 * none pays for a check of the date.
 */
import * as z from 'zod';
import { type AccountingDate, type Clock, parseAccountingDate } from '../kernel/clock.ts';
import { getItem, type Item, putIf, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';

/** How long a process goes by the date that it has read. */
export const leaseMs = 2_000;

const key = { pk: 'BUSINESS_DATE', sk: 'BUSINESS_DATE' };

export interface BusinessDates {
  /** the open day */
  readonly open: AccountingDate;
  /** the day on which the books were opened */
  readonly first: AccountingDate;
  /** the last day that has been closed; absent before the first close */
  readonly closedThrough?: AccountingDate | undefined;
  /** when the date was moved to the open day, RFC 3339 in UTC; absent until it has been moved */
  readonly movedAt?: string | undefined;
}

const date = z.string().transform((text, context) => {
  const parsed = parseAccountingDate(text);
  if (parsed !== undefined) return parsed;
  context.addIssue('is no day');
  return z.NEVER;
});

const datesSchema = z.object({
  date,
  first: date,
  closedThrough: date.optional(),
  movedAt: z.iso.datetime().optional(),
});

/** Undefined before the books are opened. 1 read unit. */
export async function readBusinessDates(table: Table): Promise<BusinessDates | undefined> {
  const item = await getItem(table, key);
  return item && businessDatesFromItem(item);
}

// for the audit, which reads the whole table
export const isBusinessDatesItem = ({ pk }: Item): boolean => pk === key.pk;
export const itemFromBusinessDates = ({ open, ...facts }: BusinessDates): Item => ({ ...key, date: open, ...facts });

/** @throws ZodError for an item that holds no dates */
export function businessDatesFromItem(item: Item): BusinessDates {
  const { date: open, ...facts } = datesSchema.parse(item);
  return { open, ...facts };
}

export const readBusinessDate = async (table: Table): Promise<AccountingDate | undefined> =>
  (await readBusinessDates(table))?.open;

/** Opens the books on a day unless they are open. @returns the open day. 1 write unit, once. */
export async function openBooks(table: Table, day: AccountingDate): Promise<AccountingDate> {
  return (await putDates(table, undefined, { open: day, first: day })) ? day : ((await readBusinessDate(table)) ?? day);
}

/** Moves the date on. @returns false where the dates are no longer those that were read. 1 write unit. */
export const moveBusinessDate = (
  table: Table,
  from: BusinessDates,
  { to, at }: { readonly to: AccountingDate; readonly at: Date },
): Promise<boolean> => putDates(table, from, { ...from, open: to, movedAt: at.toISOString() });

/** Marks a day as closed; broken where the dates are no longer those that were read. */
export const closedThroughWrite = (table: Table, from: BusinessDates, closedThrough: AccountingDate): Write =>
  write({ Put: putOf(table, from, { ...from, closedThrough }) });

function putDates(table: Table, from: BusinessDates | undefined, to: BusinessDates): Promise<boolean> {
  return putIf(table, putOf(table, from, to));
}

function putOf(table: Table, from: BusinessDates | undefined, to: BusinessDates) {
  const put = { TableName: table.name, Item: toItem(itemFromBusinessDates(to)) };
  if (from === undefined) return { ...put, ConditionExpression: 'attribute_not_exists(pk)' };
  const closed = from.closedThrough === undefined ? 'attribute_not_exists(closedThrough)' : 'closedThrough = :closed';
  return {
    ...put,
    ConditionExpression: `#date = :from AND ${closed}`,
    ExpressionAttributeNames: { '#date': 'date' },
    ExpressionAttributeValues: toItem({ ':from': from.open, ':closed': from.closedThrough }),
  };
}

/**
 * The open day for whatever is posted now, read again once the lease is over. Before the first close it is the calendar
 * day on which the first posting was made.
 */
export function businessDateReader({
  table,
  clock,
  calendarDay,
}: {
  readonly table: Table;
  readonly clock: Clock;
  readonly calendarDay: () => AccountingDate;
}): () => Promise<AccountingDate> {
  let held: { readonly date: AccountingDate; readonly until: number } | undefined;
  return async () => {
    const readAt = clock().getTime();
    if (held && readAt < held.until) return held.date;
    const date = (await readBusinessDate(table)) ?? (await openBooks(table, calendarDay()));
    held = { date, until: readAt + leaseMs };
    return date;
  };
}
