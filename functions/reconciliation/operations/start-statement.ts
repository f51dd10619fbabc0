/** An operator starts a file that lies in the bucket: one of which no event told, or one that came to nothing. */
import type { Signature } from '../../kernel/caller.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Batch } from '../batch.ts';
import { readHead } from '../day-store.ts';
import { findNamedMerchant } from '../named-merchant.ts';
import { executionNameOf, isUnreadable, type Series, type StatementDay, seriesOf } from '../statement-key.ts';
import { redriveReconciliation } from './redrive-reconciliation.ts';
import { findObject, type LyingFile, listFiles, type StatementObject } from './statement-bucket.ts';
import type { StatementOperations } from './statement-operations.ts';
import { versionsOf } from './versions.ts';

export type Wanted = { readonly key: string } | StatementDay;

export interface Started {
  /** `queued`: the file is read for its hash and becomes the next version, unless the newest one has the same content */
  readonly outcome: 'queued' | 'running' | 'redriven' | 'new_attempt' | 'new_version' | 'started';
  readonly object: StatementObject;
  /** what it is now; absent for a file that is queued */
  readonly batch?: Batch;
  /** what its execution is called, or will be unless another file of the day is faster */
  readonly executionName: string;
}

export type NotStarted = Refusal<
  'unknown_merchant' | 'no_statement_file' | 'already_reconciled' | 'not_failed' | 'newer_version'
>;

/** A day's files are few: one a day, and one more for each correction. */
const maximumFilesOfDay = 1_000;

/** 1 read unit for the merchant number, and what its object takes. */
export async function startStatement(
  operations: StatementOperations,
  { wanted, by }: { readonly wanted: Wanted; readonly by: Signature },
): Promise<Started | NotStarted> {
  const unknown = await refuseUnknown(operations, wanted);
  if (unknown) return unknown;
  const key = 'key' in wanted ? wanted.key : await newestKey(operations, wanted);
  const object = key === undefined ? undefined : await findObject(operations.bucket, key);
  if (!object) return refuse('no_statement_file', 'No such file lies in the statement bucket.');
  return startObject(operations, { object, by });
}

async function refuseUnknown({ channels }: Pick<StatementOperations, 'channels'>, wanted: Wanted) {
  const series = 'key' in wanted ? seriesOf(wanted.key) : wanted;
  // such a key is refused before
  if (isUnreadable(series)) return undefined;
  const merchant = await findNamedMerchant(channels, series, 'key' in wanted ? 'body.key' : 'body.merchantNo');
  return isRefusal(merchant) ? merchant : undefined;
}

async function newestKey({ bucket }: Pick<StatementOperations, 'bucket'>, day: StatementDay) {
  const prefix = `statements/${day.channel}/${day.merchantNo}/${day.date}/`;
  return newestOf(await listFiles(bucket, { prefix, limit: maximumFilesOfDay }))?.key;
}

export const newestOf = (files: readonly LyingFile[]): LyingFile | undefined =>
  files.reduce<LyingFile | undefined>(
    (newest, file) => (newest && newest.changedAt >= file.changedAt ? newest : file),
    undefined,
  );

/** 1 read unit, and one per version of the day down to the newest of this object. */
async function startObject(
  operations: StatementOperations,
  { object, by }: { readonly object: StatementObject; readonly by: Signature },
): Promise<Started | NotStarted> {
  const series = seriesOf(object.key);
  const { latestVersion } = await readHead(operations.table, series);
  const batch = await versionOf(operations, { series, object, latestVersion });
  if (batch && batch.status !== 'rejected' && batch.status !== 'cancelled') {
    return takeUp(operations, { object, batch });
  }
  await operations.startRequests.send({
    ...object,
    ...(batch && { afterVersion: batch.version }),
    requestedBy: by,
  });
  return { outcome: 'queued', object, executionName: executionNameOf(series, latestVersion + 1) };
}

async function takeUp(
  operations: StatementOperations,
  { object, batch }: { readonly object: StatementObject; readonly batch: Batch },
): Promise<Started | NotStarted> {
  switch (batch.status) {
    case 'failed':
    case 'running': {
      const redriven = await redriveReconciliation(operations, batch.id);
      if (!isRefusal(redriven)) return { ...redriven, object, executionName: redriven.batch.executionName };
      if (batch.status === 'running' && redriven.refused === 'not_failed') {
        return { outcome: 'running', object, batch, executionName: batch.executionName };
      }
      if (redriven.refused === 'not_found') throw new Error(`${batch.id} was there a moment ago`);
      return refuse(redriven.refused, redriven.detail);
    }
    default:
      return refuse('already_reconciled', `The file is version ${batch.version} of its day, which is ${batch.status}.`);
  }
}

/** The newest version that this object is. */
export async function versionOf(
  { table }: Pick<StatementOperations, 'table'>,
  {
    series,
    object,
    latestVersion,
  }: { readonly series: Series; readonly object: StatementObject; readonly latestVersion: number },
): Promise<Batch | undefined> {
  for await (const batch of versionsOf(table, series, latestVersion)) {
    if (batch.file.key === object.key && batch.file.versionId === object.versionId) return batch;
  }
  return undefined;
}
