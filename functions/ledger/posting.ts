/** 记账: one balanced business event, and the laws that hold for it whatever stands in the books. */
import { createHash } from 'node:crypto';
import type { AccountingDate } from '../kernel/clock.ts';
import type { AccountId, InstitutionId, PostingId } from '../kernel/ids.ts';
import type { Currency, Money } from '../kernel/money.ts';
import { type BalanceKind, type Balances, noBalances, sameBalances } from './account.ts';
import type { Side } from './chart-of-accounts.ts';

interface PostingRules {
  /**
   * What makes it happen once: an item of its own (`posting`), the state of the payment or verification that it books (`payment`), or,
   * of what opens or changes an account and moves nothing, the number of its entry (`entry`).
   */
  readonly guard: 'posting' | 'payment' | 'entry';
  /** it books what has happened already, which no block of an account can undo */
  readonly afterTheFact: boolean;
}

const asked = { guard: 'posting', afterTheFact: false } as const;
const happened = { guard: 'posting', afterTheFact: true } as const;

/** Every kind of posting. */
export const postingRules = {
  account_opening: { guard: 'entry', afterTheFact: false },
  account_change: { guard: 'entry', afterTheFact: false },
  top_up: { guard: 'payment', afterTheFact: true },
  withdrawal_freeze: { guard: 'payment', afterTheFact: false },
  withdrawal_capture: { guard: 'payment', afterTheFact: true },
  withdrawal_release: { guard: 'payment', afterTheFact: true },
  payout_return: { guard: 'payment', afterTheFact: true },
  refund_freeze: { guard: 'payment', afterTheFact: false },
  refund_capture: { guard: 'payment', afterTheFact: true },
  refund_release: { guard: 'payment', afterTheFact: true },
  payment_charge: { guard: 'payment', afterTheFact: true },
  payment_revocation: { guard: 'payment', afterTheFact: false },
  transfer: asked,
  hold: asked,
  hold_capture: asked,
  hold_release: happened,
  reversal: asked,
  verification_cost: { guard: 'payment', afterTheFact: true },
  fee_charge: { guard: 'payment', afterTheFact: true },
  difference: happened,
  difference_reversal: happened,
  difference_resolution: asked,
  resolution_reversal: happened,
  settlement: happened,
  settlement_reversal: happened,
  opening: asked,
  adjustment: asked,
} as const satisfies Record<string, PostingRules>;

export type PostingType = keyof typeof postingRules;

export const postingTypes = Object.keys(postingRules) as [PostingType, ...PostingType[]]; // the table's own keys

/** What `changeAccount` and the opening of accounts write, and nobody posts. */
type TermsType = 'account_opening' | 'account_change';

export interface Leg {
  readonly accountId: AccountId;
  /** `fees` of settlement accounts only */
  readonly balance: BalanceKind;
  readonly side: Side;
  /** more than 0 */
  readonly amount: Money;
}

/** By what an internal transaction (内部交易), such as a transfer, is listed and shown. */
export interface Listing {
  readonly institutionId: InstitutionId;
  /** the institution's own number */
  readonly reference?: string | undefined;
  readonly amount: Money;
}

export interface NewPosting {
  readonly id: PostingId;
  readonly type: Exclude<PostingType, TermsType>;
  /** the day it is meant for, where that is not the open one: see {@link PostingFacts.belongsTo} */
  readonly belongsTo?: AccountingDate | undefined;
  /** what it is about: the id of a payment, a difference, a hold … */
  readonly transactionId?: string | undefined;
  readonly description?: string | undefined;
  /** the client that asked for it, where a person or a business did */
  readonly by?: string | undefined;
  readonly legs: readonly Leg[];
  /** the posting that this one corrects, whole or in part */
  readonly reverses?: PostingId | undefined;
  /** of a transfer between two accounts and of what takes one back; its legs then stand in the order from, to */
  readonly listing?: Listing | undefined;
}

/** What a posting and each of its entries say alike. */
export interface PostingFacts {
  readonly postingId: PostingId;
  readonly type: PostingType;
  /** 会计日: the business day in which it is booked */
  readonly accountingDate: AccountingDate;
  /** of a late posting, the earlier day that it was meant for */
  readonly belongsTo?: AccountingDate | undefined;
  readonly transactionId?: string | undefined;
  readonly description?: string | undefined;
  readonly by?: string | undefined;
  /** RFC 3339 in UTC, milliseconds */
  readonly postedAt: string;
}

/** What a posting does to one account, counted with debits positive, whatever the account's normal side is. */
export interface Move extends Balances {
  readonly accountId: AccountId;
  readonly currency: Currency;
}

/** Longer text would push an item past the KiB that a write is charged by. */
export const maximumDescription = 100;

/**
 * Nets the legs per account, since a transaction may touch an item once, and checks the posting's own laws, in this
 * order: there are legs; every amount is positive; an account has one currency; debits equal credits per currency;
 * something moves; the description is short.
 *
 * @throws RangeError for a broken law, which is a mistake of the calling code and nothing that a caller can cause.
 */
export function netLegs(posting: NewPosting): readonly Move[] {
  const broken = (law: string) => new RangeError(`posting ${posting.id}: ${law}`);
  if (posting.legs.length === 0) throw broken('has no legs');
  const moves = new Map<AccountId, Move>();
  const totals = new Map<Currency, bigint>();
  for (const { accountId, balance, side, amount } of posting.legs) {
    if (amount.amount <= 0n) throw broken('an amount is not positive');
    const debits = side === 'debit' ? amount.amount : -amount.amount;
    const move = moves.get(accountId) ?? { accountId, currency: amount.currency, ...noBalances };
    if (move.currency !== amount.currency) throw broken(`has two currencies on ${accountId}`);
    moves.set(accountId, { ...move, [balance]: move[balance] + debits });
    totals.set(amount.currency, (totals.get(amount.currency) ?? 0n) + debits);
  }
  for (const [currency, total] of totals) {
    if (total !== 0n) throw broken(`debits and credits of ${currency} differ by ${total}`);
  }
  const moving = [...moves.values()].filter((move) => !sameBalances(move, noBalances));
  if (moving.length === 0) throw broken('moves nothing');
  if ((posting.description?.length ?? 0) > maximumDescription) throw broken('the description is too long');
  return moving;
}

/**
 * What makes two postings of one id the same: the type, what it is about, what it reverses and what it moves. The date
 * and the words are left out, since a retry after midnight is still the same posting.
 *
 * @param moves one for each account, as {@link netLegs} gives them
 * @returns lower-case hex of the SHA-256 of the UTF-8 of a JSON array, documented in the ledger's README.
 */
export function contentHash(
  posting: Pick<NewPosting, 'transactionId' | 'reverses'> & { readonly type: PostingType },
  moves: readonly Move[],
): string {
  const sorted = moves
    .map((move) => [move.accountId, move.currency, `${move.available}`, `${move.frozen}`, `${move.fees}`])
    .sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
  const content = [posting.type, posting.transactionId ?? null, posting.reverses ?? null, sorted];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
