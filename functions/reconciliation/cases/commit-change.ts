/** A change of a case together with what it books: all of it or nothing. */
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import type { BrokenWrite, Write } from '../../kernel/write.ts';
import { type BookedPosting, type LedgerRefusal, type NewPosting, postGuardedBy } from '../../ledger/index.ts';
import type { CaseBooks } from './cases.ts';

/** Ready to be committed: its writes name what was read, so that it happens once. */
export interface PreparedChange {
  readonly postings: readonly NewPosting[];
  readonly writes: (booked: readonly BookedPosting[]) => readonly Write[];
}

export type Committed =
  | { readonly outcome: 'committed' }
  /** somebody was faster; nothing was written */
  | { readonly outcome: 'overtaken'; readonly broken: readonly BrokenWrite[] };

/** One transaction. */
export async function commitChange(
  { ledger, commit }: Pick<CaseBooks, 'ledger' | 'commit'>,
  { postings, writes }: PreparedChange,
): Promise<Committed | Refusal<LedgerRefusal>> {
  if (postings.length === 0) {
    const result = await commit(writes([]));
    return result.committed ? { outcome: 'committed' } : { outcome: 'overtaken', broken: result.broken };
  }
  const outcome = await postGuardedBy(ledger, postings, writes);
  if (isRefusal(outcome)) return outcome;
  return outcome.outcome === 'posted' ? { outcome: 'committed' } : outcome;
}
