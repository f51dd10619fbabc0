/**
 * What a channel's verdict costs, and what the institution is charged for it, each a posting of its own:
 *
 * | posting | debit | credit |
 * | --- | --- | --- |
 * | verification_cost | the merchant number's fees | fees payable: the channel bills it later |
 * | fee_charge | fees receivable: the institution owes it | fee income |
 */
import { idFrom } from '../../kernel/ids.ts';
import { type NewPosting, settlementCompanions } from '../../ledger/index.ts';
import type { Verification } from './verification.ts';
import { isVerdict } from './verification-states.ts';

/** The postings of a verification that has its verdict; none for what costs nothing. */
export function chargesOf(
  verification: Pick<Verification, 'id' | 'route' | 'cost' | 'fee' | 'history'>,
): readonly NewPosting[] {
  const { id, route, cost, fee, history } = verification;
  if (!route || !history.some(({ event }) => isVerdict(event))) return [];
  const { pending, feesPayable, feesReceivable, feeIncome } = settlementCompanions(route.settlementAccountId);
  const postings: readonly NewPosting[] = [
    {
      id: idFrom('post', id, 'cost'),
      type: 'verification_cost',
      transactionId: id,
      legs: [
        { accountId: pending, balance: 'fees', side: 'debit', amount: cost },
        { accountId: feesPayable, balance: 'available', side: 'credit', amount: cost },
      ],
    },
    {
      id: idFrom('post', id, 'fee'),
      type: 'fee_charge',
      transactionId: id,
      legs: [
        { accountId: feesReceivable, balance: 'available', side: 'debit', amount: fee },
        { accountId: feeIncome, balance: 'available', side: 'credit', amount: fee },
      ],
    },
  ];
  return postings.filter(({ legs }) => legs.every(({ amount }) => amount.amount > 0n));
}
