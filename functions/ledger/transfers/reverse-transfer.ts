/** 冲正: a transfer is taken back, whole or in part, by a posting that names it; never twice, never more than it was. */
import { type InstitutionId, idOfOperation, type PostingId } from '../../kernel/ids.ts';
import { type Money, money } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { BookedPosting } from '../book-posting.ts';
import type { Ledger, LedgerRefusal } from '../ledger.ts';
import { findBooked, PostedOtherwise, post } from '../post.ts';
import type { NewPosting } from '../posting.ts';
import { findTransfer, type ShownTransfer } from './find-transfer.ts';
import { legsOfTransfer } from './transfer.ts';
import { type MadeTransfer, madeTransfer } from './transfer-money.ts';

export interface TransferReversal {
  readonly institutionId: InstitutionId;
  readonly by: string;
  readonly transferId: PostingId;
  /** all that is left of it unless given */
  readonly amount?: Money | undefined;
  readonly reason: string;
  readonly operationId: string;
}

export type ReversalRefusal = LedgerRefusal | 'not_found' | 'not_reversible';

/**
 * Laws, in this order: the transfer is the institution's (`not_found`); it is a transfer, neither what a hold was captured
 * by nor a reversal itself (`not_reversible`); the currency is its own; no more is taken back than is left of it
 * (`exceeds_original`); those of a posting: whoever received the money must still have it.
 *
 * Cost: 4 read units, 1 more for each earlier reversal's KiB; 8 write units and 3 of indexes.
 */
export async function reverseTransfer(
  ledger: Ledger,
  reversal: TransferReversal,
): Promise<MadeTransfer | Refusal<ReversalRefusal>> {
  const { institutionId, transferId, operationId } = reversal;
  const id = idOfOperation('post', operationId);
  let refused: { readonly refusal: Refusal<LedgerRefusal>; readonly reversed: bigint } | undefined;
  for (;;) {
    const original = await findTransfer(ledger, { scope: institutionId, id: transferId });
    if (isRefusal(original)) return original;
    // else other reversals came in between: less is left than was read, and the refusal was of too much
    if (refused && refused.reversed === original.reversed) return refused.refusal;

    const posting = reversalOf(original, reversal, id);
    if (isRefusal(posting)) {
      // a repeat finds nothing left when its first run has taken all
      const earlier = posting.refused === 'exceeds_original' ? await findBooked(ledger, id) : undefined;
      return earlier ? madeTransfer(ledger, earlier) : posting;
    }
    const booked = await postReversal(ledger, posting);
    if (!isRefusal(booked)) return madeTransfer(ledger, booked);
    refused = { refusal: booked, reversed: original.reversed };
  }
}

function reversalOf(
  { kind, id: reverses, reversed, fromAccountId, toAccountId, amount: whole }: ShownTransfer,
  { institutionId, by, amount, reason }: TransferReversal,
  id: PostingId,
): NewPosting | Refusal<ReversalRefusal> {
  if (kind !== 'transfer') return refuse('not_reversible', `A ${kind.replace('_', ' ')} is not reversed.`);
  if (amount && amount.currency !== whole.currency) {
    return refuse('currency_mismatch', `The transfer is in ${whole.currency}, not in ${amount.currency}.`);
  }
  const left = money(whole.amount - reversed, whole.currency);
  const taken = amount ?? left;
  if (taken.amount === 0n || taken.amount > left.amount) {
    return refuse('exceeds_original', `Only ${left.amount} of the transfer is left to take back.`);
  }
  return {
    id,
    type: 'reversal',
    reverses,
    description: reason,
    by,
    listing: { institutionId, amount: taken },
    legs: legsOfTransfer(toAccountId, fromAccountId, taken),
  };
}

async function postReversal(ledger: Ledger, posting: NewPosting): Promise<BookedPosting | Refusal<LedgerRefusal>> {
  try {
    const outcome = await post(ledger, posting);
    if (isRefusal(outcome)) return outcome;
    const [booked] = 'postings' in outcome ? outcome.postings : [];
    if (booked) return booked;
  } catch (error) {
    // two runs of one request for all that is left may have seen different remainders: the first has done it
    if (!(error instanceof PostedOtherwise)) throw error;
    const earlier = await findBooked(ledger, posting.id);
    if (earlier) return earlier;
  }
  throw new Error(`reversal ${posting.id} was posted and is not there`);
}
