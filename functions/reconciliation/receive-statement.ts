/** A file has come: which version of which day it is, and the start of its reconciliation. */
import { createHash } from 'node:crypto';
import type { Batch } from './batch.ts';
import { putBatchWrite } from './batch-store.ts';
import { dueAtOfDay } from './calendar/due-statement.ts';
import { arrivalWrite, readExpectationNote } from './calendar/expected-statement-store.ts';
import { countVersionWrite, readHead } from './day-store.ts';
import { newestVersion, streamFile } from './files.ts';
import { isOutOfTheWay, versionsOf } from './operations/versions.ts';
import { maximumStatementBytes } from './reading/unpacking.ts';
import type { Reconciliation } from './reconciliation.ts';
import { type Rejection, reject } from './rejection.ts';
import type { RunInput, StatementFile } from './run.ts';
import { executionNameOf, isUnreadable, reconciliationIdOf, type Series, seriesOf } from './statement-key.ts';
import { fileNameOf, registeredUploads } from './uploads/upload-store.ts';

export type Received =
  | { readonly outcome: 'started'; readonly executionName: string }
  | { readonly outcome: 'unchanged'; readonly executionName: string }
  | { readonly outcome: 'ignored'; readonly reason: string };

/** An operator wants an object to be a version once more, after one of it that was rejected or cancelled. */
export interface Again {
  readonly afterVersion: number;
}

/**
 * Registers the file as the next version of its day and starts the execution of that name. Events come at least once:
 * the same object version finds its own record, and the same content as the newest accepted version changes nothing.
 *
 * Reads the file once; 6 write units, some read units for calendars and uploads and one or two per earlier version.
 */
export async function receiveStatement(
  dependencies: Pick<Reconciliation, 'table' | 'commit' | 'clock' | 'files' | 'channels' | 'startExecution'>,
  event: Omit<StatementFile, 'sha256'>,
  again?: Again,
): Promise<Received> {
  if (event.key.endsWith('/') && event.size === 0) return { outcome: 'ignored', reason: 'the key names a folder' };
  const series = seriesOf(event.key);
  // without its version, two files under one key would be taken for one
  const object = event.versionId ? event : { ...event, ...(await newestVersion(dependencies.files, event)) };
  const tooLarge = object.size > maximumStatementBytes;
  const sha256 = tooLarge ? '' : await hashFile(dependencies, object);
  const file: StatementFile = {
    ...object,
    sha256,
    ...(await otherAnnounced(dependencies, series, { ...object, sha256 })),
  };
  const registered = await register(dependencies, { series, file, again });
  if ('outcome' in registered) return registered;
  await dependencies.startExecution({ name: registered.executionName, input: runInputOf(registered) });
  return { outcome: 'started', executionName: registered.executionName };
}

/** What the execution of a version is started with, whenever that is. */
export const runInputOf = ({ id, series, version, attempt, file }: Batch): RunInput => ({
  reconciliationId: id,
  ...(!isUnreadable(series) && { statement: series }),
  version,
  ...(attempt !== undefined && { attempt }),
  file,
  ...rejectionOf(series, file),
});

function rejectionOf(series: Series, file: StatementFile): { readonly rejection?: Rejection } {
  if (isUnreadable(series)) {
    const shape = 'statements/<channel>/<merchantNo>/<YYYY-MM-DD>/<file name>';
    return { rejection: reject('unreadable_key', `The key ${series.unreadableKey} is not ${shape}.`) };
  }
  if (file.announcedSha256 !== undefined) {
    const detail = `Its SHA-256 is ${file.sha256}; the upload of that name was registered with ${file.announcedSha256}.`;
    return { rejection: reject('wrong_checksum', detail) };
  }
  if (file.size <= maximumStatementBytes) return {};
  return { rejection: reject('file_too_large', `The file has more than ${maximumStatementBytes} bytes.`) };
}

/** S3 itself refuses other content than was registered; this holds where it does not look. */
async function otherAnnounced(
  { table, clock }: Pick<Reconciliation, 'table' | 'clock'>,
  series: Series,
  { key, sha256 }: Pick<StatementFile, 'key' | 'sha256'>,
): Promise<Pick<StatementFile, 'announcedSha256'>> {
  if (isUnreadable(series)) return {};
  const announced = await registeredUploads(table, series, { fileName: fileNameOf(key), now: clock() });
  const [first] = announced;
  return first && !announced.some((upload) => upload.sha256 === sha256) ? { announcedSha256: first.sha256 } : {};
}

async function hashFile({ files }: Pick<Reconciliation, 'files'>, object: Omit<StatementFile, 'sha256'>) {
  const hash = createHash('sha256');
  for await (const chunk of streamFile(files, object)) hash.update(chunk);
  return hash.digest('hex');
}

interface Arrival {
  readonly series: Series;
  readonly file: StatementFile;
  readonly again: Again | undefined;
}

async function register(
  { table, commit, clock, channels }: Pick<Reconciliation, 'table' | 'commit' | 'clock' | 'channels'>,
  arrival: Arrival,
): Promise<Batch | Received> {
  const { series, file } = arrival;
  const dueAt = isUnreadable(series) ? undefined : await dueAtOfDay(channels, series);
  for (;;) {
    const { latestVersion } = await readHead(table, series);
    const { known, isFirst } = await findVersion(table, arrival, latestVersion);
    if (known?.sameObject) return known.batch;
    if (known) return { outcome: 'unchanged', executionName: known.batch.executionName };
    const version = latestVersion + 1;
    const receivedAt = clock();
    const late = isFirst && dueAt !== undefined && receivedAt > dueAt;
    const batch: Batch = {
      id: reconciliationIdOf(series, version),
      series,
      version,
      status: 'running',
      executionName: executionNameOf(series, version),
      file,
      receivedAt,
      dueAt,
      ...(late && { lateSeconds: Math.round((receivedAt.getTime() - dueAt.getTime()) / 1_000) }),
    };
    const arrived = { at: receivedAt, reconciliationId: batch.id };
    const { committed } = await commit([
      countVersionWrite(table, batch),
      putBatchWrite(table, batch),
      ...(isUnreadable(series)
        ? []
        : [arrivalWrite(table, series, { known: await readExpectationNote(table, series), ...arrived })]),
    ]);
    if (committed) return batch;
    // another file of the day took the number, or its absence was put on record: look again
  }
}

/** The version that this object is already, or the newest accepted one where it has the same content. */
async function findVersion(table: Reconciliation['table'], { series, file, again }: Arrival, latest: number) {
  let newestAccepted: Batch | undefined;
  for await (const batch of versionsOf(table, series, latest)) {
    const sameObject = batch.file.key === file.key && batch.file.versionId === file.versionId;
    if (sameObject && batch.version > (again?.afterVersion ?? 0))
      return { known: { batch, sameObject }, isFirst: false };
    if (!isOutOfTheWay(batch.status)) newestAccepted ??= batch;
  }
  const same = file.sha256 !== '' && newestAccepted?.file.sha256 === file.sha256;
  // sent again once the day is over, it turns out to be the whole one
  const mayBeWhole = newestAccepted?.obstacles?.includes('day_not_over');
  return {
    ...(same && !mayBeWhole && newestAccepted && { known: { batch: newestAccepted, sameObject: false } }),
    /** nothing of the day that came before is worked on */
    isFirst: newestAccepted === undefined,
  };
}
