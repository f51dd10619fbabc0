/** Which batches a report of some days is made of: of each merchant number and day the version that counts. */
import {
  calendarOf,
  type Merchant,
  merchantsOf,
  readStatementCalendars,
  type StatementCalendar,
} from '../../channels/index.ts';
import { type AccountingDate, accountingDateAt, addDays, type Clock } from '../../kernel/clock.ts';
import type { InstitutionId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import type { Batch, Conclusion } from '../batch.ts';
import { batchesOfDays } from '../batch-list-store.ts';
import type { BatchStatus } from '../batch-status.ts';
import { expectsFile, isTold } from '../calendar/expected-day.ts';
import { listExpectationNotes } from '../calendar/expected-statement-store.ts';
import { isUnreadable, type StatementDay, seriesKey } from '../statement-key.ts';

export interface Period {
  readonly institutionId: InstitutionId;
  readonly from: AccountingDate;
  readonly to: AccountingDate;
  readonly channel?: string | undefined;
  readonly merchantNo?: string | undefined;
}

export interface Concluded extends Batch {
  readonly series: StatementDay;
  readonly currency: Currency;
  readonly conclusion: Conclusion;
}

/** @returns `report_not_ready` for a version that is not that far yet; one that was turned away, or stopped, never will be */
export function concluded(
  batch: Batch,
): Concluded | Refusal<'report_not_ready' | 'statement_rejected' | 'reconciliation_cancelled'> {
  if (isConcluded(batch)) return batch;
  const { rejection, cancellation } = batch;
  if (rejection) return refuse('statement_rejected', `It was turned away (${rejection.reason}): ${rejection.detail}`);
  if (cancellation) return refuse('reconciliation_cancelled', `It was cancelled: ${cancellation.reason}`);
  return refuse('report_not_ready', 'This version of the statement is not concluded yet.');
}

/** A day of a merchant number that no concluded statement tells of, with the status of what came for it. */
export interface MissingDay extends StatementDay {
  readonly status: BatchStatus | undefined;
}

export interface CountedDays {
  /** by day, then by channel and merchant number */
  readonly batches: readonly Concluded[];
  readonly missing: readonly MissingDay[];
}

export const longestPeriodDays = 92;

/** A batch is 2 KB: so many are 10 MB and half a thousand read units. */
const maximumBatches = 4_000;

export interface PeriodSource {
  readonly table: Table;
  readonly channels: { readonly table: Table };
  readonly clock: Clock;
  /** of the center */
  readonly timeZone: string;
}

export async function countedDays(
  { table, channels, clock, timeZone }: PeriodSource,
  period: Period,
): Promise<CountedDays | Refusal<'range_too_long'>> {
  const { institutionId, from, to, channel, merchantNo } = period;
  if (addDays(from, longestPeriodDays) <= to) {
    return refuse('range_too_long', `A report tells of ${longestPeriodDays} days at most.`);
  }
  const found = await batchesOfDays(table, { institutionId, from, to, channel, merchantNo, limit: maximumBatches + 1 });
  if (found.length > maximumBatches) {
    return refuse('range_too_long', `More than ${maximumBatches} statements: ask for fewer days or one channel.`);
  }
  const merchants = (await merchantsOf(channels, institutionId)).filter(
    (each) => (channel ?? each.channel) === each.channel && (merchantNo ?? each.merchantNo) === each.merchantNo,
  );
  const batches = found.filter(isCounted);
  const today = accountingDateAt(clock(), timeZone);
  const missing = missingDays(period, { merchants, found, batches, timeZone, today });
  return { batches, missing: await withoutDaysOff({ table, channels }, period, missing) };
}

/** A query of the calendars, and one of what is noted of the period's days, where any day is missing: half a read unit per ten notes. */
async function withoutDaysOff(
  { table, channels }: Pick<PeriodSource, 'table' | 'channels'>,
  { from, to }: Pick<Period, 'from' | 'to'>,
  missing: readonly MissingDay[],
): Promise<readonly MissingDay[]> {
  if (missing.length === 0) return missing;
  const calendars = await readStatementCalendars(channels);
  if (calendars.length === 0) return missing;
  const notes = await listExpectationNotes(table, { from, to });
  const confirmed = new Set(notes.filter(({ confirmation }) => confirmation).map(seriesKey));
  return missing.filter(
    (day) => day.status !== undefined || !(isDayOff(calendars, day) || confirmed.has(seriesKey(day))),
  );
}

/** A day of which the channel sends no file: whatever came of one that it sent all the same is told of. */
function isDayOff(calendars: readonly StatementCalendar[], day: StatementDay): boolean {
  const calendar = calendarOf(calendars, day);
  return calendar !== undefined && isTold(calendar, day.date) && !expectsFile(calendar, day.date);
}

/** An older version has become `superseded` when a newer one was concluded. */
const isCounted = (batch: Batch): batch is Concluded =>
  (batch.status === 'balanced' || batch.status === 'differing') && isConcluded(batch);

const isConcluded = (batch: Batch): batch is Concluded =>
  !isUnreadable(batch.series) && batch.conclusion !== undefined && batch.currency !== undefined;

interface Looked {
  readonly merchants: readonly Pick<Merchant, 'channel' | 'merchantNo' | 'registeredAt'>[];
  readonly found: readonly Batch[];
  readonly batches: readonly Concluded[];
  readonly timeZone: string;
  readonly today: AccountingDate;
}

/** By day, of merchant numbers that were registered by then. A day is missing once it is over. */
export function missingDays(
  { from, to }: Pick<Period, 'from' | 'to'>,
  { merchants, found, batches, timeZone, today }: Looked,
): readonly MissingDay[] {
  const nameOf = ({ channel, merchantNo, date }: StatementDay) => `${date}#${channel}#${merchantNo}`;
  const counted = new Set(batches.map(({ series }) => nameOf(series)));
  const statuses = new Map<string, BatchStatus>();
  for (const { series, status } of found) if (!isUnreadable(series)) statuses.set(nameOf(series), status);
  const missing: MissingDay[] = [];
  for (let date = from; date <= to && date < today; date = addDays(date, 1)) {
    for (const { channel, merchantNo, registeredAt } of merchants) {
      const day = { channel, merchantNo, date };
      if (counted.has(nameOf(day)) || date < accountingDateAt(registeredAt, timeZone)) continue;
      missing.push({ ...day, status: statuses.get(nameOf(day)) });
    }
  }
  return missing;
}
