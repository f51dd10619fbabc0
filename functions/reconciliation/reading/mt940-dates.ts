/** Dates of an MT940 line, which have no century, or no year at all, and may be days of a calendar of 30-day months. */
import { localInstantOf } from './instant.ts';

/**
 * The first instant of the entry date in the zone, else of the value date; of a day past its month's end, the month's last.
 *
 * @param value YYMMDD @param entry MMDD, of the year that brings it nearest to the value date
 * @returns undefined for what is no date
 */
export function mtInstantOf(value: string, entry: string | undefined, timeZone: string): Date | undefined {
  const year = fullYear(value.slice(0, 2));
  const valued = localInstantOf(dayOf(year, value.slice(2)), '00:00:00', timeZone);
  if (entry === undefined || !valued) return valued;
  const candidates = [year - 1, year, year + 1].flatMap((each) => {
    const at = localInstantOf(dayOf(each, entry), '00:00:00', timeZone);
    return at ? [at] : [];
  });
  const distance = (at: Date): number => Math.abs(at.getTime() - valued.getTime());
  return candidates.sort((left, right) => distance(left) - distance(right))[0];
}

/** SWIFT's window: 80 to 99 are of the last century. */
const fullYear = (text: string): number => Number(text) + (Number(text) >= 80 ? 1900 : 2000);

/** @param monthAndDay MMDD; a day past the month's end, up to the 31st, becomes its last */
function dayOf(year: number, monthAndDay: string): string {
  const month = Number(monthAndDay.slice(0, 2));
  const day = Number(monthAndDay.slice(2));
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const kept = day > last && day <= 31 ? last : day;
  return `${year}-${monthAndDay.slice(0, 2)}-${`${kept}`.padStart(2, '0')}`;
}
