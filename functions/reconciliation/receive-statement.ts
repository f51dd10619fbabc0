/** A file has come: which version of which day it is, and the start of its reconciliation. */
import { createHash } from 'node:crypto';
import type { Batch } from './batch.ts';
import { putBatchWrite, readBatch } from './batch-store.ts';
import { countVersionWrite, readHead } from './day-store.ts';
import { newestVersion, streamFile } from './files.ts';
import { maximumStatementBytes } from './reading/unpacking.ts';
import type { Reconciliation } from './reconciliation.ts';
import { type Rejection, reject } from './rejection.ts';
import type { StatementFile } from './run.ts';
import { executionNameOf, isUnreadable, reconciliationIdOf, type Series, seriesOf } from './statement-key.ts';

export type Received =
  | { readonly outcome: 'started'; readonly executionName: string }
  | { readonly outcome: 'unchanged'; readonly executionName: string }
  | { readonly outcome: 'ignored'; readonly reason: string };

/**
 * Registers the file as the next version of its day and starts the execution of that name. Events come at least once:
 * the same object version finds its own record, and the same content as the newest accepted version changes nothing.
 *
 * Reads the file once; 4 write units, one or two read units per earlier version.
 */
export async function receiveStatement(
  dependencies: Pick<Reconciliation, 'table' | 'commit' | 'clock' | 'files' | 'startExecution'>,
  event: Omit<StatementFile, 'sha256'>,
): Promise<Received> {
  if (event.key.endsWith('/') && event.size === 0) return { outcome: 'ignored', reason: 'the key names a folder' };
  const series = seriesOf(event.key);
  // without its version, two files under one key would be taken for one
  const object = event.versionId ? event : { ...event, ...(await newestVersion(dependencies.files, event)) };
  const tooLarge = object.size > maximumStatementBytes;
  const file: StatementFile = { ...object, sha256: tooLarge ? '' : await hashFile(dependencies, object) };
  const registered = await register(dependencies, series, file);
  if ('outcome' in registered) return registered;
  await dependencies.startExecution({
    name: registered.executionName,
    input: {
      reconciliationId: registered.id,
      ...(!isUnreadable(series) && { statement: series }),
      version: registered.version,
      file,
      ...rejectionOf(series, tooLarge),
    },
  });
  return { outcome: 'started', executionName: registered.executionName };
}

function rejectionOf(series: Series, tooLarge: boolean): { readonly rejection?: Rejection } {
  if (isUnreadable(series)) {
    const shape = 'statements/<channel>/<merchantNo>/<YYYY-MM-DD>/<file name>';
    return { rejection: reject('unreadable_key', `The key ${series.unreadableKey} is not ${shape}.`) };
  }
  if (!tooLarge) return {};
  return { rejection: reject('file_too_large', `The file has more than ${maximumStatementBytes} bytes.`) };
}

async function hashFile({ files }: Pick<Reconciliation, 'files'>, object: Omit<StatementFile, 'sha256'>) {
  const hash = createHash('sha256');
  for await (const chunk of streamFile(files, object)) hash.update(chunk);
  return hash.digest('hex');
}

async function register(
  { table, commit, clock }: Pick<Reconciliation, 'table' | 'commit' | 'clock'>,
  series: Series,
  file: StatementFile,
): Promise<Batch | Received> {
  for (;;) {
    const { latestVersion } = await readHead(table, series);
    const known = await findVersion(table, series, file, latestVersion);
    if (known?.sameObject) return known.batch;
    if (known) return { outcome: 'unchanged', executionName: known.batch.executionName };
    const version = latestVersion + 1;
    const batch: Batch = {
      id: reconciliationIdOf(series, version),
      series,
      version,
      status: 'running',
      executionName: executionNameOf(series, version),
      file,
      receivedAt: clock(),
    };
    const { committed } = await commit([countVersionWrite(table, batch), putBatchWrite(table, batch)]);
    if (committed) return batch;
    // another file of the day took the number: look again
  }
}

/** The version that this object is already, or the newest accepted one where it has the same content. */
async function findVersion(table: Reconciliation['table'], series: Series, file: StatementFile, latest: number) {
  let newestAccepted: Batch | undefined;
  for (let version = latest; version >= 1; version--) {
    const batch = await readBatch(table, reconciliationIdOf(series, version));
    if (!batch) throw new Error(`version ${version} is counted but not recorded`);
    if (batch.file.key === file.key && batch.file.versionId === file.versionId) return { batch, sameObject: true };
    if (batch.status !== 'rejected' && batch.status !== 'failed') newestAccepted ??= batch;
  }
  const same = file.sha256 !== '' && newestAccepted?.file.sha256 === file.sha256;
  return same && newestAccepted ? { batch: newestAccepted, sameObject: false } : undefined;
}
