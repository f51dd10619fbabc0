/**
 * How resolutions are booked. A difference that moved pending by a holds a in suspense on the other side; with the signs of
 * a turned round where it is below zero:
 *
 * | resolution | debit | credit |
 * | --- | --- | --- |
 * | `write_off` | suspense a | write-off a |
 * | `adjust_fee` | suspense a | the settlement account's fees a |
 * | `credit_account`, `debit_account` | suspense a, the settlement account's fees f | the account a + f |
 * | `offset` | suspense a | suspense of the other one a; nothing between two on one account |
 * | `complete_payment`, `fail_payment`, `return_payout` | suspense a | pending a: its posting is reversed, and the payment books its own |
 *
 * f is the fee that the channel took of it, so that an account gets or gives the gross ({@link GrossAndFee}). What comes out
 * below zero stands on the other side.
 */
import type { AccountId } from '../../kernel/ids.ts';
import { type Currency, money } from '../../kernel/money.ts';
import { type Leg, settlementCompanions } from '../../ledger/index.ts';
import { type DifferenceFacts, suspenseTypeOf } from '../difference.ts';
import type { GrossAndFee } from './gross-and-fee.ts';

export interface Held {
  readonly facts: Pick<DifferenceFacts, 'type' | 'adjustment'>;
  readonly settlementAccountId: AccountId;
  readonly currency: Currency;
}

export const suspenseAccountOf = ({ facts, settlementAccountId }: Omit<Held, 'currency'>): AccountId =>
  settlementCompanions(settlementAccountId).suspense[suspenseTypeOf(facts.type)];

/** Where what a difference holds goes. */
export interface ClearingTarget {
  readonly accountId: AccountId;
  readonly balance: Leg['balance'];
  /** left out: it gets what is held, and the fees nothing */
  readonly moves?: GrossAndFee | undefined;
}

/** Moves what a difference holds out of suspense; none where nothing moves. */
export function clearingLegs(held: Held, { moves, ...target }: ClearingTarget): readonly Leg[] {
  const { adjustment } = held.facts;
  const { gross, fee } = moves ?? { gross: adjustment, fee: 0n };
  const from = suspenseAccountOf(held);
  if (from === target.accountId) return [];
  return [
    ...debit({ accountId: from, balance: 'available' }, adjustment, held),
    ...debit({ accountId: held.settlementAccountId, balance: 'fees' }, fee, held),
    ...debit(target, -gross, held),
  ];
}

/** One leg, a credit where it is below zero; none of nothing. */
function debit(
  target: Omit<ClearingTarget, 'moves'>,
  amount: bigint,
  { currency }: Pick<Held, 'currency'>,
): readonly Leg[] {
  if (amount === 0n) return [];
  return amount > 0n
    ? [{ ...target, side: 'debit', amount: money(amount, currency) }]
    : [{ ...target, side: 'credit', amount: money(-amount, currency) }];
}

export const oppositeLegs = (legs: readonly Leg[]): readonly Leg[] =>
  legs.map((leg) => ({ ...leg, side: leg.side === 'debit' ? 'credit' : 'debit' }));
