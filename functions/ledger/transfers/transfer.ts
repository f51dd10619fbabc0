/** 转账: money that goes from one account of an institution to another, and what is known of it afterwards. */
import type { AccountingDate } from '../../kernel/clock.ts';
import { type AccountId, type InstitutionId, idFrom, type PostingId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { Leg, NewPosting, PostingType } from '../posting.ts';
import type { StoredPosting } from '../posting-store.ts';

/** What an institution asks for. */
export interface TransferOrder {
  readonly fromAccountId: AccountId;
  readonly toAccountId: AccountId;
  readonly amount: Money;
  /** the institution's own number, unique among its transfers */
  readonly reference: string;
  readonly description?: string | undefined;
}

/** A transfer, what was captured of a hold, and what takes a transfer back. */
export const transferKinds = ['transfer', 'hold_capture', 'reversal'] as const satisfies readonly PostingType[];

export type TransferKind = (typeof transferKinds)[number];

export interface Transfer {
  readonly id: PostingId;
  readonly kind: TransferKind;
  readonly institutionId: InstitutionId;
  readonly fromAccountId: AccountId;
  readonly toAccountId: AccountId;
  readonly amount: Money;
  readonly reference?: string | undefined;
  readonly description?: string | undefined;
  /** of a capture, the hold */
  readonly transactionId?: string | undefined;
  readonly reverses?: PostingId | undefined;
  readonly accountingDate: AccountingDate;
  /** RFC 3339 in UTC, milliseconds */
  readonly postedAt: string;
}

/** The same reference names the same transfer, so a repeat finds the first. */
export const transferIdOf = (institutionId: InstitutionId, reference: string): PostingId =>
  idFrom('post', institutionId, 'transfer', reference);

/** Both accounts hold deposits, which a debit lowers and a credit raises. */
export const legsOfTransfer = (
  fromAccountId: AccountId,
  toAccountId: AccountId,
  amount: Money,
): readonly [from: Leg, to: Leg] => [
  { accountId: fromAccountId, balance: 'available', side: 'debit', amount },
  { accountId: toAccountId, balance: 'available', side: 'credit', amount },
];

export const postingOfTransfer = (
  { institutionId, by }: { readonly institutionId: InstitutionId; readonly by: string },
  { fromAccountId, toAccountId, amount, reference, description }: TransferOrder,
): NewPosting => ({
  id: transferIdOf(institutionId, reference),
  type: 'transfer',
  description,
  by,
  listing: { institutionId, reference, amount },
  legs: legsOfTransfer(fromAccountId, toAccountId, amount),
});

/** Undefined for any other posting. */
export function transferFrom(posting: StoredPosting): Transfer | undefined {
  const { postingId: id, type, listing, entries, description, transactionId, reverses, ...rest } = posting;
  const kind = transferKinds.find((each) => each === type);
  // entries stand in the order of the legs: from, to
  const [from, to] = [entries[0], entries.at(-1)];
  if (!kind || !listing || !from || !to) return undefined;
  return {
    id,
    kind,
    ...listing,
    fromAccountId: from.accountId,
    toAccountId: to.accountId,
    description,
    transactionId,
    reverses,
    accountingDate: rest.accountingDate,
    postedAt: rest.postedAt,
  };
}
