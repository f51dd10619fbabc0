/** The time of day comes in as a function, so that a test can stand still or jump. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

declare const accountingDateBrand: unique symbol;

/** 会计日: the day, `YYYY-MM-DD`, to which a posting belongs in the center's own time zone. */
export type AccountingDate = string & { readonly [accountingDateBrand]: true };

const datePattern = /^\d{4}-\d{2}-\d{2}$/;

/** @returns undefined for anything that is no real calendar day, 2026-02-30 included. */
export function parseAccountingDate(text: string): AccountingDate | undefined {
  if (!datePattern.test(text)) return undefined;
  const midnight = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== text) return undefined;
  return text as AccountingDate; // the one place where the brand is given
}

/** The calendar day of an instant in an IANA time zone such as `Asia/Shanghai`. */
export function accountingDateAt(instant: Date, timeZone: string): AccountingDate {
  return dayFormat(timeZone).format(instant) as AccountingDate; // en-CA formats as YYYY-MM-DD
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Kept, since making one takes longer than all else that a top-up computes. */
function dayFormat(timeZone: string): Intl.DateTimeFormat {
  const known = dayFormats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  dayFormats.set(timeZone, made);
  return made;
}

const dayMs = 86_400_000;

/** The calendar day so many days later, or earlier for a negative number. */
export const addDays = (day: AccountingDate, days: number): AccountingDate =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10) as AccountingDate; // one again
