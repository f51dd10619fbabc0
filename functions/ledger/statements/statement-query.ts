/** What callers ask of account statements in a URL. */
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { pageQuery } from '../../kernel/page.ts';
import { postingTypes } from '../posting.ts';
import { readCursor } from './entries-cursor.ts';
import { directions } from './entry-filter.ts';
import { statementOrders } from './merge-chains.ts';
import { settlementHalves } from './statement-account.ts';
import type { Moment, StatementRange } from './statement-range.ts';

export const dateQuery = (description: string) =>
  z.iso
    .date('must be a calendar day, such as 2026-03-01')
    .transform((date) => date as AccountingDate) // just checked
    .optional()
    .meta({ description, example: '2026-03-01' });

/** A `+` in a URL is a space, which is worth a word. */
const timeMessage = 'must be RFC 3339 to the millisecond, such as 2026-03-01T08:00:00.000Z; a + is written %2B';

export const timeQuery = (description: string) =>
  z.iso
    .datetime({ offset: true, message: timeMessage, abort: true })
    .regex(/^[^.]+(\.\d{1,3})?(Z|[+-][\d:]+)$/, timeMessage)
    .transform((time) => new Date(time).toISOString())
    .refine((time) => /^\d{4}-/.test(time), timeMessage) // an offset may lead past the year 9999
    .optional()
    .meta({ description, example: '2026-03-01T08:00:00.000Z' });

const cursorQuery = z
  .base64url()
  .max(1_200)
  .transform((text, context) => {
    const cursor = readCursor(Buffer.from(text, 'base64url').toString('utf8'));
    if (cursor) return cursor;
    context.addIssue('is no cursor of this list');
    return z.NEVER;
  })
  .optional()
  .meta({ description: "an earlier page's nextCursor, with the same query" });

const typesQuery = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(postingTypes)))
  .optional()
  .meta({
    description:
      'types of postings, separated by commas; unless given, all that move something: entries of the types account_opening ' +
      'and account_change, which set the terms of an account, are shown to whoever asks for them',
    example: 'top_up,withdrawal_capture',
  });

export const statementQuery = z
  .object({
    limit: pageQuery.limit.unwrap().optional().meta({
      description: 'at most this many, 1 to 200, 50 unless given; a page may have fewer, or none, and a cursor',
    }),
    cursor: cursorQuery,
    from: dateQuery('first accounting date (会计日), included'),
    to: dateQuery('last accounting date (会计日), included'),
    fromTime: timeQuery('first instant, included; instead of from and to'),
    toTime: timeQuery('last instant, included; instead of from and to'),
    direction: z
      .enum(directions)
      .optional()
      .meta({ description: 'by what available and frozen together change by: a freeze is neither in nor out' }),
    type: typesQuery,
    order: z
      .enum(statementOrders)
      .optional()
      .meta({ description: 'newest first unless given; a CSV file oldest first unless given' }),
    balance: z
      .enum(settlementHalves)
      .optional()
      .meta({ description: 'of a settlement account, whose pending half is shown unless given' }),
  })
  .superRefine(({ from, to, fromTime, toTime }, { addIssue }) => {
    const wrong = (field: string, message: string) => addIssue({ code: 'custom', path: [field], message });
    if (from !== undefined && to !== undefined && from > to) wrong('to', 'must not be before `from`');
    if (fromTime !== undefined && toTime !== undefined && fromTime > toTime) {
      wrong('toTime', 'must not be before `fromTime`');
    }
    if (from === undefined && to === undefined) return;
    if (fromTime !== undefined) wrong('fromTime', 'can not be combined with accounting dates (`from`, `to`)');
    if (toTime !== undefined) wrong('toTime', 'can not be combined with accounting dates (`from`, `to`)');
  });

/** Exactly one moment. */
export const momentQuery = z
  .object({
    at: timeQuery('an instant: what was posted at it counts'),
    date: dateQuery('an accounting date (会计日): the balances of its end'),
  })
  .superRefine(({ at, date }, { addIssue }) => {
    if ((at === undefined) !== (date === undefined)) return;
    for (const field of ['at', 'date']) {
      addIssue({ code: 'custom', path: [field], message: 'exactly one of `at` and `date` must be given' });
    }
  });

type Asked = z.infer<typeof statementQuery>;

export function rangeOf({
  from,
  to,
  fromTime,
  toTime,
}: Pick<Asked, 'from' | 'to' | 'fromTime' | 'toTime'>): StatementRange {
  return { from: momentOf({ date: from, at: fromTime }), to: momentOf({ date: to, at: toTime }) };
}

export function momentOf({ date, at }: z.infer<typeof momentQuery>): Moment | undefined {
  if (date !== undefined) return { by: 'accountingDate', value: date };
  return at === undefined ? undefined : { by: 'postedAt', value: at };
}
