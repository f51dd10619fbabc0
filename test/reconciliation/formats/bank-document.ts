/** Reads a small document whole, as tests look at it: in one piece or in pieces of a few bytes. */

import { checkFile } from '../../../functions/reconciliation/control-totals.ts';
import { flattenDocument, lineReader, readInTurn } from '../../../functions/reconciliation/reading/flattened.ts';
import {
  type ControlTotals,
  type DocumentFormat,
  type DocumentPart,
  type IgnoredLine,
  isIgnoredLine,
  isLineError,
  type ReadLine,
  type StatementContext,
} from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection, type Rejection } from '../../../functions/reconciliation/rejection.ts';
import { stageLines } from '../../../functions/reconciliation/stage-channel-rows.ts';
import { type LineError, netOf, type StatementLine } from '../../../functions/reconciliation/statement-line.ts';
import { chunksOf } from '../staged-day.ts';

export interface ReadDocument {
  readonly parts: readonly DocumentPart[];
  readonly lines: readonly StatementLine[];
  readonly ignored: readonly IgnoredLine[];
  readonly errors: readonly LineError[];
  readonly control: ControlTotals | undefined;
  readonly rejection: Rejection | undefined;
  /** what the lines leave of money, minor units */
  readonly net: bigint;
}

export async function readDocument(
  format: DocumentFormat,
  bytes: Buffer,
  { context, chunkBytes = 65_536 }: { readonly context: StatementContext; readonly chunkBytes?: number },
): Promise<ReadDocument> {
  const parts: DocumentPart[] = [];
  for await (const part of format.read(chunksOf(bytes, chunkBytes), context)) parts.push(part);
  const rejection = parts.find((part): part is Rejection => isRejection(part));
  const control = parts.flatMap((part) => ('control' in part ? [part.control] : []))[0];
  const read = parts.filter((part): part is ReadLine => !isRejection(part) && !('control' in part));
  const errors = read.filter(isLineError);
  const ignored = read.filter(isIgnoredLine);
  const lines = read.flatMap((part) => ('line' in part ? [part.line] : []));
  return { parts, lines, ignored, errors, control, rejection, net: lines.reduce((sum, line) => sum + netOf(line), 0n) };
}

/** The verdict on a file, or on those of an archive, as Identify, Stage and Conclude come to it: a rejection, or how many of its lines are what. */
export async function verdictOn(
  format: DocumentFormat,
  content: Buffer | readonly Buffer[],
  context: StatementContext,
) {
  const files = [content]
    .flat()
    .map((bytes, index) => ({ fileName: `${index}`, stream: () => chunksOf(bytes, 1_000) }));
  const flattened: Buffer[] = [];
  const records = flattenDocument(readInTurn(format, files, context));
  let next = await records.next();
  for (; !next.done; next = await records.next()) flattened.push(next.value);
  if (isRejection(next.value)) return next.value;
  const text = Buffer.concat(flattened).toString();
  const { rows, summary } = stageLines({
    format: lineReader(format),
    frame: { columns: [] },
    text,
    firstLineNumber: 1,
    shards: 3,
    merchantNo: context.merchantNo,
    isOfDay: () => true,
  });
  const written = text.split('\n').filter((line) => line !== '').length;
  const longest = Math.max(0, ...text.split('\n').map((line) => Buffer.byteLength(line)));
  const checked = checkFile({ ...summary, wrongEncoding: false }, next.value, context);
  if (isRejection(checked)) return checked;
  return {
    ...checked,
    written,
    longest,
    rows: rows.flat().length,
    errors: summary.errors.length,
    ignored: summary.ignored,
  };
}
