/** The fields of a line by a profile's rules: nothing here looks at a character more than a few times. */
import type { StatementProfile } from '../../../channels/index.ts';

/** A field of the line by the name of its column, without what surrounds it; empty where the line has none. */
export type FieldOf = (column: string) => string;

type ValueRule = NonNullable<StatementProfile['fields']['ourReference']>;
type Extract = NonNullable<ValueRule['extract']>[number];
export type Condition = NonNullable<StatementProfile['kinds'][number]['when']>[number];

/** @returns an empty text where no column gives anything */
export function textFor(rule: ValueRule | undefined, field: FieldOf): string {
  if (rule?.constant !== undefined) return rule.constant;
  for (const column of rule?.columns ?? []) {
    const text = field(column);
    const found = rule?.extract ? extracted(rule.extract, text) : text;
    if (found !== '') return found;
  }
  return '';
}

/** What the first rule that fits takes of the text, or nothing. */
export function extracted(rules: readonly Extract[], text: string): string {
  for (const rule of rules) {
    const found = taken(rule, text);
    if (found !== '') return found;
  }
  return '';
}

function taken({ after, before, characters = 'any', ...lengths }: Extract, text: string): string {
  const start = after === undefined ? 0 : text.indexOf(after);
  if (start < 0) return '';
  const from = start + (after?.length ?? 0);
  const to = before === undefined ? text.length : text.indexOf(before, from);
  if (to < 0) return '';
  const part = text.slice(from, to);
  const fits = ({ length }: string) =>
    length >= (lengths.minimumLength ?? 1) && length <= (lengths.maximumLength ?? part.length);
  if (characters === 'any') return fits(part.trim()) ? part.trim() : '';
  for (const [run] of part.matchAll(runs[characters])) if (fits(run)) return run;
  return '';
}

/** Runs of one class of characters: a pattern without alternatives, which is gone through once. */
const runs = {
  digits: /\d+/g,
  alphanumeric: /[A-Za-z0-9]+/g,
  reference: /[A-Za-z0-9_-]+/g,
  decimal: /[\d.,'+-]+/g,
} as const;

export function holds({ column, equals, startsWith, contains, empty }: Condition, field: FieldOf): boolean {
  const text = field(column);
  if (equals) return equals.includes(text);
  if (startsWith) return startsWith.some((start) => text.startsWith(start));
  if (contains) return contains.some((part) => text.includes(part));
  return (text === '') === empty;
}

export const allHold = (when: readonly Condition[] | undefined, field: FieldOf): boolean =>
  (when ?? []).every((condition) => holds(condition, field));

/** Takes blanks and the profile's own characters off both ends. */
export function stripper(characters: string | undefined): (text: string) => string {
  if (characters === undefined) return (text) => text.trim();
  const taken = new Set(` \t\u00a0\u3000\r${characters}`);
  return (text) => {
    let [from, to] = [0, text.length];
    while (from < to && taken.has(text.charAt(from))) from += 1;
    while (to > from && taken.has(text.charAt(to - 1))) to -= 1;
    return text.slice(from, to);
  };
}

/** Whether a name is like a pattern with `*` for any text and `?` for any character, whatever the case of its letters. */
export function isLike(pattern: string, name: string): boolean {
  const [wanted, text] = [pattern.toLowerCase(), name.toLowerCase()];
  let [at, place, star, resumed] = [0, 0, -1, 0];
  while (at < text.length) {
    if (wanted[place] === '*') {
      star = place;
      resumed = at;
      place += 1;
    } else if (place < wanted.length && (wanted[place] === '?' || wanted[place] === text[at])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      place = star + 1;
      resumed += 1;
      at = resumed;
    } else return false;
  }
  while (wanted[place] === '*') place += 1;
  return place === wanted.length;
}
