/** One transfer: done, or what it would do. */
import type { InstitutionId } from '../../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { BookedPosting } from '../book-posting.ts';
import type { Ledger, LedgerRefusal } from '../ledger.ts';
import { findPayableAccount, type PayableRefusal } from '../payable-account.ts';
import { PostedOtherwise, post } from '../post.ts';
import { previewPostings } from '../preview-postings.ts';
import { type ResultingBalances, resultingBalances } from '../resulting-balances.ts';
import { postingOfTransfer, type Transfer, type TransferOrder, transferFrom } from './transfer.ts';

/** On whose behalf. */
export interface TransferParty {
  readonly institutionId: InstitutionId;
  readonly by: string;
}

export interface MadeTransfer {
  readonly transfer: Transfer;
  readonly balances: readonly ResultingBalances[];
}

export type TransferRefusal = PayableRefusal | LedgerRefusal | 'reference_taken';

/**
 * Laws, in this order: both accounts are the institution's (`not_found`, `account_not_payable`); the reference is free or
 * stands for this very transfer (`reference_taken`); those of a posting.
 *
 * Cost: 6 write units and 3 of indexes; 2 read units, none for accounts that are remembered.
 */
export async function transferMoney(
  ledger: Ledger,
  party: TransferParty,
  order: TransferOrder,
): Promise<MadeTransfer | Refusal<TransferRefusal>> {
  const refused = await refusedAccounts(ledger, party, order);
  if (refused) return refused;
  try {
    const outcome = await post(ledger, postingOfTransfer(party, order));
    if (isRefusal(outcome)) return outcome;
    const [booked] = 'postings' in outcome ? outcome.postings : [];
    if (!booked) throw new Error(`the transfer ${order.reference} was posted and is not there`);
    return await madeTransfer(ledger, booked);
  } catch (error) {
    if (error instanceof PostedOtherwise) return referenceTaken(order);
    throw error;
  }
}

/** What {@link transferMoney} would answer; nothing is written. 4 read units for accounts of one slot. */
export async function previewTransfer(
  ledger: Ledger,
  party: TransferParty,
  order: TransferOrder,
): Promise<MadeTransfer | Refusal<TransferRefusal>> {
  const [outcome] = await previewTransfers(ledger, party, [order]);
  if (!outcome) throw new Error('a preview of one transfer has one outcome');
  return outcome;
}

/** Each in its turn, from where those before it have left the accounts; one that is refused changes nothing. */
export async function previewTransfers(
  ledger: Ledger,
  party: TransferParty,
  orders: readonly TransferOrder[],
): Promise<readonly (MadeTransfer | Refusal<TransferRefusal>)[]> {
  const refused = await Promise.all(orders.map((order) => refusedAccounts(ledger, party, order)));
  const admitted = orders.filter((_, index) => refused[index] === undefined);
  const previews = await previewPostings(
    ledger,
    admitted.map((order) => postingOfTransfer(party, order)),
  );
  return orders.map((order, index) => {
    const preview = refused[index] ?? previews[admitted.indexOf(order)];
    if (!preview) throw new Error(`the transfer ${order.reference} has no preview`);
    if (preview === 'posted_otherwise') return referenceTaken(order);
    if (isRefusal(preview)) return preview;
    return { transfer: transferOf(preview.posting), balances: preview.balances };
  });
}

export async function refusedAccounts(
  ledger: Ledger,
  { institutionId }: TransferParty,
  { fromAccountId, toAccountId }: TransferOrder,
): Promise<Refusal<PayableRefusal> | undefined> {
  for (const id of [fromAccountId, toAccountId]) {
    const account = await findPayableAccount(ledger, institutionId, id);
    if (isRefusal(account)) return account;
  }
  return undefined;
}

export async function madeTransfer(
  ledger: Ledger,
  booked: BookedPosting,
  later: readonly BookedPosting[] = [],
): Promise<MadeTransfer> {
  return { transfer: transferOf(booked), balances: await resultingBalances(ledger, booked, later) };
}

function transferOf(booked: BookedPosting): Transfer {
  const transfer = transferFrom(booked);
  if (!transfer) throw new Error(`posting ${booked.postingId} is no transfer`);
  return transfer;
}

export const referenceTaken = ({ reference }: Pick<TransferOrder, 'reference'>) =>
  refuse('reference_taken', `The reference ${reference} stands for another transfer.`);
