/**
 * 到账核对: what a channel says that it settled to our bank, and what the bank's statements show of it.
 *
 * | status | |
 * | --- | --- |
 * | `awaited` | nothing has come, and it need not have |
 * | `partly` | something has come |
 * | `arrived` | all of it, up to what the bank may have kept as charges |
 * | `overdue` | the last day for it is over: at the time of asking, never stored |
 * | `returned` | it came back to the channel |
 * | `withdrawn` | a corrected statement of the channel no longer shows it, and the bank's credits still stand against it |
 */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { ArrivalId, InstitutionId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import type { StatementDay } from '../statement-key.ts';

export const arrivalStatuses = ['awaited', 'partly', 'arrived', 'overdue', 'returned', 'withdrawn'] as const;

export type ArrivalStatus = (typeof arrivalStatuses)[number];

export interface Arrival {
  readonly id: ArrivalId;
  readonly institutionId: InstitutionId;
  /** the statement that tells of the settlement, and the version that told of it last */
  readonly settled: StatementDay;
  readonly settledVersion: number;
  /** minor units */
  readonly amount: bigint;
  readonly currency: Currency;
  /** the channel's numbers of the settlement, one of which may stand in the bank's text */
  readonly references: readonly string[];
  /** where it is awaited, and how it is known there: the rule as it stood when the settlement was told of */
  readonly rule: AwaitedAt;
  readonly dueOn: AccountingDate;
  /** credits of the bank that stand against it, and what the channel had back */
  readonly claims: readonly Share[];
  readonly returns: readonly Share[];
  readonly isWithdrawn: boolean;
}

export interface AwaitedAt {
  readonly bank: { readonly channel: string; readonly merchantNo: string };
  /** what the bank may have kept as charges, minor units */
  readonly tolerance: bigint;
  /** words by which the bank's text names the channel: credits without them are matched by reference alone */
  readonly payer?: string | undefined;
  /** how many of a reference's last characters the bank's text holds; all of them unless given */
  readonly referenceCharacters?: number | undefined;
}

/** What a line of a statement stands for. A line may stand for several arrivals. */
export interface Share {
  readonly day: AccountingDate;
  readonly version: number;
  readonly lineNumber: number;
  /** the bank's or the channel's number of it */
  readonly reference: string;
  /** minor units */
  readonly amount: bigint;
}

const sumOf = (shares: readonly Share[]): bigint => shares.reduce((sum, { amount }) => sum + amount, 0n);

export const arrivedOf = ({ claims }: Pick<Arrival, 'claims'>): bigint => sumOf(claims);

export const returnedOf = ({ returns }: Pick<Arrival, 'returns'>): bigint => sumOf(returns);

/** Below zero where more came than was settled, which only a corrected statement of the channel makes so. */
export const leftOf = (arrival: Pick<Arrival, 'amount' | 'claims' | 'returns'>): bigint =>
  arrival.amount - returnedOf(arrival) - arrivedOf(arrival);

type Facts = Pick<Arrival, 'amount' | 'claims' | 'returns' | 'rule' | 'isWithdrawn'>;

/** Whether something is still to come. */
export function isOpen(arrival: Facts): boolean {
  if (arrival.isWithdrawn) return false;
  const left = leftOf(arrival);
  return left > 0n && (arrival.claims.length === 0 || left > arrival.rule.tolerance);
}

/** What is still to come: charges that the bank has kept are not. */
export const outstandingOf = (arrival: Facts): bigint => (isOpen(arrival) ? leftOf(arrival) : 0n);

export function statusOf(arrival: Facts & Pick<Arrival, 'dueOn'>, today: AccountingDate): ArrivalStatus {
  if (arrival.isWithdrawn) return 'withdrawn';
  if (!isOpen(arrival)) return arrival.claims.length === 0 ? 'returned' : 'arrived';
  if (today > arrival.dueOn) return 'overdue';
  return arrival.claims.length > 0 ? 'partly' : 'awaited';
}
