/** 扣划: all or part of what remains of a hold is paid to another account of the same institution. */
import { type Caller, signatureOf } from '../../kernel/caller.ts';
import { type AccountId, type HoldId, idOfOperation } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Ledger, LedgerRefusal } from '../ledger.ts';
import { findPayableAccount, type PayableRefusal } from '../payable-account.ts';
import { type ChangedHold, changeHold } from './change-hold.ts';
import type { Hold, HoldEventRefusal } from './hold.ts';
import { admitOwner, type OwnerRefusal } from './hold-access.ts';

export interface HoldCapture {
  readonly caller: Caller;
  readonly holdId: HoldId;
  readonly toAccountId: AccountId;
  /** all that remains unless given */
  readonly amount?: Money | undefined;
  readonly reference?: string | undefined;
  readonly description?: string | undefined;
  readonly operationId: string;
}

export type CaptureRefusal = OwnerRefusal | PayableRefusal | HoldEventRefusal | LedgerRefusal | 'same_account';

/**
 * Laws, in this order: those of a release as to who asks; the other account is one of the same institution
 * (`not_found`, `account_not_payable`), and another one (`same_account`); those of `moveHold`; those of a posting.
 * Cost: see `changeHold`.
 */
export const captureHold = (
  ledger: Ledger,
  { caller, holdId, toAccountId, amount, reference, description, operationId }: HoldCapture,
): Promise<ChangedHold | Refusal<CaptureRefusal>> =>
  changeHold<CaptureRefusal>(ledger, {
    holdId,
    postingId: idOfOperation('post', operationId),
    event: { kind: 'capture', amount: amount?.amount },
    admit: async (hold) => admitOwner(hold, { caller, amount }) ?? (await refusedPayee(ledger, hold, toAccountId)),
    postingOf: ({ hold: { accountId, institutionId }, moved }) => ({
      type: 'hold_capture',
      description,
      by: signatureOf(caller),
      listing: { institutionId, reference, amount: moved },
      legs: [
        { accountId, balance: 'frozen', side: 'debit', amount: moved },
        { accountId: toAccountId, balance: 'available', side: 'credit', amount: moved },
      ],
    }),
  });

async function refusedPayee(
  ledger: Ledger,
  { institutionId, accountId }: Hold,
  toAccountId: AccountId,
): Promise<Refusal<PayableRefusal | 'same_account'> | undefined> {
  const payee = await findPayableAccount(ledger, institutionId, toAccountId);
  if (isRefusal(payee)) return payee;
  if (payee.id !== accountId) return undefined;
  return refuse('same_account', 'What goes back to its own account is released, not captured.');
}
