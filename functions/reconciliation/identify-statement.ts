/** Identify: whose statement it is and in which format, or why it is turned away. */
import { createGunzip } from 'node:zlib';
import { findChannel, findMerchant } from '../channels/index.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import { noteFormat, noteOwner } from './batch-store.ts';
import { linesOf } from './byte-ranges.ts';
import { type ObjectRef, readRange, streamFile, writeJson, writeStream } from './files.ts';
import { recogniseFormat } from './formats/catalogue.ts';
import { decodeStart, decodeStrictly, firstLineOf } from './formats/frame.ts';
import { type Frame, isLineError, type StatementFormat } from './formats/statement-format.ts';
import { maximumStatementBytes } from './receive-statement.ts';
import type { Reconciliation } from './reconciliation.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import type { Identified, Run } from './run.ts';
import { workingKeys } from './working-keys.ts';

type Needs = Pick<Reconciliation, 'table' | 'files' | 'channels' | 'clock'>;

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
  const text = head.includes(0) ? undefined : decodeStart(head);
  if (text === undefined) return reject('wrong_encoding', 'The file is not UTF-8 text.');
  // nothing but blank lines, or a byte order mark
  if (content.size <= endBytes && text.trim() === '') return reject('empty_file', 'The file holds no line.');
  const fileName = file.key.slice(file.key.lastIndexOf('/') + 1);
  const format = recogniseFormat({ header: firstLineOf(text), fileName }, channel.statementFormats);
  if (isRejection(format)) return format;

  const tail = await readRange(files, content, Math.max(0, content.size - endBytes), content.size);
  const frame = format.readFrame({ head, tail, size: content.size });
  if (isRejection(frame)) return frame;
  const foreign = foreignMerchant(format, frame, { text: head, merchantNo: statement.merchantNo });
  if (foreign) return foreign;

  const frameKey = workingKeys(run.reconciliationId).frame;
  await writeJson(files, frameKey, frame);
  return {
    format: format.name,
    content,
    frameKey,
    settlementAccountId: merchant.accountId,
    institutionId: merchant.institutionId,
    currency: merchant.currency,
  };
}

type Content = ObjectRef & { readonly size: number };

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
function foreignMerchant(
  format: StatementFormat,
  frame: Frame,
  { text, merchantNo }: { readonly text: Buffer; readonly merchantNo: string },
): Rejection | undefined {
  const end = Math.min(frame.detailsEnd, text.lastIndexOf(0x0a) + 1);
  const details = decodeStrictly(text.subarray(frame.detailsStart, end)) ?? '';
  const seen = new Set<string>();
  for (const line of linesOf(details, frame.firstLineNumber)) {
    const parsed = format.parseLine(frame, line.text, line.lineNumber);
    if (isLineError(parsed)) continue;
    if (parsed.merchantNos.includes(merchantNo)) return undefined;
    for (const each of parsed.merchantNos) seen.add(each);
  }
  if (seen.size === 0) return undefined;
  return reject('wrong_merchant', `The lines are of ${[...seen].slice(0, 3).join(', ')}, not of ${merchantNo}.`);
}
