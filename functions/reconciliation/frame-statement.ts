/** Identify, once the format is known: the statement as one text of lines, its frame, and whether it is the merchant's own. */
import { linesOf } from './byte-ranges.ts';
import { type ObjectRef, readRange, type WorkingFiles, writeStream } from './files.ts';
import { type Container, oneAfterAnother, type PackedFile } from './reading/container.ts';
import { decodeAs } from './reading/encoding.ts';
import { endBytes } from './reading/file-start.ts';
import { flattenDocument, lineReader, readInTurn } from './reading/flattened.ts';
import {
  type DocumentFormat,
  type Frame,
  isIgnoredLine,
  isLineError,
  type LineFormat,
  type StatementContext,
  type StatementFormat,
} from './reading/statement-format.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import type { Run } from './run.ts';
import { workingKeys } from './working-keys.ts';

type Content = ObjectRef & { readonly size: number };

export interface Framed {
  readonly frame: Frame;
  /** what its ranges are ranges of */
  readonly content: Content;
}

interface Found<Format> {
  readonly run: Pick<Run, 'file' | 'reconciliationId'>;
  readonly format: Format;
  readonly packing: Container['packing'];
  /** of the same format, in their order */
  readonly parts: readonly PackedFile[];
}

/** @throws Unpackable where the container turns out damaged */
export async function frameStatement(
  files: WorkingFiles,
  found: Found<StatementFormat>,
  context: StatementContext,
): Promise<Framed | Rejection> {
  const { format } = found;
  const framed =
    format.reads === 'lines'
      ? await frameOfLines(files, { ...found, format }, context)
      : await frameOfDocument(files, { ...found, format }, context);
  if (isRejection(framed)) return framed;
  return (await foreignMerchant(files, format, { ...framed, merchantNo: context.merchantNo })) ?? framed;
}

async function frameOfLines(
  files: WorkingFiles,
  found: Found<LineFormat>,
  context: StatementContext,
): Promise<Framed | Rejection> {
  const content = await plainContent(files, found);
  const head = await readRange(files, content, 0, Math.min(content.size, endBytes));
  const tail = await readRange(files, content, Math.max(0, content.size - endBytes), content.size);
  const frame = found.format.readFrame({ head, tail, size: content.size }, context);
  return isRejection(frame) ? frame : { frame, content };
}

/** What came packed or in UTF-16 is written out, so that it can be read by ranges. */
async function plainContent(files: WorkingFiles, { run, packing, parts }: Found<LineFormat>): Promise<Content> {
  const { bucket, key, versionId, size } = run.file;
  if (packing === 'plain') return { bucket, key, size, ...(versionId && { versionId }) };
  const target = workingKeys(run.reconciliationId).content;
  const written = await writeStream(files, target, oneAfterAnother(parts));
  return { bucket: files.workingBucket, key: target, size: written };
}

/** A document is read here, once, and laid out as one record a line. */
async function frameOfDocument(
  files: WorkingFiles,
  { run, format, parts }: Found<DocumentFormat>,
  context: StatementContext,
): Promise<Framed | Rejection> {
  const key = workingKeys(run.reconciliationId).records;
  const records = flattenDocument(readInTurn(format, parts, context));
  let end: Awaited<ReturnType<typeof records.next>> | undefined;
  async function* written(): AsyncGenerator<Buffer> {
    for (end = await records.next(); !end.done; end = await records.next()) yield end.value;
  }
  const size = await writeStream(files, key, written());
  if (!end?.done) throw new Error(`${format.name} was not read to its end`);
  if (isRejection(end.value)) return end.value;
  const frame = { columns: [], detailsStart: 0, detailsEnd: size, firstLineNumber: 1, control: end.value };
  return { frame, content: { bucket: files.workingBucket, key, size } };
}

/** A file whose first readable lines are all another merchant's is told apart before any work is done. */
async function foreignMerchant(
  files: WorkingFiles,
  format: StatementFormat,
  { frame, content, merchantNo }: Framed & { readonly merchantNo: string },
): Promise<Rejection | undefined> {
  const { detailsStart, detailsEnd, firstLineNumber } = frame;
  const { encoding, parseLine } = lineReader(format);
  const start = await readRange(files, content, detailsStart, Math.min(detailsEnd, detailsStart + endBytes));
  const whole = detailsStart + start.length === detailsEnd ? start : start.subarray(0, start.lastIndexOf(0x0a) + 1);
  const seen = new Set<string>();
  for (const line of linesOf(decodeAs(encoding, whole) ?? '', firstLineNumber)) {
    if (line.text.trim() === '') continue;
    const parsed = parseLine(frame, line.text, line.lineNumber);
    if (isLineError(parsed) || isIgnoredLine(parsed)) continue;
    if (parsed.merchantNos.length === 0) return undefined;
    if (parsed.merchantNos.includes(merchantNo)) return undefined;
    for (const each of parsed.merchantNos) seen.add(each);
  }
  if (seen.size === 0) return undefined;
  return reject('wrong_merchant', `The lines are of ${[...seen].slice(0, 3).join(', ')}, not of ${merchantNo}.`);
}
