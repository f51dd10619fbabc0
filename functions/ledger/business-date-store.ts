/**
 * `BUSINESS_DATE` / `BUSINESS_DATE`: the open business day 会计日, a logical clock that the daily close 日切 moves.
 *
 * A process that has read it may use it for {@link leaseMs}; the close waits for much longer than that, and than any
 * function runs, between moving the date and adding up the day behind it. So no posting joins a day after its sums, and
 * none pays for a check of the date.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type AccountingDate, type Clock, parseAccountingDate } from '../kernel/clock.ts';
import { getItem, isConditionFailed, type Table, toItem } from '../kernel/table.ts';

/** How long a process goes by the date that it has read. */
export const leaseMs = 2_000;

const key = { pk: 'BUSINESS_DATE', sk: 'BUSINESS_DATE' };

const dateSchema = z.object({
  date: z.string().transform((text, context) => {
    const date = parseAccountingDate(text);
    if (date !== undefined) return date;
    context.addIssue('is no day');
    return z.NEVER;
  }),
});

/** 1 read unit. Undefined before the books are opened. */
export async function readBusinessDate(table: Table): Promise<AccountingDate | undefined> {
  const item = await getItem(table, key);
  return item && dateSchema.parse(item).date;
}

/** Opens the books on a day unless they are open. @returns the open day. 1 write unit, once. */
export async function openBooks(table: Table, date: AccountingDate): Promise<AccountingDate> {
  return (await putDate(table, { from: undefined, to: date })) ? date : ((await readBusinessDate(table)) ?? date);
}

/** Moves the date on. @returns false where it does not stand at `from`. 1 write unit. */
export const moveBusinessDate = (
  table: Table,
  step: { readonly from: AccountingDate; readonly to: AccountingDate },
): Promise<boolean> => putDate(table, step);

async function putDate(
  table: Table,
  { from, to }: { readonly from: AccountingDate | undefined; readonly to: AccountingDate },
): Promise<boolean> {
  const condition =
    from === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#date = :from',
          ExpressionAttributeNames: { '#date': 'date' },
          ExpressionAttributeValues: toItem({ ':from': from }),
        };
  try {
    await table.client.send(
      new PutItemCommand({ TableName: table.name, Item: toItem({ ...key, date: to }), ...condition }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
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
