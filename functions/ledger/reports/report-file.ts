/** The general ledger and the journal of a closed day, as files to fetch. */
import type { AccountingDate, Clock } from '../../kernel/clock.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import { readBusinessDates } from '../business-date-store.ts';
import type { Owner } from '../business-day.ts';
import type { BookFile } from '../close/close.ts';
import { getClose, getOwnerClose } from '../close/close-store.ts';

/** Makes an address under which whoever knows it may fetch the object for a while. */
export type SignLink = (link: {
  readonly key: string;
  readonly fileName: string;
  readonly from: Date;
  readonly seconds: number;
}) => Promise<string>;

export interface BookFiles {
  readonly table: Table;
  readonly clock: Clock;
  readonly signLink: SignLink;
}

export interface LinkedFile extends BookFile {
  readonly url: string;
  readonly expiresAt: Date;
}

const linkSeconds = 15 * 60;

/** 3 read units. @returns `day_not_closed` while the day's files are still to be made */
export async function linkBookFile(
  { table, clock, signLink }: BookFiles,
  {
    date,
    owner,
    kind,
  }: { readonly date: AccountingDate; readonly owner: Owner; readonly kind: 'generalLedger' | 'journal' },
): Promise<LinkedFile | Refusal<'not_found' | 'day_not_closed'>> {
  const [dates, close] = await Promise.all([readBusinessDates(table), getClose(table, date)]);
  if (!dates || date < dates.first || date > dates.open) {
    return refuse('not_found', 'The books have no such business day.');
  }
  if (!close) return refuse('day_not_closed', `The business day ${date} is not closed yet.`);
  const found = await getOwnerClose(table, close, owner);
  if (!found) return refuse('not_found', 'On that day nothing was held or moved.');
  const file = found[kind];
  const from = clock();
  const fileName = `${kind === 'journal' ? 'journal' : 'general-ledger'}-${date}.csv`;
  const url = await signLink({ key: file.key, fileName, from, seconds: linkSeconds });
  return { ...file, url, expiresAt: new Date(from.getTime() + linkSeconds * 1_000) };
}
