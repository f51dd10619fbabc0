/** The checks of a new payment, in documented order, before anything is stored. */
import { channelCost, findChannel, merchantsOf } from '../channels/index.ts';
import type { AccountId, BindingId, InstitutionId } from '../kernel/ids.ts';
import { type Money, maximumMovedAmount } from '../kernel/money.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { lookUpAccount } from '../ledger/index.ts';
import { findBinding, findInstitution } from '../parties/index.ts';
import type { PaymentProduct } from './payment.ts';
import type { Payments } from './payments.ts';
import { type PaymentRoute, routesFor } from './routing.ts';

export type AdmissionRefusal =
  | 'amount_too_large'
  | 'institution_not_active'
  | 'not_found'
  | 'account_not_active'
  | 'currency_mismatch'
  | 'binding_mismatch'
  | 'binding_not_active'
  | 'no_channel_available';

export interface PaymentFacts {
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly bindingId: BindingId;
  readonly amount: Money;
  readonly product: PaymentProduct;
}

/**
 * Where the payment may go, first choice first. 4 read units: institution, account, binding, merchant numbers.
 *
 * The account is looked at before a channel is asked; its block or closing may still come in between, and then a top-up
 * is booked all the same, since the money has come, while a withdrawal's freeze is refused.
 */
export async function admitPayment(
  { parties, channels, ledger }: Pick<Payments, 'parties' | 'channels' | 'ledger'>,
  { institutionId, accountId, bindingId, amount, product }: PaymentFacts,
): Promise<readonly [PaymentRoute, ...PaymentRoute[]] | Refusal<AdmissionRefusal>> {
  if (amount.amount > maximumMovedAmount) {
    return refuse('amount_too_large', `A payment may be at most ${maximumMovedAmount} minor units.`);
  }
  const [institution, account, binding, merchants] = await Promise.all([
    findInstitution(parties, institutionId),
    lookUpAccount(ledger, accountId),
    findBinding(parties, bindingId),
    merchantsOf(channels, institutionId),
  ]);
  if (institution?.status !== 'active') {
    return refuse('institution_not_active', 'The institution is not active.');
  }
  if (account?.institutionId !== institutionId || account.kind !== 'member') {
    return refuse('not_found', 'There is no such member account.');
  }
  const open = account.status === 'active' || (account.status === 'debit_blocked' && product !== 'payout');
  if (!open) return refuse('account_not_active', `The member account is ${account.status.replace('_', ' ')}.`);
  if (account.currency !== amount.currency) {
    return refuse('currency_mismatch', `The account is kept in ${account.currency}.`);
  }
  if (binding?.institutionId !== institutionId) return refuse('not_found', 'There is no such card binding.');
  if (binding.accountId !== accountId) {
    return refuse('binding_mismatch', 'The card is bound to another account.');
  }
  if (binding.status !== 'active') return refuse('binding_not_active', `The card binding is ${binding.status}.`);

  const [first, ...others] = routesFor({
    product,
    amount,
    merchants,
    agreements: binding.agreements,
    findChannel: (id) => findChannel(channels, id),
    costOf: (channel, sold, minorUnits) => channelCost(channel, sold, minorUnits),
  });
  return first
    ? [first, ...others]
    : refuse('no_channel_available', `No channel of the institution offers ${product} for this card and currency.`);
}
