/** Where a calendar day of a time zone begins and ends in the world's time. */
import { type AccountingDate, accountingDateAt } from './clock.ts';

const hourMs = 3_600_000;
const quarterMs = hourMs / 4;

/**
 * The first instant of a day, found among the quarters of an hour around its midnight: every zone in use differs from
 * UTC by whole quarters, from −12 to +14 hours, and a clock change may leave a day without a midnight.
 */
export function firstInstantOf(day: AccountingDate, timeZone: string): Date {
  let before = Date.parse(`${day}T00:00:00Z`) - 15 * hourMs;
  let within = before + 30 * hourMs;
  while (within - before > quarterMs) {
    const middle = before + Math.floor((within - before) / 2 / quarterMs) * quarterMs;
    if (accountingDateAt(new Date(middle), timeZone) < day) before = middle;
    else within = middle;
  }
  return new Date(within);
}

/** The first instant of the day after. */
export function firstInstantAfter(day: AccountingDate, timeZone: string): Date {
  const dayMs = 24 * hourMs;
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
  return firstInstantOf(next as AccountingDate, timeZone); // the day after a calendar day is one
}
