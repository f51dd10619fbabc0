/** Quarantine: keeps a file that was turned away apart from the good ones, and records why. */
import { noteRejection, readBatch } from './batch-store.ts';
import { copyFile } from './files.ts';
import type { Reconciliation } from './reconciliation.ts';
import { type Rejection, reject } from './rejection.ts';
import type { RejectedRun } from './run.ts';

/** What the execution ends with, as readable JSON. */
export interface Quarantined extends Rejection {
  readonly reconciliationId: string;
  /** in the statement bucket */
  readonly quarantineKey?: string;
}

/** S3 copies no more at once; a larger file stays under its own key, locked like every statement. */
const maximumCopyBytes = 5 * 1000 ** 3;

/** The statement's own object stays where it is: nobody can delete or overwrite a delivered one. */
export async function quarantineStatement(
  { table, clock, files }: Pick<Reconciliation, 'table' | 'clock' | 'files'>,
  run: RejectedRun,
): Promise<Quarantined> {
  const { file, reconciliationId, version } = run;
  const { reason, detail, mismatches } =
    run.rejection ??
    run.identified?.rejection ??
    run.conclusion?.rejection ??
    reject('unreadable_key', 'The execution was started without a statement.');
  let quarantineKey: string | undefined;
  if (reason !== 'superseded' && file.size <= maximumCopyBytes) {
    quarantineKey = `quarantine/${file.key.replace(/^statements\//, '')}.v${version}`;
    const metadata = { reason, 'reconciliation-id': reconciliationId };
    await copyFile(files, file, { bucket: file.bucket, key: quarantineKey, metadata });
  }
  const kept = quarantineKey !== undefined && { quarantineKey };
  const rejection = { reason, detail, ...(mismatches && { mismatches }), ...kept };
  const noted = await noteRejection(table, reconciliationId, rejection, clock());
  // one that an operator has cancelled, or that has its end from an earlier try, keeps that
  if (!noted && !(await readBatch(table, reconciliationId))) throw new Error(`${reconciliationId} is not registered`);
  return { reason, detail, reconciliationId, ...kept };
}
