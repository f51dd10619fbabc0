import { statementTimeZone } from '../channels-served.ts';

// sv-SE writes `2026-11-22 10:15:30`
const dateAndTime = new Intl.DateTimeFormat('sv-SE', {
  timeZone: statementTimeZone,
  dateStyle: 'short',
  timeStyle: 'medium',
});
const offset = new Intl.DateTimeFormat('en-US', { timeZone: statementTimeZone, timeZoneName: 'longOffset' });

/** An instant as the statements of our time zone show it: with a blank between, or in RFC 3339 with the offset. */
export function localTime(instant: Date): { readonly plain: string; readonly withOffset: string } {
  const plain = dateAndTime.format(instant);
  const name = offset.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return { plain, withOffset: `${plain.replace(' ', 'T')}${name.slice('GMT'.length) || 'Z'}` };
}
