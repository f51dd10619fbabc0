/** A statement that a calendar expects, and what has become of it. */
import { calendarOf, type Merchant, type StatementCalendar } from '../../channels/index.ts';
import { accountingDateAt } from '../../kernel/clock.ts';
import type { Batch } from '../batch.ts';
import type { StatementDay } from '../statement-key.ts';
import { dueAtOf, expectsFile } from './expected-day.ts';
import type { ExpectationNote } from './expected-statement-store.ts';

export const expectedStatuses = ['not_due', 'waiting', 'late', 'received', 'confirmed_empty'] as const;

/** `waiting`: its hour is over and the grace is not. */
export type ExpectedStatus = (typeof expectedStatuses)[number];

export interface ExpectedStatement {
  readonly day: StatementDay;
  readonly merchant: Merchant;
  readonly calendar: StatementCalendar;
  readonly dueAt: Date;
  /** when the grace is over and somebody is called */
  readonly callAt: Date;
  readonly status: ExpectedStatus;
  readonly note?: ExpectationNote | undefined;
  /** the newest version that came */
  readonly batch?: Batch | undefined;
}

export type Expectation = Pick<ExpectedStatement, 'calendar' | 'dueAt' | 'callAt'>;

/** @returns undefined for a day of which no file is expected: it has none, or the merchant number was not there yet */
export function expectationOf(
  { channel, merchantNo, date }: StatementDay,
  {
    calendars,
    timeZone,
    registeredAt,
  }: { readonly calendars: readonly StatementCalendar[]; readonly timeZone: string; readonly registeredAt?: Date },
): Expectation | undefined {
  const calendar = calendarOf(calendars, { channel, merchantNo });
  if (!calendar || !expectsFile(calendar, date)) return undefined;
  if (registeredAt && date < accountingDateAt(registeredAt, timeZone)) return undefined;
  const dueAt = dueAtOf(calendar, date, timeZone);
  return { calendar, dueAt, callAt: new Date(dueAt.getTime() + calendar.graceMinutes * 60_000) };
}

/** A file that came tells more than any confirmation that there is none. */
export function statusOf(
  { dueAt, callAt }: Pick<Expectation, 'dueAt' | 'callAt'>,
  { note, batch, now }: Pick<ExpectedStatement, 'note' | 'batch'> & { readonly now: Date },
): ExpectedStatus {
  if (batch) return 'received';
  if (note?.confirmation) return 'confirmed_empty';
  if (now < dueAt) return 'not_due';
  return now < callAt ? 'waiting' : 'late';
}
