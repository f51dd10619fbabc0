/** 待对账 → 已对账, and back. */
import type { AccountId } from '../kernel/ids.ts';
import { type Money, money } from '../kernel/money.ts';
import { type Leg, settlementCompanions } from '../ledger/index.ts';

/** @param moved what goes from pending to reconciled; below zero the other way */
export function settlementLegs(settlementAccountId: AccountId, moved: Money): readonly Leg[] {
  const { pending, reconciled } = settlementCompanions(settlementAccountId);
  const inward = moved.amount > 0n;
  const amount = money(inward ? moved.amount : -moved.amount, moved.currency);
  return [
    { accountId: reconciled, balance: 'available', side: inward ? 'debit' : 'credit', amount },
    { accountId: pending, balance: 'available', side: inward ? 'credit' : 'debit', amount },
  ];
}
