/** An operator has a month's files reconciled that lie in the bucket and of which nobody has told. */
import type { Signature } from '../../kernel/caller.ts';
import { type AccountingDate, addDays } from '../../kernel/clock.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { BatchStatus } from '../batch-status.ts';
import { readHead } from '../day-store.ts';
import { findNamedMerchant } from '../named-merchant.ts';
import { executionNameOf, isUnreadable, seriesOf } from '../statement-key.ts';
import { newestOf, versionOf } from './start-statement.ts';
import { findObject, type LyingFile, listFiles } from './statement-bucket.ts';
import type { StatementOperations } from './statement-operations.ts';

export interface BackFillRequest {
  readonly channel: string;
  readonly merchantNo: string;
  /** the month's first day */
  readonly firstDay: AccountingDate;
  readonly by: Signature;
}

export type BackFilledDay = { readonly date: AccountingDate } & (
  | { readonly outcome: 'queued'; readonly key: string; readonly executionName: string }
  | { readonly outcome: 'no_file' }
  /** its newest file is a version already */
  | { readonly outcome: 'known'; readonly key: string; readonly status: BatchStatus; readonly executionName: string }
);

/** Some days may have several files; a merchant number with more than this has something else under its key. */
const maximumFilesOfMonth = 2_000;

/**
 * The newest file of each day, in the order of days, where it is no version yet. A version that failed, was rejected or
 * cancelled is left to an operator who has looked at it. 1 read unit, and per file one call to S3, and read units as `startStatement` says.
 */
export async function backFillMonth(
  operations: Pick<StatementOperations, 'table' | 'bucket' | 'startRequests' | 'channels'>,
  { channel, merchantNo, firstDay, by }: BackFillRequest,
): Promise<readonly BackFilledDay[] | Refusal<'too_many_files' | 'unknown_merchant'>> {
  const merchant = await findNamedMerchant(operations.channels, { channel, merchantNo }, 'body.merchantNo');
  if (isRefusal(merchant)) return merchant;
  const month = firstDay.slice(0, 7);
  const prefix = `statements/${channel}/${merchantNo}/${month}-`;
  const files = await listFiles(operations.bucket, { prefix, limit: maximumFilesOfMonth });
  if (files.length >= maximumFilesOfMonth) {
    return refuse('too_many_files', `More than ${maximumFilesOfMonth} files lie there: start the days one by one.`);
  }
  const found = await Promise.all(
    daysOfMonth(firstDay).map(async (date) => ({ date, ...(await newestOfDay(operations, { files, date })) })),
  );
  const days: BackFilledDay[] = [];
  for (const { date, object, series, latestVersion = 0, known } of found) {
    if (!object || !series) days.push({ date, outcome: 'no_file' });
    else if (known) {
      const { status, executionName } = known;
      days.push({ date, outcome: 'known', key: object.key, status, executionName });
    } else {
      // one after the other, so that they begin in the order of days
      await operations.startRequests.send({ ...object, requestedBy: by });
      const executionName = executionNameOf(series, latestVersion + 1);
      days.push({ date, outcome: 'queued', key: object.key, executionName });
    }
  }
  return days;
}

async function newestOfDay(
  operations: Pick<StatementOperations, 'table' | 'bucket'>,
  { files, date }: { readonly files: readonly LyingFile[]; readonly date: AccountingDate },
) {
  const ofDay = files.filter(({ key }) => {
    const series = seriesOf(key);
    return !isUnreadable(series) && series.date === date;
  });
  const newest = newestOf(ofDay);
  const object = newest && (await findObject(operations.bucket, newest.key));
  if (!object) return {};
  const series = seriesOf(object.key);
  const { latestVersion } = await readHead(operations.table, series);
  return { object, series, latestVersion, known: await versionOf(operations, { series, object, latestVersion }) };
}

export function daysOfMonth(firstDay: AccountingDate): readonly AccountingDate[] {
  const days: AccountingDate[] = [];
  for (let day = firstDay; day.slice(0, 7) === firstDay.slice(0, 7); day = addDays(day, 1)) days.push(day);
  return days;
}
