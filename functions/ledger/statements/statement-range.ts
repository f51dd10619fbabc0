/** Which stretch of an account's chains a statement is about, and where it begins and ends in each of them. */
import type { AccountingDate } from '../../kernel/clock.ts';
import { firstInstantAfter, firstInstantOf } from '../../kernel/day-bounds.ts';
import type { Table } from '../../kernel/table.ts';
import type { Entry } from '../entry.ts';
import { entriesFrom } from '../entry-store.ts';
import { findLast } from './find-entry.ts';

/** The end of a business day, or an instant: RFC 3339 in UTC, milliseconds. */
export type Moment =
  | { readonly by: 'accountingDate'; readonly value: AccountingDate }
  | { readonly by: 'postedAt'; readonly value: string };

/** Both ends belong to it; an absent one leaves it open on that side. */
export interface StatementRange {
  readonly from?: Moment | undefined;
  readonly to?: Moment | undefined;
}

export const isBefore = (entry: Entry, moment: Moment | undefined): boolean =>
  moment !== undefined && entry[moment.by] < moment.value;

export const isAfter = (entry: Entry, moment: Moment | undefined): boolean =>
  moment !== undefined && entry[moment.by] > moment.value;

export interface StatementSource {
  readonly table: Table;
  /** of the center's days: about when one ended is where to look for its last entry */
  readonly timeZone: string;
}

/** The last entry of a chain up to the moment, that included. Reads: those of `findLast`, none where it is the head. */
export const findLastUpTo = (source: StatementSource, head: Entry, moment: Moment): Promise<Entry | undefined> =>
  search(source, head, {
    holds: (entry) => !isAfter(entry, moment),
    about: moment.by === 'postedAt' ? new Date(moment.value) : firstInstantAfter(moment.value, source.timeZone),
  });

/** The last entry of a chain before the moment; of a day, before it began. */
export const findLastBefore = (source: StatementSource, head: Entry, moment: Moment): Promise<Entry | undefined> =>
  search(source, head, {
    holds: (entry) => isBefore(entry, moment),
    about: moment.by === 'postedAt' ? new Date(moment.value) : firstInstantOf(moment.value, source.timeZone),
  });

const search = (
  { table }: StatementSource,
  head: Entry,
  { holds, about }: { readonly holds: (entry: Entry) => boolean; readonly about: Date },
): Promise<Entry | undefined> =>
  findLast(
    {
      head,
      openedAt: head.account.openedAt,
      read: (from, limit) => entriesFrom(table, { accountId: head.accountId, slot: head.slot }, { from, limit }),
    },
    { holds, about: about.getTime() },
  );
