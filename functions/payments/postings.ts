/**
 * How each step of a payment is booked. For an amount A, a channel fee f that the institution bears (negative where a
 * refund gives it back) and a charge c of ours, which is frozen with A where the member pays it. What comes out below zero
 * stands on the other side: a flat fee may be more than the amount.
 *
 * | step | debit | credit |
 * | --- | --- | --- |
 * | top_up | settlement pending A − f, its fees f | account available A |
 * | freeze | account available A + c | account frozen A + c |
 * | capture | account frozen A, settlement fees f | settlement pending A + f |
 * | release | account frozen A + c | account available A + c |
 * | return | settlement pending A | account available A |
 * | charge | account c, of a freeze frozen, else available; or the institution's receivables c | fee income c |
 * | revocation | what success and charge credited | what they debited, of what was frozen the available balance |
 */
import { type AccountId, idFrom, type PaymentId, type PostingId } from '../kernel/ids.ts';
import { type Money, money } from '../kernel/money.ts';
import { type Leg, type NewPosting, type PostingType, settlementCompanions } from '../ledger/index.ts';
import { type Charge, freezesFirst, type Payment } from './payment.ts';

type Step =
  | 'success'
  | 'freeze'
  | 'release'
  | `charge_${Charge['payer']}`
  | 'freeze_again'
  | 'revocation'
  | `revocation_${Charge['payer']}`;

/**
 * The same step of the same payment is the same posting, whoever books it, and so is booked once.
 *
 * @param round 1, and one more each time that people have taken its success back
 */
export const postingIdOf = (paymentId: PaymentId, step: Step, round = 1): PostingId =>
  round === 1 ? idFrom('post', paymentId, step) : idFrom('post', paymentId, step, `${round}`);

/** In which round a payment is now. */
export const roundOf = ({ history }: Pick<Payment, 'history'>): number =>
  1 + history.filter(({ event }) => event === 'revoke').length;

const successTypes = {
  top_up: 'top_up',
  withdrawal: 'withdrawal_capture',
  refund: 'refund_capture',
  return: 'payout_return',
} as const satisfies Record<Payment['kind'], PostingType>;

/** What books a payment's success: its own posting and, where we charge for it, that of the charge. */
export const successPostings = (payment: Payment, round = roundOf(payment)): readonly NewPosting[] => [
  posting(payment, { step: 'success', round, type: successTypes[payment.kind], legs: successLegs(payment) }),
  ...chargesOf(payment).map(({ payer, legs }) =>
    posting(payment, { step: `charge_${payer}`, round, type: 'payment_charge', legs }),
  ),
];

function successLegs(payment: Payment): readonly Leg[] {
  const { pending } = settlementCompanions(payment.settlementAccountId);
  const { amount, currency } = payment.amount;
  const fee = payment.fee.amount;
  const charged = legs('fees', 'debit', pending, payment.fee);
  switch (payment.kind) {
    case 'top_up':
      return [
        ...legs('available', 'debit', pending, money(amount - fee, currency)),
        ...charged,
        ...legs('available', 'credit', payment.accountId, payment.amount),
      ];
    case 'withdrawal':
    case 'refund':
      return [
        ...legs('frozen', 'debit', payment.accountId, payment.amount),
        ...charged,
        ...legs('available', 'credit', pending, money(amount + fee, currency)),
      ];
    case 'return':
      return [
        ...legs('available', 'debit', pending, payment.amount),
        ...legs('available', 'credit', payment.accountId, payment.amount),
      ];
  }
}

function chargesOf(payment: Payment) {
  const { feeIncome, feesReceivable } = settlementCompanions(payment.settlementAccountId);
  return (payment.charges ?? []).map(({ amount, payer }) => {
    const charge = money(amount, payment.amount.currency);
    const debited =
      payer === 'institution'
        ? legs('available', 'debit', feesReceivable, charge)
        : legs(freezesFirst(payment) ? 'frozen' : 'available', 'debit', payment.accountId, charge);
    return { payer, legs: [...debited, ...legs('available', 'credit', feeIncome, charge)] };
  });
}

/** What a member's payment puts aside: the amount, and the charge that the member pays. */
export function frozenOf({ amount, charges = [] }: Pick<Payment, 'amount' | 'charges'>): Money {
  const charged = charges.find(({ payer }) => payer === 'member')?.amount ?? 0n;
  return money(amount.amount + charged, amount.currency);
}

/** Puts a withdrawal's or refund's amount aside before the channel is asked. */
export const freezePosting = (payment: Payment): NewPosting => ({
  ...posting(payment, {
    step: 'freeze',
    type: payment.kind === 'refund' ? 'refund_freeze' : 'withdrawal_freeze',
    legs: [
      ...legs('available', 'debit', payment.accountId, frozenOf(payment)),
      ...legs('frozen', 'credit', payment.accountId, frozenOf(payment)),
    ],
  }),
  // of two requests with one reference each has its own freeze, and the payment's own condition lets one of them through
  id: idFrom('post', payment.id, 'freeze', payment.operationId),
});

/** Gives back what a failed withdrawal or refund had put aside. */
export const releasePosting = (payment: Payment): NewPosting =>
  posting(payment, {
    step: 'release',
    type: payment.kind === 'refund' ? 'refund_release' : 'withdrawal_release',
    legs: [
      ...legs('frozen', 'debit', payment.accountId, frozenOf(payment)),
      ...legs('available', 'credit', payment.accountId, frozenOf(payment)),
    ],
  });

/** What books that a payment succeeded after it had failed: a payout's amount, given back by then, is frozen once more. */
export const repairPostings = (payment: Payment, round = roundOf(payment)): readonly NewPosting[] => [
  ...(freezesFirst(payment) ? [{ ...freezePosting(payment), id: postingIdOf(payment.id, 'freeze_again', round) }] : []),
  ...successPostings(payment, round),
];

/** Takes a success back, and what we charged for it. */
export const revocationPostings = (payment: Payment, round = roundOf(payment)): readonly NewPosting[] => [
  posting(payment, {
    step: 'revocation',
    round,
    type: 'payment_revocation',
    legs: successLegs(payment).map(takenBack),
  }),
  ...chargesOf(payment).map(({ payer, legs }) =>
    posting(payment, { step: `revocation_${payer}`, round, type: 'payment_revocation', legs: legs.map(takenBack) }),
  ),
];

const takenBack = (leg: Leg): Leg => ({
  ...leg,
  balance: leg.balance === 'frozen' ? 'available' : leg.balance,
  side: leg.side === 'debit' ? 'credit' : 'debit',
});

const posting = (
  payment: Payment,
  facts: {
    readonly step: Step;
    readonly round?: number;
    readonly type: NewPosting['type'];
    readonly legs: readonly Leg[];
  },
): NewPosting => ({
  id: postingIdOf(payment.id, facts.step, facts.round),
  type: facts.type,
  transactionId: payment.id,
  legs: facts.legs,
});

/**
 * One leg; on the other side where it is below zero, as a fee that is given back and what is left of an amount that is
 * smaller than its fee. None where there is nothing to book: an amount of one 分 carries no fee.
 */
function legs(balance: Leg['balance'], side: Leg['side'], accountId: AccountId, amount: Money): readonly Leg[] {
  if (amount.amount === 0n) return [];
  if (amount.amount > 0n) return [{ accountId, balance, side, amount }];
  const otherSide = side === 'debit' ? 'credit' : 'debit';
  return [{ accountId, balance, side: otherSide, amount: money(-amount.amount, amount.currency) }];
}
