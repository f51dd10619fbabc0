/** What the arrival check of a bank statement takes and gives. */
import { type AccountingDate, addDays } from '../../kernel/clock.ts';
import type { ArrivalId } from '../../kernel/ids.ts';
import { type Arrival, leftOf } from './arrival.ts';

export interface AwaitedArrival extends Pick<Arrival, 'id' | 'currency' | 'references' | 'rule'> {
  /** minor units, more than zero */
  readonly left: bigint;
  /** days on which a credit may be matched without naming it */
  readonly from: AccountingDate;
  readonly until: AccountingDate;
}

/** A credit that names no settlement is looked at for so many days after the last one on which it should have come. */
const lateDays = 10;

export const asAwaited = (arrival: Arrival): AwaitedArrival => ({
  ...arrival,
  left: leftOf(arrival),
  // the two may keep their days by different clocks
  from: addDays(arrival.settled.date, -1),
  until: addDays(arrival.dueOn, lateDays),
});

/** A part of a credit that stands for an arrival: the parts of a credit add up to it. */
export interface ClaimedShare {
  readonly lineNumber: number;
  readonly arrivalId: ArrivalId;
  readonly amount: bigint;
}

export const unclearReasons = [
  /** it names a settlement, and the amounts don't fit */
  'amount_of_reference',
  /** two ways of matching it fit equally */
  'ambiguous',
  /** too many ways would have to be looked through */
  'too_many_ways',
] as const;

export type UnclearReason = (typeof unclearReasons)[number];

export interface UnclearCredit {
  readonly lineNumber: number;
  readonly reason: UnclearReason;
}

export interface ArrivalClaims {
  readonly shares: readonly ClaimedShare[];
  readonly unclear: readonly UnclearCredit[];
}
