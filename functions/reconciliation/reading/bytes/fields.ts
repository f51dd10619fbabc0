/** Fields of a line as bytes, without a text being made of them. */
import { notRegular } from './byte-reader.ts';

const [lineFeed, carriageReturn, space, quote, backslash, delete_] = [0x0a, 0x0d, 0x20, 0x22, 0x5c, 0x7f];

export interface MarkedFields {
  /** where each field begins, behind its mark; and one place more, so that a field ends two bytes before the next place */
  readonly places: Int32Array;
  /**
   * @returns where the next line begins, or {@link notRegular} for a line with another number of fields, a field without mark, a
   * control character or no line feed
   */
  readonly split: (bytes: Uint8Array, start: number) => number;
}

/** For lines in which nothing is quoted and every field begins with a mark, such as WeChat Pay's back-tick. */
export function markedFields({
  fields,
  separator,
  mark,
}: {
  readonly fields: number;
  readonly separator: number;
  readonly mark: number;
}): MarkedFields {
  const places = new Int32Array(fields + 1);
  const split = (bytes: Uint8Array, start: number): number => {
    let at = start;
    for (let field = 1; field <= fields; field++) {
      if (bytes[at] !== mark) return notRegular;
      at += 1;
      places[field - 1] = at;
      let byte = bytes[at] ?? 0;
      while (byte !== separator && byte >= space) {
        at += 1;
        byte = bytes[at] ?? 0;
      }
      if ((byte === separator) === (field === fields)) return notRegular;
      at += 1;
    }
    // one behind what ended the last field
    places[fields] = at + 1;
    if (bytes[at - 1] === lineFeed) return at;
    return bytes[at - 1] === carriageReturn && bytes[at] === lineFeed ? at + 1 : notRegular;
  };
  return { places, split };
}

const longestReference = 128;

/** 1 for each byte that JSON writes as it is, space aside. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte > space && byte < delete_ && byte !== quote && byte !== backslash),
);

/** Whether a field is text that JSON writes as it is, without space at its ends or within: nearly every reference. */
export function isPlainReference(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (isPlain[bytes[at] ?? 0] === 0) return false;
  return end > start && end - start <= longestReference;
}

export function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index++) if (bytes[start + index] !== text[index]) return false;
  return true;
}

const [zero, nine, minus, point] = [0x30, 0x39, 0x2d, 0x2e];
const [wholeDigits, decimals] = [10, 5];

/**
 * A decimal number in hundred-thousandths.
 *
 * @returns NaN for what is no plain number, or one that has more than ten digits before its point or five behind
 */
export function exactAt(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === minus;
  const first = negative ? start + 1 : start;
  let at = first;
  let value = 0;
  for (let byte = bytes[at] ?? 0; at < end && byte >= zero && byte <= nine; byte = bytes[at] ?? 0) {
    value = value * 10 + byte - zero;
    at += 1;
  }
  if (at === first || at > first + wholeDigits) return Number.NaN;
  let behind = 0;
  if (at < end) {
    if (bytes[at] !== point) return Number.NaN;
    const from = ++at;
    for (let byte = bytes[at] ?? 0; at < end && byte >= zero && byte <= nine; byte = bytes[at] ?? 0) {
      value = value * 10 + byte - zero;
      at += 1;
    }
    behind = at - from;
    if (at < end || behind === 0 || behind > decimals) return Number.NaN;
  }
  for (; behind < decimals; behind++) value *= 10;
  return negative ? -value : value;
}

/** Hundred-thousandths in hundredths, half a one away from zero. Exact for what {@link exactAt} gives. */
export function hundredthsOf(exact: number): number {
  const magnitude = exact < 0 ? -exact : exact;
  const whole = Math.floor(magnitude / 1_000);
  const rounded = magnitude - whole * 1_000 >= 500 ? whole + 1 : whole;
  return exact < 0 ? -rounded : rounded;
}

/** @returns NaN for what is no two digits */
const twoDigits = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] ?? 0) - zero;
  const ones = (bytes[at + 1] ?? 0) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
};

const colon = 0x3a;

/** `HH:MM:SS` in milliseconds. @returns NaN for what is no such time of day */
export function timeOfDayAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 2] !== colon || bytes[at + 5] !== colon) return Number.NaN;
  const hours = twoDigits(bytes, at);
  const minutes = twoDigits(bytes, at + 3);
  const seconds = twoDigits(bytes, at + 6);
  const isTime = hours <= 23 && minutes <= 59 && seconds <= 59;
  return isTime ? ((hours * 60 + minutes) * 60 + seconds) * 1_000 : Number.NaN;
}

/** Reads days, nearly all of which are the same one: a day is made of text once for each run of lines that tell it. */
export function dayReader(midnightOf: (day: string) => number | undefined): (bytes: Uint8Array, at: number) => number {
  const last = new Uint8Array(10);
  let midnight = Number.NaN;
  return (bytes, at) => {
    if (isText(bytes, at, at + last.length, last)) return midnight;
    last.set(bytes.subarray(at, at + last.length));
    midnight = midnightOf(Buffer.from(last).toString('latin1')) ?? Number.NaN;
    return midnight;
  };
}
