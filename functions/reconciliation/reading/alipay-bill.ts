/**
 * What Alipay's bills have in common: lines with `#` around header and details, text fields that end with a tab, no quoting,
 * amounts in CNY and times in UTC+8. Bytes are GBK, or UTF-8 where somebody saved the file again: lines come as their bytes and are
 * decoded by what the frame found.
 */

import { type Rejection, reject } from '../rejection.ts';
import { decodeAs } from './encoding.ts';
import { checkColumns, exactSum, wholeNumber } from './frame.ts';
import { locateHashedFrame } from './hashed-frame.ts';
import type { FileEnds, Frame, FrameColumns, StatementContext } from './statement-format.ts';

/** One line of the footer, such as `#交易合计：6笔，商家实收共0.06元，商家优惠共0.00元`. */
export interface BillTotal {
  readonly count: bigint;
  /** hundred-thousandths, by the word before 共; empty where there is none */
  readonly sums: ReadonlyMap<string, bigint>;
}

export interface BillFrame extends Omit<Frame, 'control'> {
  readonly total: (name: string) => BillTotal | Rejection;
}

interface BillLayout {
  /** of the first line after the details */
  readonly endMark: string;
  readonly required: readonly string[];
}

export function readBillFrame(
  ends: FileEnds,
  { date }: StatementContext,
  { endMark, required }: BillLayout,
): BillFrame | Rejection {
  const frame = locateHashedFrame(ends, endMark);
  if ('reason' in frame) return frame;
  const columns = frame.header.split(',').map(columnName);
  const wrong = checkColumns(columns, required) ?? checkPeriod(frame.opening, date);
  if (wrong) return wrong;
  const { encoding, closing, detailsStart, detailsEnd, firstLineNumber } = frame;
  const account = firstMatch(frame.opening, /^#账号:\[(\d+)\]/)?.[1] ?? '';
  const facts = { encoding, account };
  const total = (name: string) => totalIn(closing, name);
  return { columns, facts, detailsStart, detailsEnd, firstLineNumber, total };
}

/** Without its unit, which is written in full-width or half-width brackets or left out. */
const columnName = (name: string): string => name.trim().replace(/[（(][+-]?元[）)]$/, '');

const firstMatch = (lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined => {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return undefined;
};

const periodPattern =
  /^#起始日期:\[(\d{4})年(\d\d)月(\d\d)日 (\d\d:\d\d:\d\d)\]\s*终止日期:\[(\d{4})年(\d\d)月(\d\d)日 (\d\d:\d\d:\d\d)\]/;

/** The period ends before its end. A bill without rows tells its day nowhere else. */
function checkPeriod(opening: readonly string[], date: string): Rejection | undefined {
  const match = firstMatch(opening, periodPattern);
  if (!match) return undefined;
  const [, year, month, day, time, endYear, endMonth, endDay, endTime] = match;
  const start = `${year}-${month}-${day} ${time}`;
  const end = `${endYear}-${endMonth}-${endDay} ${endTime}`;
  const midnight = `${date} 00:00:00`;
  return start <= midnight && midnight < end
    ? undefined
    : reject('wrong_day', `The bill is of ${start} to ${end}, not of ${date}.`);
}

const totalPattern = /^#(.+合计):(\d+)笔,(.+)$/;
const sumPattern = /^(.*)共([+-]?\d+(?:\.\d+)?)元$/;

function totalIn(closing: readonly string[], name: string): BillTotal | Rejection {
  const line = closing.find((each) => each.startsWith(`#${name}`));
  if (line === undefined) return reject('truncated', `The file ends without its ${name}.`);
  const malformed = reject('malformed_frame', `${name} after the details is no count and sums.`);
  const [, , countText = '', sumTexts = ''] = totalPattern.exec(line) ?? [];
  const count = wholeNumber(countText);
  if (count === undefined) return malformed;
  const sums = new Map<string, bigint>();
  for (const text of sumTexts.split(',')) {
    const [, word = '', amount = ''] = sumPattern.exec(text.trim()) ?? [];
    const sum = exactSum(amount);
    if (sum === undefined) return malformed;
    sums.set(word, sum);
  }
  return { count, sums };
}

export interface BillRow {
  /** the line as text */
  readonly raw: string;
  /** empty for a column that the bill does not have */
  readonly field: (name: string) => string;
}

/** @returns what is wrong with the line */
export function readBillRow(
  { columns, facts = {} }: FrameColumns,
  bytes: string,
): BillRow | { raw: string; reason: string } {
  const { encoding } = facts;
  const raw = decodeAs(encoding === 'utf-8' ? 'utf-8' : 'gb18030', Buffer.from(bytes, 'latin1'));
  if (raw === undefined) return { raw: bytes, reason: 'is not in the encoding of the first line' };
  const fields = raw.split(',');
  if (fields.length !== columns.length) {
    return { raw, reason: `has ${fields.length} fields instead of ${columns.length}` };
  }
  const field = (name: string): string => {
    const index = columns.indexOf(name);
    return index < 0 ? '' : (fields[index] ?? '').trim();
  };
  return { raw, field };
}

/** The account of the bill is the merchant's number (PID, 16 digits), with 0156 behind it. */
export function merchantNosOf({ facts = {} }: FrameColumns): string[] {
  const { account = '' } = facts;
  if (account === '') return [];
  return account.length === 20 && account.endsWith('0156') ? [account.slice(0, 16), account] : [account];
}

export const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
