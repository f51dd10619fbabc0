/**
 * What of a difference is an account's and what the channel's fee: the pending balance moves by the net of the two, and
 * the account gets or gives the gross, as a payment would have booked it.
 *
 * | difference | gross | fee |
 * | --- | --- | --- |
 * | `missing_in_books`, `duplicate`, `returned` | the line's amount | the line's |
 * | `missing_at_channel`, `status_mismatch` of a success here | our amount taken back | ours given back |
 * | `status_mismatch` of a success there | our amount | ours |
 * | `amount_mismatch` | theirs − ours | none: another fee is a difference of its own |
 * | `amount_mismatch` of another currency | our amount taken back | ours given back |
 *
 * With the signs of a collection; money that goes out has those of the gross turned round.
 */
import type { Currency } from '../../kernel/money.ts';
import type { DifferenceFacts } from '../difference.ts';

/** Minor units. */
export interface GrossAndFee {
  /** what an account is credited with; debited where it is below zero */
  readonly gross: bigint;
  /** what the settlement account's fees are debited with; gross − fee is what is held in suspense */
  readonly fee: bigint;
}

export interface DifferenceInCurrency {
  readonly facts: DifferenceFacts;
  /** of the settlement account */
  readonly currency: Currency;
}

/** Both 0 for money in another currency, which moves nothing. */
export function grossAndFeeOf({ facts, currency }: DifferenceInCurrency): GrossAndFee {
  const fee = feeOf(facts, currency);
  return { gross: facts.adjustment + fee, fee };
}

function feeOf({ type, ours, theirs }: DifferenceFacts, currency: Currency): bigint {
  switch (type) {
    case 'missing_in_books':
    case 'duplicate':
    case 'returned':
      return theirs?.currency === currency ? theirs.fee : 0n;
    case 'missing_at_channel':
      return -(ours?.fee ?? 0n);
    case 'status_mismatch':
      return ours?.status === 'failed' ? ours.fee : -(ours?.fee ?? 0n);
    case 'amount_mismatch':
      return ours && theirs?.currency !== currency ? -ours.fee : 0n;
    case 'fee_mismatch':
      return 0n;
  }
}
