/** Identify: whose statement it is and in which format, or why it is turned away. */
import { createGunzip } from 'node:zlib';
import { findChannel, findMerchant, findReconciliationPolicy } from '../channels/index.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import { noteFormat, noteOwner } from './batch-store.ts';
import { linesOf } from './byte-ranges.ts';
import { type ObjectRef, readRange, streamFile, writeJson, writeStream } from './files.ts';
import { formatNamed, recogniseFormat } from './reading/catalogue.ts';
import { decodeAs, decodeStart, firstLineOf } from './reading/encoding.ts';
import { flattenDocument, lineReader } from './reading/flattened.ts';
import {
  type DocumentFormat,
  type Frame,
  isIgnoredLine,
  isLineError,
  type LineFormat,
  type StatementContext,
  type StatementFormat,
} from './reading/statement-format.ts';
import { maximumStatementBytes } from './receive-statement.ts';
import type { Reconciliation } from './reconciliation.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import type { Identified, Run } from './run.ts';
import { workingKeys } from './working-keys.ts';

type Needs = Pick<Reconciliation, 'table' | 'files' | 'channels' | 'clock' | 'formatNames'>;

/** Enough for a header, and for a summary with whatever blank lines follow it. */
const endBytes = 64 * 1024;

export async function identifyStatement(
  dependencies: Needs,
  run: Run,
): Promise<Identified | { readonly rejection: Rejection }> {
  const outcome = await identify(dependencies, run);
  if (isRejection(outcome)) return { rejection: outcome };
  await noteFormat(dependencies.table, run.reconciliationId, outcome.format);
  return outcome;
}

async function identify(dependencies: Needs, run: Run): Promise<Identified | Rejection> {
  const { files, channels, clock } = dependencies;
  const { statement, file, rejection } = run;
  if (rejection) return rejection;
  if (!statement) return reject('unreadable_key', `The key ${file.key} names no channel, merchant number and day.`);

  const channel = await findChannel(channels, statement.channel);
  if (!channel) return reject('unknown_channel', `There is no channel ${statement.channel}.`);
  const merchant = await findMerchant(channels, statement.channel, statement.merchantNo);
  if (!merchant) {
    return reject('unknown_merchant', `Nobody registered the merchant number ${statement.merchantNo}.`);
  }
  await noteOwner(dependencies.table, run.reconciliationId, merchant);
  if (statement.date > accountingDateAt(clock(), channel.timeZone)) {
    return reject('wrong_day', `${statement.date} has not come yet.`);
  }
  if (file.size === 0) return reject('empty_file', 'The file has no byte.');

  const content = await plainContent(files, run);
  if (isRejection(content)) return content;
  if (content.size === 0) return reject('empty_file', 'The compressed file holds no byte.');
  const head = await readRange(files, content, 0, Math.min(content.size, endBytes));
  const text = head.includes(0) ? undefined : (decodeStart('utf-8', head) ?? decodeStart('gb18030', head));
  if (text === undefined) return reject('wrong_encoding', 'The file is neither UTF-8 nor GB18030 text.');
  // nothing but blank lines, or a byte order mark
  if (content.size <= endBytes && text.trim() === '') return reject('empty_file', 'The file holds no line.');
  const fileName = file.key.slice(file.key.lastIndexOf('/') + 1);
  const delivered = await Promise.all(channel.statementFormats.map(formatNamed));
  const start = { head, header: firstLineOf(text), fileName };
  const format = await recogniseFormat(start, { delivered, known: dependencies.formatNames });
  if (isRejection(format)) return format;

  const { merchantNo, date } = statement;
  const { currency } = merchant;
  const context = { merchantNo, date, currency, fileName, timeZone: channel.timeZone };
  const framed = await frameOf(files, { run, format, content, head }, context);
  if (isRejection(framed)) return framed;
  const foreign = await foreignMerchant(files, format, { ...framed, merchantNo });
  if (foreign) return foreign;

  const policy = await findReconciliationPolicy(channels, statement);
  const frameKey = workingKeys(run.reconciliationId).frame;
  await writeJson(files, frameKey, framed.frame);
  return {
    format: format.name,
    content: framed.content,
    frameKey,
    settlementAccountId: merchant.accountId,
    institutionId: merchant.institutionId,
    currency: merchant.currency,
    policy: { fees: policy.fees, carryOver: policy.carryOver },
    timeZone: channel.timeZone,
  };
}

type Content = ObjectRef & { readonly size: number };

interface Framed {
  readonly frame: Frame;
  /** what its ranges are ranges of */
  readonly content: Content;
}

interface Found<Format> {
  readonly run: Run;
  readonly format: Format;
  readonly content: Content;
  /** the first bytes */
  readonly head: Buffer;
}

const frameOf = (
  files: Needs['files'],
  found: Found<StatementFormat>,
  context: StatementContext,
): Promise<Framed | Rejection> => {
  const { format } = found;
  return format.reads === 'lines'
    ? frameOfLines(files, { ...found, format }, context)
    : frameOfDocument(files, { ...found, format }, context);
};

async function frameOfLines(
  files: Needs['files'],
  { format, content, head }: Found<LineFormat>,
  context: StatementContext,
): Promise<Framed | Rejection> {
  const tail = await readRange(files, content, Math.max(0, content.size - endBytes), content.size);
  const frame = format.readFrame({ head, tail, size: content.size }, context);
  return isRejection(frame) ? frame : { frame, content };
}

/** A document is read here, once, and laid out as one record a line. */
async function frameOfDocument(
  files: Needs['files'],
  { run, format, content }: Found<DocumentFormat>,
  context: StatementContext,
): Promise<Framed | Rejection> {
  const key = workingKeys(run.reconciliationId).records;
  const records = flattenDocument(format, streamFile(files, content), context);
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

/** Gzip is known by its first two bytes, whatever the file is called. */
async function plainContent(files: Needs['files'], { file, reconciliationId }: Run): Promise<Content | Rejection> {
  const { bucket, key, versionId, size } = file;
  const start = await readRange(files, file, 0, Math.min(size, 2));
  if (!(start[0] === 0x1f && start[1] === 0x8b)) return { bucket, key, size, ...(versionId && { versionId }) };
  const target = workingKeys(reconciliationId).content;
  try {
    const unpacked = await writeStream(files, target, limited(gunzip(streamFile(files, file))));
    return { bucket: files.workingBucket, key: target, size: unpacked };
  } catch (error) {
    if (error instanceof TooLarge) {
      return reject('file_too_large', `Decompressed, the file has more than ${maximumStatementBytes} bytes.`);
    }
    if (isZlibError(error)) return reject('corrupt_gzip', `The file can't be decompressed: ${error.message}.`);
    throw error;
  }
}

class TooLarge extends Error {}

async function* limited(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maximumStatementBytes) throw new TooLarge();
    yield chunk;
  }
}

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unzip = createGunzip();
  const feed = (async () => {
    try {
      for await (const chunk of chunks) {
        if (!unzip.write(chunk)) await new Promise((resolve) => unzip.once('drain', resolve).once('close', resolve));
        if (unzip.destroyed) return;
      }
      unzip.end();
    } catch (error) {
      unzip.destroy(error as Error); // streams throw nothing else
    }
  })();
  for await (const chunk of unzip) yield chunk as Buffer; // a gunzip without encoding gives buffers
  await feed;
}

const isZlibError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

/** A file whose first readable lines are all another merchant's is told apart before any work is done. */
async function foreignMerchant(
  files: Needs['files'],
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
