/**
 * Lines of one byte range as rows, in whatever pieces they come. Every line ends in a row, in a line error, among those that a
 * rule of the format leaves out or, where it is blank, in none of them: the counts say how many.
 */
import { maximumAmount } from '../kernel/money.ts';
import { linesOf } from './byte-ranges.ts';
import { hidePersonalNumbers } from './personal-numbers.ts';
import { mostLineErrors, type StagedRange } from './range-summary.ts';
import { decodeAs, isEncodedAs } from './reading/encoding.ts';
import {
  type FrameColumns,
  isIgnoredLine,
  isLineError,
  type LineFormat,
  type ParsedLine,
} from './reading/statement-format.ts';
import { regularLines, type Tally } from './regular-lines.ts';
import type { RowBuffers } from './row-buffers.ts';
import { encodeLine, referenceOf } from './shard-rows.ts';
import type { LineError } from './statement-line.ts';

export interface LineStagingSettings {
  readonly format: Pick<LineFormat, 'parseLine' | 'encoding' | 'byteReader'>;
  readonly frame: FrameColumns;
  readonly firstLineNumber: number;
  readonly merchantNo: string;
  /** of milliseconds */
  readonly isOfDay: (at: number) => boolean;
  /** what the rows are appended to; whoever hands in pieces writes them away when they are full */
  readonly rows: RowBuffers;
}

export interface LineStaging {
  /** @param piece whole lines, the next ones of the range */
  readonly take: (piece: Buffer) => void;
  readonly finish: () => {
    /** which lines the format knows to move no money: `[line number, rule]` each, for the reports */
    readonly ignoredLines: readonly string[];
    readonly summary: StagedRange;
  };
}

const lineFeed = 0x0a;

export function lineStaging(settings: LineStagingSettings): LineStaging {
  const { format, frame, merchantNo, isOfDay, rows } = settings;
  const ignoredLines: string[] = [];
  const errors: LineError[] = [];
  const sums: Record<string, bigint> = {};
  const ignored: Record<string, number> = {};
  const tally: Tally = { read: 0, ofMerchant: 0, ofOthers: 0, ofDay: 0, ofOtherDays: 0 };
  let lineNumber = settings.firstLineNumber;
  let wrongEncoding = false;
  let moreErrors = 0;

  const note = (error: LineError): void => {
    if (errors.length < mostLineErrors) errors.push(shown(error));
    else moreErrors += 1;
  };

  const takeText = (text: string, number: number): void => {
    if (text.trim() === '') return;
    tally.read += 1;
    const parsed = format.parseLine(frame, text, number);
    if (isLineError(parsed)) {
      note(parsed);
      return;
    }
    if (isIgnoredLine(parsed)) {
      ignored[parsed.ignored] = (ignored[parsed.ignored] ?? 0) + 1;
      ignoredLines.push(`${JSON.stringify([number, parsed.ignored])}\n`);
      add(sums, parsed.sums);
      return;
    }
    const wrong = lawBroken(parsed, merchantNo);
    if (wrong) {
      if (wrong.foreign) tally.ofOthers += 1;
      note({ lineNumber: number, reason: wrong.reason, raw: text });
      return;
    }
    tally.ofMerchant += 1;
    const { line } = parsed;
    // a refund's time may be that of the payment, days ago
    if (line.kind !== 'refund') tally[isOfDay(line.at.getTime()) ? 'ofDay' : 'ofOtherDays'] += 1;
    add(sums, parsed.sums);
    rows.append(referenceOf(line), `${encodeLine(line)}\n`);
  };

  const takeTexts = (text: string): void => {
    for (const line of linesOf(text, lineNumber)) {
      takeText(line.text, line.lineNumber);
      lineNumber += 1;
    }
  };

  const reader = format.byteReader?.(frame, merchantNo);
  const readBytes = reader && regularLines({ reader, rows, isOfDay, tally, sums });

  const takeBytes = (piece: Buffer, readOn: NonNullable<typeof readBytes>): void => {
    for (let start = 0; start < piece.length; ) {
      const regular = readOn(piece, start, lineNumber);
      lineNumber = regular.lineNumber;
      if (regular.end === piece.length) return;
      const found = piece.indexOf(lineFeed, regular.end);
      start = found < 0 ? piece.length : found + 1;
      takeTexts(decodeAs(format.encoding, piece.subarray(regular.end, start)) ?? '');
    }
  };

  const take = (piece: Buffer): void => {
    if (wrongEncoding) return;
    if (readBytes && isEncodedAs(format.encoding, piece)) {
      takeBytes(piece, readBytes);
      return;
    }
    const text = decodeAs(format.encoding, piece);
    if (text === undefined) wrongEncoding = true;
    else takeTexts(text);
  };

  return {
    take,
    finish: () => ({ ignoredLines, summary: { ...tally, errors, moreErrors, ignored, sums, wrongEncoding } }),
  };
}

function add(sums: Record<string, bigint>, more: Readonly<Record<string, bigint>>): void {
  for (const [name, amount] of Object.entries(more)) sums[name] = (sums[name] ?? 0n) + amount;
}

const maximumReference = 128;

/** What holds for a line of any format. */
function lawBroken({ line, merchantNos }: ParsedLine, merchantNo: string) {
  if (merchantNos.length > 0 && !merchantNos.includes(merchantNo)) {
    return { reason: `is of the merchant number ${merchantNos.join(', ')}`, foreign: true };
  }
  if (line.amount > maximumAmount) return { reason: 'the amount passes 2^53 − 1 minor units' };
  if (line.ourReference.length > maximumReference || line.channelReference.length > maximumReference) {
    return { reason: `a reference has more than ${maximumReference} characters` };
  }
  return undefined;
}

const maximumRaw = 1_000;

/** Of what goes beyond it, as much is looked at as a number at the end may have. */
const overlap = 20;

/** What of an error is kept: it is shown to people, which the statement is not. */
const shown = ({ lineNumber, reason, raw }: LineError): LineError => ({
  lineNumber,
  reason: hidePersonalNumbers(reason),
  raw: hidePersonalNumbers(raw.slice(0, maximumRaw + overlap)).slice(0, maximumRaw),
});
