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

/**
 * The same for a time without an offset, as the clock on the wall of an IANA zone shows it.
 *
 * An hour that a zone leaves out in spring is read with the offset of before, one that it has twice as the second of the two.
 */
export function localInstantOf(day: string, time: string, timeZone: string): Date | undefined {
  const wall = instantOf(day, time, 'Z');
  if (!wall) return undefined;
  const offset = offsetOfDay(day, timeZone) ?? offsetAt(wall.getTime() - offsetAt(wall.getTime(), timeZone), timeZone);
  return new Date(wall.getTime() - offset);
}

const dayMs = 86_400_000;
const knownOffsets = new Map<string, number | undefined>();
const keptOffsets = 1_000;

/** In milliseconds; undefined on a day on which the zone changes it. Kept, since a file's lines are of few days. */
function offsetOfDay(day: string, timeZone: string): number | undefined {
  const key = `${timeZone} ${day}`;
  if (knownOffsets.has(key)) return knownOffsets.get(key);
  const noon = Date.parse(`${day}T12:00:00Z`);
  const [before, after] = [offsetAt(noon - dayMs, timeZone), offsetAt(noon + dayMs, timeZone)];
  const offset = before === after ? before : undefined;
  if (knownOffsets.size >= keptOffsets) knownOffsets.clear();
  knownOffsets.set(key, offset);
  return offset;
}

/** How far the zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(instant / 1_000) * 1_000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Kept, since making one takes far longer than asking it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const time = { hour: numeric, minute: numeric, second: numeric, hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, year: numeric, month: numeric, day: numeric, ...time });
  clocks.set(timeZone, made);
  return made;
}

const chineseTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/** `YYYY-MM-DD HH:MM:SS` in UTC+8, as Chinese channels write it; old documentation examples have full-width colons. */
export function chineseInstantOf(text: string): Date | undefined {
  const [, day = '', time = ''] = chineseTime.exec(text.replaceAll('：', ':')) ?? [];
  return instantOf(day, time, '+08:00');
}
