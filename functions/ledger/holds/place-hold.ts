/** 冻结: money of an account is set aside, so that nothing else can spend it. */
import { type Caller, scopeOf, signatureOf } from '../../kernel/caller.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Ledger, LedgerRefusal } from '../ledger.ts';
import { findPayableAccount, type PayableRefusal } from '../payable-account.ts';
import { PostedOtherwise, post } from '../post.ts';
import type { ChangedHold } from './change-hold.ts';
import { type Hold, holdIdOf, placingOf } from './hold.ts';
import { getHold, putNewHold } from './hold-store.ts';

export interface HoldPlacing {
  readonly caller: Caller;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly reference: string;
  readonly reason?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

export type PlacingRefusal = PayableRefusal | LedgerRefusal | 'reference_taken' | 'expiry_past';

/**
 * Laws, in this order: the caller may use the account (`not_found`, `account_not_payable`); the reference is free, or
 * stands for this very request (`reference_taken`); the expiry lies ahead (`expiry_past`); those of a posting.
 *
 * Cost: 2 read units, 1 more for an account that is not remembered; 6 write units and up to 3 of indexes.
 */
export async function placeHold(ledger: Ledger, placing: HoldPlacing): Promise<ChangedHold | Refusal<PlacingRefusal>> {
  const { caller, accountId, amount, reference, reason, expiresAt } = placing;
  const account = await findPayableAccount(ledger, scopeOf(caller), accountId);
  if (isRefusal(account)) return account;

  const now = ledger.clock();
  const id = holdIdOf(caller, reference);
  const earlier = await getHold(ledger.table, id);
  if (earlier && !isSame(earlier, placing)) return taken(reference);
  if (!earlier && expiresAt && expiresAt <= now) return refuse('expiry_past', 'The hold would be over already.');

  const hold: Hold = earlier ?? {
    id,
    institutionId: account.institutionId,
    accountId,
    amount,
    captured: 0n,
    released: 0n,
    placedBy: caller.kind,
    reference,
    reason,
    placedAt: now.toISOString(),
    expiresAt: expiresAt?.toISOString(),
    version: 1,
  };
  try {
    const posting = {
      id: placingOf(id),
      type: 'hold',
      transactionId: id,
      description: reason,
      by: signatureOf(caller),
      legs: [
        { accountId, balance: 'available', side: 'debit', amount },
        { accountId, balance: 'frozen', side: 'credit', amount },
      ],
    } as const;
    const outcome = await post(ledger, posting, [putNewHold(ledger.table, hold)]);
    if (isRefusal(outcome)) return outcome;
    const stored = outcome.outcome === 'posted' ? hold : await getHold(ledger.table, id);
    if (outcome.outcome === 'overtaken' || !stored)
      throw new Error(`hold ${id} stands without its posting, or the reverse`);
    // another request with this reference may have come in between, of the same money
    if (!isSame(stored, placing)) return taken(reference);
    const [booked] = outcome.postings;
    if (!booked) throw new Error(`hold ${id} was placed without a posting`);
    return { hold: stored, posting: booked };
  } catch (error) {
    if (error instanceof PostedOtherwise) return taken(reference);
    throw error;
  }
}

const taken = (reference: string) => refuse('reference_taken', `The reference ${reference} stands for another hold.`);

/** The words are left out, as from a posting's content. */
const isSame = (hold: Hold, { accountId, amount, expiresAt }: HoldPlacing): boolean =>
  hold.accountId === accountId &&
  hold.amount.amount === amount.amount &&
  hold.amount.currency === amount.currency &&
  hold.expiresAt === expiresAt?.toISOString();
