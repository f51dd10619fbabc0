/** 解冻: all or part of what remains of a hold goes back to its account. */
import { type Caller, signatureOf } from '../../kernel/caller.ts';
import { type HoldId, idOfOperation } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Ledger, LedgerRefusal } from '../ledger.ts';
import { type ChangedHold, changeHold } from './change-hold.ts';
import { expiryOf, type HoldEventRefusal, type MovedHold } from './hold.ts';
import { admitOwner, type OwnerRefusal } from './hold-access.ts';

export interface HoldRelease {
  readonly caller: Caller;
  readonly holdId: HoldId;
  /** all that remains unless given */
  readonly amount?: Money | undefined;
  readonly operationId: string;
}

/**
 * Laws, in this order: the caller may see the hold (`not_found`); it is the caller's own (`not_your_hold`); the currency is
 * the hold's; then those of `moveHold`. A block of the account stops nothing. Cost: see `changeHold`.
 */
export const releaseHold = (
  ledger: Ledger,
  { caller, holdId, amount, operationId }: HoldRelease,
): Promise<ChangedHold | Refusal<OwnerRefusal | HoldEventRefusal | LedgerRefusal>> =>
  changeHold(ledger, {
    holdId,
    postingId: idOfOperation('post', operationId),
    event: { kind: 'release', amount: amount?.amount },
    admit: (hold) => admitOwner(hold, { caller, amount }),
    postingOf: (moved) => ({ ...releaseOf(moved), by: signatureOf(caller) }),
  });

/** Ends a hold whose time is over; whoever else ended it first has made that needless, which is `hold_ended`. */
export const expireHold = (
  ledger: Ledger,
  holdId: HoldId,
): Promise<ChangedHold | Refusal<HoldEventRefusal | LedgerRefusal | 'not_found'>> =>
  changeHold(ledger, {
    holdId,
    postingId: expiryOf(holdId),
    event: { kind: 'expiry' },
    admit: () => undefined,
    postingOf: releaseOf,
  });

const releaseOf = ({ hold: { accountId }, moved }: MovedHold) => ({
  type: 'hold_release' as const,
  legs: [
    { accountId, balance: 'frozen' as const, side: 'debit' as const, amount: moved },
    { accountId, balance: 'available' as const, side: 'credit' as const, amount: moved },
  ],
});
