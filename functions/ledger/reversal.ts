/** What a posting that corrects another may still take back: never more than the original, all reversals together. */
import type { PostingId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { addBalances, type Balances, balanceKinds, noBalances } from './account.ts';
import type { Draft } from './book-posting.ts';
import { moveOf } from './entry.ts';
import type { Ledger, LedgerRefusal } from './ledger.ts';
import type { Move } from './posting.ts';
import { getPostedEntries, getPosting } from './posting-store.ts';
import { getReversals, type Reversal } from './reversal-store.ts';

/**
 * The next reversal of whatever the drafts reverse, `exceeds_original` where one takes back more than is left.
 *
 * Cost: nothing for drafts that reverse nothing; else 2 read units and 1 for each of the original's entries.
 *
 * @throws Error for what was never posted
 */
export async function nextReversals(
  { table }: Pick<Ledger, 'table'>,
  drafts: readonly Draft[],
): Promise<readonly Reversal[] | Refusal<LedgerRefusal>> {
  const next: Reversal[] = [];
  for (const { id, reverses, moves } of drafts) {
    if (reverses === undefined) continue;
    const [original, earlier] = await Promise.all([movesOf(table, reverses), getReversals(table, reverses)]);
    if (!original) throw new Error(`posting ${id} reverses ${reverses}, which was never posted`);
    const refused = checkReversal(original, [...earlier.map((reversal) => reversal.moves), moves]);
    if (isRefusal(refused)) return refused;
    next.push({ original: reverses, number: earlier.length + 1, postingId: id, moves });
  }
  return next;
}

async function movesOf(table: Ledger['table'], id: PostingId): Promise<readonly Move[] | undefined> {
  const posting = await getPosting(table, id);
  if (!posting) return undefined;
  const entries = await getPostedEntries(table, posting);
  return entries.map(moveOf);
}

/** Whether all reversals together go against the original on each of its balances, and no further than back to nothing. */
export function checkReversal(
  original: readonly Move[],
  reversals: readonly (readonly Move[])[],
): Refusal<'exceeds_original'> | undefined {
  const moved = totals(original);
  for (const [accountId, takenBack] of totals(reversals.flat())) {
    const before = moved.get(accountId) ?? noBalances;
    if (balanceKinds.some((kind) => !within(before[kind], takenBack[kind]))) {
      return refuse('exceeds_original', 'More would be reversed than is left of the original.');
    }
  }
  return undefined;
}

const within = (original: bigint, takenBack: bigint): boolean =>
  original >= 0n ? takenBack <= 0n && -takenBack <= original : takenBack >= 0n && takenBack <= -original;

function totals(moves: readonly Move[]): Map<string, Balances> {
  const sums = new Map<string, Balances>();
  for (const move of moves) sums.set(move.accountId, addBalances(sums.get(move.accountId) ?? noBalances, move));
  return sums;
}
