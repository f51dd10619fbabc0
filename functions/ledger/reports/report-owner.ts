/** Whose books a caller asks for. */
import type { Caller } from '../../kernel/caller.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Owner, ownerless } from '../business-day.ts';

/** How operators name the center's own books. */
export const centersOwn = 'center';

type Named = Exclude<Owner, typeof ownerless> | typeof centersOwn;

/**
 * An institution asks for its own; an operator for one institution's, for the center's own, or, naming none, for all.
 *
 * @returns undefined for all
 */
export function ownerAskedFor(caller: Caller, named: Named | undefined): Owner | undefined | Refusal<'not_found'> {
  if (caller.kind === 'operator') return named === centersOwn ? ownerless : named;
  if (named === undefined || named === caller.institutionId) return caller.institutionId;
  return refuse('not_found', 'There is no such institution.');
}

/** @returns null for all */
export const institutionOf = (owner: Owner | undefined): string | null => {
  if (owner === undefined) return null;
  return owner === ownerless ? centersOwn : owner;
};
