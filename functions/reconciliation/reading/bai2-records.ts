/** The records of a BAI2 file with their continuations, however the sender broke them over lines. */
import { type Rejection, reject } from '../rejection.ts';
import { textLines } from './text-lines.ts';

export interface Bai2Record {
  readonly code: Bai2Code;
  /** what follows the code, and each 88 record's: without the slash at the end */
  readonly parts: readonly string[];
  readonly lineNumber: number;
  /** as the file counts them: itself and its continuations */
  readonly records: number;
  readonly raw: string;
}

const codes = ['01', '02', '03', '16', '49', '98', '99'] as const;
export type Bai2Code = (typeof codes)[number];

const continuation = '88';
const recordStart = /^(01|02|03|16|49|88|98|99),/;
const isCode = (text: string | undefined): text is Bai2Code => codes.some((code) => code === text);

/**
 * Where one line holds several records: a slash, then the beginning of a record. A text may hold slashes and figures, so that as
 * much of the next record is looked at as tells it from one: 22/03/66 begins none.
 */
const nextRecord =
  /(?=\d\d,)(?<=\/ *)(?=(?:01,[^,]*,[^,]*,\d{6},|02,[^,]*,[^,]*,\d?,\d{6}|03,[^,/]+,[A-Z]{0,3},|16,\d{3},\+?\d*,|88,|49,[+-]?\d*,\d+\/|98,[+-]?\d*,\d*,\d+\/|99,[+-]?\d*,\d*,\d+\/))/;

const maximumCharacters = 32_000;
const maximumContinuations = 500;

interface OpenRecord {
  readonly code: Bai2Code;
  readonly parts: string[];
  readonly lineNumber: number;
  raw: string;
}

/** A line that begins with no code is the rest of one that was wrapped. Ends with a rejection where a record is too long. */
export async function* bai2Records(chunks: AsyncIterable<Buffer>): AsyncGenerator<Bai2Record | Rejection> {
  let open: OpenRecord | undefined;
  for await (const line of textLines(chunks)) {
    if ('reason' in line) return yield line;
    const { lineNumber } = line;
    // what was padded to a fixed record length ends in blanks
    const text = line.text.trimEnd();
    if (text === '') continue;
    for (const part of text.split(nextRecord)) {
      const piece = part.trimEnd();
      const code = recordStart.exec(piece)?.[1];
      if (isCode(code)) {
        if (open) yield recordOf(open);
        open = { code, parts: [piece.slice(3)], lineNumber, raw: piece };
        continue;
      }
      if (!open) return yield reject('malformed_frame', `Line ${lineNumber} begins with no record of BAI2.`);
      if (code === continuation) open.parts.push(piece.slice(3));
      else open.parts.push(`${open.parts.pop() ?? ''}${piece}`);
      open.raw += `\n${piece}`;
      if (open.raw.length > maximumCharacters || open.parts.length > maximumContinuations) {
        return yield reject('malformed_frame', `Line ${lineNumber}: the record ${open.code} is too long.`);
      }
    }
  }
  if (open) yield recordOf(open);
}

const recordOf = ({ code, parts, lineNumber, raw }: OpenRecord): Bai2Record => ({
  code,
  parts: parts.map((part) => part.replace(/\/$/, '')),
  lineNumber,
  records: parts.length,
  raw,
});

/** Fields of a record without text: continuations go on with further fields. */
export const fieldsOf = ({ parts }: Bai2Record): string[] =>
  parts.flatMap((part) => part.split(',').map((field) => field.trim()));

/**
 * How many fields a funds type takes behind itself: S has three amounts, V a date and a time, D a number of pairs.
 *
 * @returns undefined for what is no funds type
 */
export function fundsFields(type: string | undefined, next: string | undefined): number | undefined {
  if (type === undefined || type === '' || /^[012Z]$/.test(type)) return 0;
  if (type === 'S') return 3;
  if (type === 'V') return 2;
  return type === 'D' && /^\d{1,3}$/.test(next ?? '') ? 1 + 2 * Number(next) : undefined;
}

export interface Bai2Transaction {
  readonly type: string;
  readonly amount: string;
  readonly bankReference: string;
  readonly customerReference: string;
  /** the record's own text and each continuation's, which may hold commas and slashes */
  readonly texts: readonly string[];
}

/** Fields of a 16 record: its text is the last, and what a continuation holds behind it. */
export function transactionOf({ parts }: Bai2Record): Bai2Transaction {
  const [first = '', ...continued] = parts;
  const [type = '', amount = '', ...rest] = first.split(',');
  const funds = fundsFields(rest[0]?.trim(), rest[1]?.trim());
  // a sender that leaves the funds type out begins with the text
  const after = rest.slice(funds === undefined ? 0 : 1 + funds);
  const [bankReference = '', customerReference = ''] = funds === undefined ? [] : after;
  const text = (funds === undefined ? after : after.slice(2)).join(',');
  return {
    type: type.trim(),
    amount: amount.trim(),
    bankReference: bankReference.trim(),
    customerReference: customerReference.trim(),
    texts: [text, ...continued],
  };
}

export interface Bai2Amount {
  readonly type: string;
  /** as written: minor units without a point, with a sign or without; empty where there is none */
  readonly amount: string;
  readonly items: string;
}

/** Amounts of a 03 record behind account and currency. @returns undefined for what can't be read as such */
export function amountsOf(fields: readonly string[]): Bai2Amount[] | undefined {
  const amounts: Bai2Amount[] = [];
  for (let at = 0; at < fields.length; ) {
    const [type = '', amount = '', items = '', funds] = fields.slice(at, at + 4);
    const further = fundsFields(funds, fields[at + 4]);
    if (further === undefined || !/^(?:\d{3})?$/.test(type) || !/^(?:[+-]?\d{1,18})?$/.test(amount)) return undefined;
    // one comma too many at the end, as some senders write it
    if (type !== '' || amount !== '') amounts.push({ type, amount, items });
    at += 4 + further;
  }
  return amounts;
}
