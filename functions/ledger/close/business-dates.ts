/** Where the books stand: the open day and the days that have been closed. */
import type * as z from 'zod';
import type { Caller } from '../../kernel/caller.ts';
import type { AccountingDate } from '../../kernel/clock.ts';
import { money, moneyToJson } from '../../kernel/money.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Table } from '../../kernel/table.ts';
import { readBusinessDates } from '../business-date-store.ts';
import type { businessDatesSchema } from '../reports/report-schemas.ts';
import type { Close } from './close.ts';
import { closesBefore } from './close-store.ts';

/** The figures of a day are the whole center's, so an institution is shown the days alone. 2 read units. */
export async function listBusinessDates(
  table: Table,
  caller: Caller,
  { limit, before }: { readonly limit: number; readonly before: AccountingDate | undefined },
): Promise<z.input<typeof businessDatesSchema>> {
  const [dates, closes] = await Promise.all([
    readBusinessDates(table),
    closesBefore(table, { before, limit: limit + 1 }),
  ]);
  const { items, nextCursor } = pageOf(closes, limit, ({ day }) => day);
  return {
    openDay: dates?.open ?? null,
    firstDay: dates?.first ?? null,
    items: items.map((close) => ({
      date: close.day,
      closedAt: close.closedAt,
      ...(caller.kind === 'operator' && figuresOf(close)),
    })),
    nextCursor,
  };
}

const figuresOf = ({ entries, owners, turnover }: Close) => ({
  entries,
  institutions: owners,
  turnover: turnover.map(({ amount, currency }) => moneyToJson(money(amount, currency))),
});
