/** What the book of an account shows of an order: what it moved, and its charge as a movement of its own. */
import type { FactoryLine } from './labelled-day.ts';
import { magnitude } from './statement-writer.ts';

export interface Movement {
  readonly side: 'credit' | 'debit';
  /** minor units, not negative */
  readonly amount: bigint;
  readonly isCharge: boolean;
  readonly unreadable: boolean;
}

/**
 * A channel that lists an order twice charges it once or twice, and of a line that can't be read the charge stands there or not: by turns,
 * as its amount is even or odd.
 */
export function movementsOf({ kind, amount, fee, repeated, unreadable }: FactoryLine): readonly Movement[] {
  const moved: Movement = { side: kind === 'collection' ? 'credit' : 'debit', amount, isCharge: false, unreadable };
  const isCharged = (!repeated && !unreadable) || amount % 2n === 1n;
  if (fee === 0n || !isCharged) return [moved];
  const charge: Movement = {
    side: fee < 0n ? 'credit' : 'debit',
    amount: magnitude(fee),
    isCharge: true,
    unreadable: false,
  };
  return [moved, charge];
}

export const signedAmount = ({ side, amount }: Pick<Movement, 'side' | 'amount'>): bigint =>
  side === 'credit' ? amount : -amount;

/** Number and sum of what moved to one side; what can't be read is counted, and adds nothing. */
export interface SideTotals {
  count: number;
  sum: bigint;
}

export interface AccountTotals {
  readonly credit: SideTotals;
  readonly debit: SideTotals;
}

export const noMovements = (): AccountTotals => ({ credit: { count: 0, sum: 0n }, debit: { count: 0, sum: 0n } });

export function addMovement(totals: AccountTotals, { side, amount, unreadable }: Movement): void {
  totals[side].count += 1;
  if (!unreadable) totals[side].sum += amount;
}
