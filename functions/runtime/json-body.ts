/** JSON as it comes in, without what JavaScript's own parser would let slip through unseen. */
import type { FieldErrors } from './problem.ts';

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

// the language's own type does not know the third argument of a reviver yet
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

const plainInteger = /^-?\d+$/;

/**
 * A number with a point or an exponent becomes NaN, which every schema refuses at its place: all our numbers are whole,
 * and `99.99999999999999999` would arrive as 100.
 *
 * @returns undefined for no body at all, which is for the schema to judge
 * @throws SyntaxError for what is no JSON
 */
export const parseJsonBody = (text: string): unknown =>
  text === ''
    ? undefined
    : parseWithSource(text, (_key, value, { source }) =>
        typeof value === 'number' && !plainInteger.test(source ?? '') ? Number.NaN : value,
      );

// control characters but tab and line ends; the invisible ones that turn text around; the mark of broken UTF-8
const unwanted = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}\ufffd]/u;

/** Every text of a body that is broken Unicode or holds characters that nobody sees: stores and people choke on them. */
export function textErrors(value: unknown, field: string): FieldErrors {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) return [{ field, message: 'is broken Unicode: it holds half of a surrogate pair' }];
    return unwanted.test(value) ? [{ field, message: 'holds a control character, or is no valid UTF-8' }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textErrors(inner, `${field}.${key}`));
}
