/** Looking transfers up, each caller within what it may see. */
import { inScope, type Scope } from '../../kernel/caller.ts';
import type { PostingId } from '../../kernel/ids.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Ledger } from '../ledger.ts';
import { getPosting } from '../posting-store.ts';
import { getReversals } from '../reversal-store.ts';
import { type Transfer, transferFrom } from './transfer.ts';

export interface ShownTransfer extends Transfer {
  /** minor units that were taken back so far */
  readonly reversed: bigint;
}

/** By its id; a foreign one, and a posting that is none, is not found. 2 read units. */
export async function findTransfer(
  { table }: Pick<Ledger, 'table'>,
  { scope, id }: { readonly scope: Scope; readonly id: PostingId },
): Promise<ShownTransfer | Refusal<'not_found'>> {
  const [posting, reversals] = await Promise.all([getPosting(table, id), getReversals(table, id)]);
  const transfer = posting && transferFrom(posting);
  if (!transfer || !inScope(scope, transfer.institutionId)) {
    return refuse('not_found', `There is no transfer ${id}.`);
  }
  // what a reversal takes from the account that the transfer went to
  const taken = reversals.flatMap(({ moves }) => moves.filter(({ accountId }) => accountId === transfer.toAccountId));
  return { ...transfer, reversed: taken.reduce((sum, { available }) => sum + available, 0n) };
}
