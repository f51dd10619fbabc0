/** Who may see a hold, and whose it is. */
import { type Caller, inScope, scopeOf } from '../../kernel/caller.ts';
import type { HoldId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Ledger } from '../ledger.ts';
import type { Hold } from './hold.ts';
import { getHold } from './hold-store.ts';

const notFound = (id: HoldId) => refuse('not_found', `There is no hold ${id}.`);

/** A hold on an account that the caller may see, whoever placed it. 1 read unit. */
export async function findHold(
  { table }: Pick<Ledger, 'table'>,
  { caller, id }: { readonly caller: Caller; readonly id: HoldId },
): Promise<Hold | Refusal<'not_found'>> {
  const hold = await getHold(table, id);
  return hold && inScope(scopeOf(caller), hold.institutionId) ? hold : notFound(id);
}

export type OwnerRefusal = 'not_found' | 'not_your_hold' | 'currency_mismatch';

/** What an institution set aside is its own affair, and what operators froze (司法冻结 and the like) no institution frees. */
export function admitOwner(
  hold: Hold,
  { caller, amount }: { readonly caller: Caller; readonly amount?: Money | undefined },
): Refusal<OwnerRefusal> | undefined {
  if (!inScope(scopeOf(caller), hold.institutionId)) return notFound(hold.id);
  if (hold.placedBy !== caller.kind) {
    return refuse(
      'not_your_hold',
      `The hold was placed by an ${hold.placedBy}, and only an ${hold.placedBy} changes it.`,
    );
  }
  const { currency } = hold.amount;
  if (amount !== undefined && amount.currency !== currency) {
    return refuse('currency_mismatch', `The hold is in ${currency}, not in ${amount.currency}.`);
  }
  return undefined;
}
