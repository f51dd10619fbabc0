/** Finds the parts of a delimited file whose first line is a header and whose last two are a summary. */
import { type Currency, currencyDecimals } from '../../kernel/money.ts';
import { type Rejection, reject } from '../rejection.ts';
import { decodeAs, firstLineOf } from './encoding.ts';
import type { FileEnds } from './statement-format.ts';

export interface FrameText {
  readonly header: string;
  readonly summaryHeader: string;
  readonly summary: string;
  readonly detailsStart: number;
  readonly detailsEnd: number;
}

const lineFeed = 0x0a;

/** @param summaryMark with which the summary's header begins */
export function locateFrame({ head, tail, size }: FileEnds, summaryMark: string): FrameText | Rejection {
  const headerEnd = head.indexOf(lineFeed);
  const mark = tail.lastIndexOf(`\n${summaryMark}`);
  if (headerEnd < 0 || mark < 0) return reject('truncated', 'The file ends without its summary row.');
  const detailsEnd = size - tail.length + mark + 1;
  const header = decodeAs('utf-8', head.subarray(0, headerEnd));
  const after = decodeAs('utf-8', tail.subarray(mark + 1));
  if (header === undefined || after === undefined) return reject('wrong_encoding', 'The file is not UTF-8.');
  const [summaryHeader = '', summary, ...rest] = after.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (summary === undefined) return reject('truncated', 'The file ends before the figures of its summary row.');
  if (rest.length > 0) return reject('malformed_frame', `${rest.length} line(s) follow the summary row.`);
  return { header: firstLineOf(header), summaryHeader, summary, detailsStart: headerEnd + 1, detailsEnd };
}

/** Names that are missing or stand twice among a file's columns. */
export function checkColumns(columns: readonly string[], required: readonly string[]): Rejection | undefined {
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0) return reject('malformed_frame', `The header lacks ${missing.join(', ')}.`);
  const twice = columns.filter((name, index) => columns.indexOf(name) !== index);
  if (twice.length > 0) return reject('malformed_frame', `The header names ${twice.join(', ')} twice.`);
  return undefined;
}

const decimalText = /^([+-]?)(\d{1,18})(?:\.(\d{1,5}))?$/;

/** Decimal text in hundred-thousandths of the major unit, as control sums are kept: no format writes more decimals. */
export function exactSum(text: string): bigint | undefined {
  const [, sign, whole, fraction = ''] = decimalText.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const sum = BigInt(whole + fraction.padEnd(5, '0'));
  return sign === '-' ? -sum : sum;
}

/** What a line adds to a control figure that counts lines. */
export const countedOne = 100_000n;

/** @returns undefined for anything but a whole number that is not negative. */
export const wholeNumber = (text: string): bigint | undefined => (/^\d{1,12}$/.test(text) ? BigInt(text) : undefined);

/** A minor unit in hundred-thousandths of the major one. */
const minorUnit = (currency: Currency): bigint => 10n ** BigInt(5 - currencyDecimals[currency]);

/** Minor units as control sums are kept, in hundred-thousandths of the major unit. */
export const exactOf = (amount: bigint, currency: Currency): bigint => amount * minorUnit(currency);

/** The other way round: rounded half away from zero at the currency's last decimal. */
export function minorUnitsOf(exact: bigint, currency: Currency): bigint {
  const unit = minorUnit(currency);
  const half = exact < 0n ? -unit / 2n : unit / 2n;
  return (exact + half) / unit;
}
