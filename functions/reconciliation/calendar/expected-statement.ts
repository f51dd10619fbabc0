/** A statement that a calendar expects, and what has become of it. */
import { calendarOf, type Merchant, type StatementCalendar } from '../../channels/index.ts';
import { type AccountingDate, accountingDateAt } from '../../kernel/clock.ts';
import type { Batch } from '../batch.ts';
import { isOutOfTheWay } from '../operations/versions.ts';
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
  /** the first day that is looked at: the calendar's, or the one on which the merchant number was registered */
  readonly expectedFrom: AccountingDate;
  readonly dueAt: Date;
  /** when the grace is over and somebody is called */
  readonly callAt: Date;
  readonly status: ExpectedStatus;
  readonly note?: ExpectationNote | undefined;
  /** the newest version that came */
  readonly batch?: Batch | undefined;
}

export type Expectation = Pick<ExpectedStatement, 'calendar' | 'expectedFrom' | 'dueAt' | 'callAt'>;

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
  const registeredOn = registeredAt && accountingDateAt(registeredAt, timeZone);
  if (registeredOn && date < registeredOn) return undefined;
  const expectedFrom = registeredOn && registeredOn > calendar.from ? registeredOn : calendar.from;
  const dueAt = dueAtOf(calendar, date, timeZone);
  return { calendar, expectedFrom, dueAt, callAt: new Date(dueAt.getTime() + calendar.graceMinutes * 60_000) };
}

/**
 * A file that came tells more than any confirmation that there is none.
 *
 * @param hasCome whether a file came that is worked on and was made after the day ({@link isWholeDay})
 */
export function statusOf(
  { dueAt, callAt }: Pick<Expectation, 'dueAt' | 'callAt'>,
  { note, hasCome, now }: Pick<ExpectedStatement, 'note'> & { readonly hasCome: boolean; readonly now: Date },
): ExpectedStatus {
  if (hasCome) return 'received';
  if (note?.confirmation) return 'confirmed_empty';
  if (now < dueAt) return 'not_due';
  return now < callAt ? 'waiting' : 'late';
}

interface DayOfFile {
  readonly date: AccountingDate;
  readonly timeZone: string;
  /** when the calendar expects the file, where it does */
  readonly dueAt?: Date | undefined;
}

/** Whether a file that came then can tell of the whole day: the day was over, or the file is due before that. */
export const cameAfterDay = (at: Date, { date, timeZone, dueAt }: DayOfFile): boolean =>
  (dueAt !== undefined && at >= dueAt) || accountingDateAt(at, timeZone) > date;

/**
 * A file that was turned away, or came before its day was over, is not the one that is expected; nor is that one worked on again, unless
 * both sides agreed then.
 */
export const isWholeDay = ({ status, receivedAt, rerunOf }: Batch, day: DayOfFile): boolean =>
  !isOutOfTheWay(status) && cameAfterDay(receivedAt, day) && (rerunOf === undefined || status === 'balanced');
