/**
 * 差异: what does not match, as a value that follows from the two sides alone.
 *
 * | type | when | moves the settlement account's pending balance by |
 * | --- | --- | --- |
 * | `missing_in_books` 长款 | a successful line that we don't expect | the line's net |
 * | `missing_at_channel` 短款 | a success of ours without a line | minus our net |
 * | `status_mismatch` | a successful line of a payment that failed | our net, had it succeeded |
 * | | a failed or revoked line of a payment that succeeded | minus our net |
 * | `amount_mismatch` | another amount, or another currency | theirs minus ours; of another currency minus our net |
 * | `fee_mismatch` | another fee | ours minus theirs |
 * | `duplicate` | a further successful line of the same order, or of a payment that another day has shown | the line's net |
 * | `returned` 退票 | a payout that came back | the line's net |
 *
 * The net is what an order does to the money at the channel ({@link netOf}). All differences of an order together move
 * the pending balance from what we booked to what the channel reports; the other leg is the suspense account of the
 * type, so that open cases add up to that account's balance.
 */
import { createHash } from 'node:crypto';
import type { AccountingDate } from '../kernel/clock.ts';
import { type AccountId, type DifferenceId, idFrom, type PaymentId, type PostingId } from '../kernel/ids.ts';
import { type Currency, money } from '../kernel/money.ts';
import { type Leg, type SuspenseType, settlementCompanions } from '../ledger/index.ts';
import type { DifferenceType } from './difference-types.ts';
import type { LineKind, LineStatus } from './statement-line.ts';

export interface DifferenceFacts {
  readonly type: DifferenceType;
  readonly kind: LineKind;
  /** names the order within its day: the kind, a reference and, of a duplicate, which one it is */
  readonly key: string;
  readonly paymentId?: PaymentId | undefined;
  /** absent where there is no line */
  readonly lineNumber?: number | undefined;
  readonly ours?: OwnSide | undefined;
  readonly theirs?: ChannelSide | undefined;
  /** what the pending balance moves by, minor units of the settlement account's currency, a debit positive */
  readonly adjustment: bigint;
  /** the day from which it waited for its counterpart in vain */
  readonly carriedFrom?: AccountingDate | undefined;
  /** of a line that is one too many: the other day whose statement has shown the payment */
  readonly shownOn?: AccountingDate | undefined;
}

export interface OwnSide {
  readonly channelOrderNo: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly currency: Currency;
  readonly status: 'succeeded' | 'failed';
}

export interface ChannelSide {
  readonly ourReference: string;
  readonly channelReference: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly currency: Currency;
  readonly status: LineStatus;
  /** of a bank's line: by what it may be known as a settlement that is told of later */
  readonly remittance?: string | undefined;
}

/** Duplicates are money that our books lack, so they share an account with it. */
export const suspenseTypeOf = (type: DifferenceType): SuspenseType =>
  type === 'duplicate' ? 'missing_in_books' : type;

/** The same difference of the same day has the same id in every run and every version. */
export const differenceIdOf = (
  settlementAccountId: AccountId,
  date: string,
  { key, type }: Pick<DifferenceFacts, 'key' | 'type'>,
): DifferenceId => idFrom('diff', settlementAccountId, date, key, type);

/**
 * Whether a version shows the same difference or another one of the same id: by what its type compares and by what it moves. Neither a
 * line that stands elsewhere in a corrected file nor a neighbour that was repaired makes it another one: an amount that differs is the
 * same difference after its payment was completed, or after the fee was corrected. What stands on one side alone is all of that side.
 */
export function digestOf({ type, kind, key, ours, theirs, adjustment }: DifferenceFacts): string {
  const facts = [type, kind, key, ...comparedBy(type, { ours, theirs }), `${adjustment}`];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

type Sides = Pick<DifferenceFacts, 'ours' | 'theirs'>;

function comparedBy(type: DifferenceType, { ours, theirs }: Sides): readonly unknown[] {
  switch (type) {
    case 'missing_in_books':
    case 'duplicate':
    case 'returned':
      return [theirs && [theirs.ourReference, theirs.channelReference, ...moneyOf(theirs)]];
    case 'missing_at_channel':
      return [ours && moneyOf(ours)];
    case 'status_mismatch':
      return [ours && [ours.status, ...moneyOf(ours)], theirs && theirs.status === 'succeeded'];
    case 'amount_mismatch':
      return [ours, theirs].map((side) => side && [`${side.amount}`, side.currency]);
    case 'fee_mismatch':
      // of no order of ours, or of a whole day, it stands on one side
      return [ours, theirs].map((side) => side && [`${side.fee}`, side.currency]);
  }
}

const moneyOf = ({ amount, fee, currency }: OwnSide | ChannelSide) => [`${amount}`, `${fee}`, currency];

/** The posting of a difference as a version of the statement opened it: one that vanished and came back is posted anew. */
export const differencePostingId = (id: DifferenceId, openedIn: number): PostingId => idFrom('post', id, `${openedIn}`);

export const reversalPostingId = (id: DifferenceId, openedIn: number): PostingId =>
  idFrom('post', id, `${openedIn}`, 'reversal');

interface Booking {
  readonly type: DifferenceType;
  readonly adjustment: bigint;
  readonly settlementAccountId: AccountId;
  readonly currency: Currency;
}

/** @returns no legs where nothing moves, such as of a line in another currency that we don't expect at all. */
export function differenceLegs({ type, adjustment, settlementAccountId, currency }: Booking): readonly Leg[] {
  if (adjustment === 0n) return [];
  const { pending, suspense } = settlementCompanions(settlementAccountId);
  const amount = money(adjustment < 0n ? -adjustment : adjustment, currency);
  const [debited, credited] =
    adjustment > 0n ? [pending, suspense[suspenseTypeOf(type)]] : [suspense[suspenseTypeOf(type)], pending];
  return [
    { accountId: debited, balance: 'available', side: 'debit', amount },
    { accountId: credited, balance: 'available', side: 'credit', amount },
  ];
}

export const reversalLegs = (booking: Booking): readonly Leg[] =>
  differenceLegs({ ...booking, adjustment: -booking.adjustment });
