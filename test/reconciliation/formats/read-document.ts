/** Reads documents for tests: whole files, and real ones from beside the repository where they are there. */
import { existsSync, readFileSync } from 'node:fs';
import {
  type ControlTotals,
  type DocumentFormat,
  isIgnoredLine,
  isLineError,
  type ParsedLine,
  type ReadLine,
  type StatementContext,
} from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection, type Rejection } from '../../../functions/reconciliation/rejection.ts';
import type { StatementLine } from '../../../functions/reconciliation/statement-line.ts';
import { context as anyContext, chunksOf } from '../staged-day.ts';

export interface Document {
  readonly reads: readonly ReadLine[];
  readonly control: ControlTotals | undefined;
  readonly rejection: Rejection | undefined;
}

/** @param chunkBytes as the network may deliver the file */
export async function readDocument(
  format: DocumentFormat,
  file: Buffer | string,
  { chunkBytes = 7, ...context }: Partial<StatementContext> & { readonly chunkBytes?: number } = {},
): Promise<Document> {
  const reads: ReadLine[] = [];
  let control: ControlTotals | undefined;
  let rejection: Rejection | undefined;
  for await (const part of format.read(chunksOf(Buffer.from(file), chunkBytes), { ...anyContext, ...context })) {
    if (control || rejection) throw new Error('something follows the end of the document');
    if ('control' in part) control = part.control;
    else if (isRejectionPart(part)) rejection = part;
    else reads.push(part);
  }
  if (!control === !rejection) throw new Error('a document ends with its control totals or with a rejection');
  return { reads, control, rejection };
}

const isRejectionPart = (part: ReadLine | Rejection): part is Rejection => isRejection(part);

/** @throws Error with the first record that is none. */
export function parsedOf({ reads }: Pick<Document, 'reads'>): ParsedLine[] {
  return reads.map((read) => {
    if (isLineError(read)) throw new Error(`${read.lineNumber}: ${read.reason}`);
    if (isIgnoredLine(read)) throw new Error(`${read.lineNumber}: ${read.ignored}`);
    return read;
  });
}

export const linesOf = (document: Pick<Document, 'reads'>): StatementLine[] =>
  parsedOf(document).map(({ line }) => line);

/** Lines without what another layout of the same file changes. */
export const factsOf = (document: Pick<Document, 'reads'>): Omit<StatementLine, 'raw' | 'lineNumber'>[] =>
  linesOf(document).map(({ raw: _raw, lineNumber: _lineNumber, ...facts }) => facts);

/** What the records add up to, by the file's own names of the figures. */
export function sumsOf({ reads }: Pick<Document, 'reads'>): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const read of reads) {
    if (isLineError(read)) continue;
    for (const [name, amount] of Object.entries(read.sums)) sums[name] = (sums[name] ?? 0n) + amount;
  }
  return sums;
}

export const recognises = (format: DocumentFormat, file: Buffer | string, fileName = 'statement.csv'): boolean => {
  const head = Buffer.from(file);
  return format.recognise({ head, header: head.toString().split('\n', 1)[0] ?? '', fileName });
};

export const sample = (name: string): Buffer => readFileSync(new URL(`samples/${name}`, import.meta.url));

const realSamples = new URL('../../../../shared/statements/samples/', import.meta.url);

/** Channels' files that we may read but not ship; undefined where they are not there. */
export function realSample(name: string): Buffer | undefined {
  const file = new URL(name, realSamples);
  return existsSync(file) ? readFileSync(file) : undefined;
}
