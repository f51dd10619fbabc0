/** A transaction (交易): external, through a channel, or internal, between an institution's own accounts. */
import { type Hold, holdStatusOf, type Transfer, transferKinds } from '../../ledger/index.ts';
import type { Verification } from '../../parties/index.ts';
import { type Payment, paymentKinds } from '../payment.ts';
import { paymentStatuses } from '../payment-states.ts';

export const externalKinds = [...paymentKinds, 'verification'] as const;
export const internalKinds = [...transferKinds, 'freeze'] as const;
export const transactionKinds = [...externalKinds, ...internalKinds] as const;

export type TransactionKind = (typeof transactionKinds)[number];

/** Those of payments; a verification may wait for its confirmation or expire, a freeze is active until it has ended. */
export const transactionStatuses = [...paymentStatuses, 'awaiting_confirmation', 'expired', 'active', 'ended'] as const;

export type TransactionStatus = (typeof transactionStatuses)[number];

export type Transaction =
  | { readonly from: 'payments'; readonly payment: Payment }
  | { readonly from: 'verifications'; readonly verification: Verification }
  | { readonly from: 'transfers'; readonly transfer: Transfer }
  | { readonly from: 'holds'; readonly hold: Hold };

export const kindOf = (transaction: Transaction): TransactionKind => {
  switch (transaction.from) {
    case 'payments':
      return transaction.payment.kind;
    case 'verifications':
      return 'verification';
    case 'transfers':
      return transaction.transfer.kind;
    case 'holds':
      return 'freeze';
  }
};

/** A transfer is stored when it has happened. */
export const statusOf = (transaction: Transaction): TransactionStatus => {
  switch (transaction.from) {
    case 'payments':
      return transaction.payment.status;
    case 'verifications':
      return transaction.verification.status;
    case 'transfers':
      return 'succeeded';
    case 'holds':
      return holdStatusOf(transaction.hold);
  }
};

/** The accounts that a transaction is about. */
export const accountsOf = (transaction: Transaction): readonly string[] => {
  switch (transaction.from) {
    case 'payments':
      return [transaction.payment.accountId];
    case 'verifications':
      return transaction.verification.accountId ? [transaction.verification.accountId] : [];
    case 'transfers':
      return [transaction.transfer.fromAccountId, transaction.transfer.toAccountId];
    case 'holds':
      return [transaction.hold.accountId];
  }
};

export const channelOf = (transaction: Transaction): string | undefined => {
  switch (transaction.from) {
    case 'payments':
      return transaction.payment.channel;
    case 'verifications':
      return transaction.verification.route?.channel;
    case 'transfers':
    case 'holds':
      return undefined;
  }
};

export interface TransactionFilter {
  readonly kind?: TransactionKind | undefined;
  readonly status?: TransactionStatus | undefined;
  readonly accountId?: string | undefined;
  readonly channel?: string | undefined;
}

export const passes = (transaction: Transaction, filter: TransactionFilter): boolean =>
  (filter.kind === undefined || kindOf(transaction) === filter.kind) &&
  (filter.status === undefined || statusOf(transaction) === filter.status) &&
  (filter.accountId === undefined || accountsOf(transaction).includes(filter.accountId)) &&
  (filter.channel === undefined || channelOf(transaction) === filter.channel);
