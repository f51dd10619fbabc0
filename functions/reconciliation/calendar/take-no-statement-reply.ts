/** A channel's own answer that there is no statement, where whoever fetches files has dropped that answer. */
import { isRefusal } from '../../kernel/refusal.ts';
import { type ObjectRef, readObject } from '../files.ts';
import type { Reconciliation } from '../reconciliation.ts';
import { isUnreadable, seriesOf } from '../statement-key.ts';
import { type ConfirmingNeeds, confirmEmpty } from './confirm-empty.ts';
import { isNoStatementReply, maximumReplyBytes } from './no-statement-reply.ts';

/**
 * Notes the day as empty, where the calendar and our books allow that. One read of S3 for files of 4 KiB and less.
 *
 * @returns false for anything that is to be received as a statement, which turns away what is none
 */
export async function takeNoStatementReply(
  needs: ConfirmingNeeds & Pick<Reconciliation, 'files'>,
  { size, ...object }: ObjectRef & { readonly size: number },
): Promise<boolean> {
  const day = seriesOf(object.key);
  if (size === 0 || size > maximumReplyBytes || isUnreadable(day)) return false;
  if (!isNoStatementReply(await readObject(needs.files, object))) return false;
  return !isRefusal(await confirmEmpty(needs, { day, by: 'channel', note: object.key }));
}
