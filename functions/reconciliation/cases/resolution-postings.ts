/**
 * How resolutions are booked. A difference that moved pending by a holds a in suspense on the other side; with the signs of
 * a turned round where it is below zero:
 *
 * | resolution | debit | credit |
 * | --- | --- | --- |
 * | `write_off` | suspense a | write-off a |
 * | `adjust_fee` | suspense a | the settlement account's fees a |
 * | `credit_account`, `debit_account` | suspense a | the account a |
 * | `offset` | suspense a | suspense of the other one a; nothing between two on one account |
 * | `complete_payment`, `fail_payment` | suspense a | pending a: its posting is reversed, and the payment books its own |
 */
import type { AccountId } from '../../kernel/ids.ts';
import { type Currency, money } from '../../kernel/money.ts';
import { type Leg, settlementCompanions } from '../../ledger/index.ts';
import { type DifferenceFacts, suspenseTypeOf } from '../difference.ts';

export interface Held {
  readonly facts: Pick<DifferenceFacts, 'type' | 'adjustment'>;
  readonly settlementAccountId: AccountId;
  readonly currency: Currency;
}

export const suspenseAccountOf = ({ facts, settlementAccountId }: Omit<Held, 'currency'>): AccountId =>
  settlementCompanions(settlementAccountId).suspense[suspenseTypeOf(facts.type)];

/** Moves what a difference holds out of suspense; none where it holds nothing. */
export function clearingLegs(
  held: Held,
  target: { readonly accountId: AccountId; readonly balance: Leg['balance'] },
): readonly Leg[] {
  const { adjustment } = held.facts;
  const from = suspenseAccountOf(held);
  if (adjustment === 0n || from === target.accountId) return [];
  const amount = money(adjustment < 0n ? -adjustment : adjustment, held.currency);
  const [suspenseSide, targetSide] = adjustment > 0n ? (['debit', 'credit'] as const) : (['credit', 'debit'] as const);
  return [
    { accountId: from, balance: 'available', side: suspenseSide, amount },
    { ...target, side: targetSide, amount },
  ];
}

export const oppositeLegs = (legs: readonly Leg[]): readonly Leg[] =>
  legs.map((leg) => ({ ...leg, side: leg.side === 'debit' ? 'credit' : 'debit' }));
