import { parseAccountingDate } from '../../kernel/clock.ts';

const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?$/;

/**
 * @param day `YYYY-MM-DD` @param time `HH:MM:SS`, with up to three decimals @param offset `Z` or `+08:00`
 * @returns undefined for a day or time that there is none of: JavaScript would roll 30 February over into March
 */
export function instantOf(day: string, time: string, offset: string): Date | undefined {
  if (!parseAccountingDate(day) || !timeOfDay.test(time)) return undefined;
  const at = new Date(`${day}T${time}${offset}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
