/** When a channel takes orders for a product. */

/** 1 is Monday, 7 is Sunday, as in ISO 8601. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** On each of its days, `from` <= local time < `to`; a span past midnight is written as two. */
export interface OpenSpan {
  readonly days: readonly Weekday[];
  /** `HH:MM` in the channel's time zone */
  readonly from: string;
  /** `HH:MM`, `24:00` for the end of the day */
  readonly to: string;
}

/** Absent or empty: around the clock. */
export type OpeningHours = readonly OpenSpan[];

export function isOpenAt(hours: OpeningHours | undefined, instant: Date, timeZone: string): boolean {
  if (hours === undefined || hours.length === 0) return true;
  const { weekday, time } = localTime(instant, timeZone);
  return hours.some(({ days, from, to }) => days.includes(weekday) && from <= time && time < to);
}

const weekdays: Readonly<Record<string, Weekday>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(instant: Date, timeZone: string): { readonly weekday: Weekday; readonly time: string } {
  const options = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', options);
  formats.set(timeZone, format); // making one takes longer than all else that routing computes
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const weekday = weekdays[parts['weekday'] ?? ''];
  if (weekday === undefined) throw new Error(`no weekday in ${timeZone}`);
  return { weekday, time: `${parts['hour']}:${parts['minute']}` };
}
