/** What callers see of cases: their own institution's, or everyone's for operators. */
import { inScope, type Scope } from '../../kernel/caller.ts';
import type { DifferenceId } from '../../kernel/ids.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import { readDifference } from '../difference-store.ts';
import { type AttachmentFiles, type ShownAttachment, showAttachments } from './attachments.ts';
import type { Difference } from './case.ts';
import { type CaseComment, readComments } from './case-notes-store.ts';

export interface WholeCase {
  readonly difference: Difference;
  readonly comments: readonly CaseComment[];
  readonly attachments: readonly ShownAttachment[];
}

/** Before it is open it belongs to nobody: only operators see it. 2 read units. */
export async function findCase(
  { table }: { readonly table: Table },
  scope: Scope,
  id: DifferenceId,
): Promise<Difference | Refusal<'not_found'>> {
  const difference = await readDifference(table, id);
  return difference && inScope(scope, difference.institutionId)
    ? difference
    : refuse('not_found', 'There is no such difference.');
}

/** 2 read units, one per 4 KiB of what was said and added, and a request to S3 for each paper. */
export async function findWholeCase(
  files: Pick<AttachmentFiles, 'table' | 's3' | 'bucket'>,
  scope: Scope,
  id: DifferenceId,
): Promise<WholeCase | Refusal<'not_found'>> {
  const difference = await findCase(files, scope, id);
  if ('refused' in difference) return difference;
  const [comments, attachments] = await Promise.all([readComments(files.table, id), showAttachments(files, id)]);
  return { difference, comments, attachments };
}
