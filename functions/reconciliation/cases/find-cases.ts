/** What callers see of cases: their own institution's, or everyone's for operators. */
import { inScope, type Scope } from '../../kernel/caller.ts';
import type { DifferenceId } from '../../kernel/ids.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import { readDifference } from '../difference-store.ts';
import type { Difference } from './case.ts';
import { type CaseAttachment, type CaseComment, readAttachments, readComments } from './case-notes-store.ts';

export interface WholeCase {
  readonly difference: Difference;
  readonly comments: readonly CaseComment[];
  readonly attachments: readonly CaseAttachment[];
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

/** 2 read units, and one per 4 KiB of what was said and added. */
export async function findWholeCase(
  { table }: { readonly table: Table },
  scope: Scope,
  id: DifferenceId,
): Promise<WholeCase | Refusal<'not_found'>> {
  const difference = await findCase({ table }, scope, id);
  if ('refused' in difference) return difference;
  const [comments, attachments] = await Promise.all([readComments(table, id), readAttachments(table, id)]);
  return { difference, comments, attachments };
}
