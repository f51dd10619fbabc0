/**
 * Speaks to Stripe for the center, in Stripe's words by its own SDK.
 *
 * | ours               | Stripe's                                                                              |
 * | ------------------ | ------------------------------------------------------------------------------------- |
 * | withholding        | a PaymentIntent without the payer (`off_session`), on agreement `cus_…/pm_…`          |
 * | quick payment      | a PaymentIntent with the payer, who may be sent to his bank (3-D Secure)              |
 * | personal e-banking | a Checkout Session: Stripe's page, until the order expires (30 minutes to a day)      |
 * | payout             | a transfer to the connected account `acct_…` of the agreement                         |
 * | refund             | a Refund of the PaymentIntent                                                         |
 *
 * Our order number is the idempotency key. Stripe keeps a key for a day at least: under it nothing happens twice, and
 * another request is an error. So an order that has not arrived is closed by using its number up: a PaymentIntent
 * that nobody can pay is made under it. If the order has arrived after all, that is the error that tells.
 */
import {
  adapterWith,
  type ChannelAdapter,
  type ChannelResult,
  type MerchantReference,
  type PayoutOrder,
  type RefundOrder,
} from '../channel-adapter.ts';
import { askStripe, openAccount, type StripeAccount, type StripeDependencies, unknown } from './stripe-account.ts';
import { isAnswerTo, sayNo, stripeMoney } from './stripe-answers.ts';
import { parseStripeCallback } from './stripe-callback.ts';
import { closeOrder } from './stripe-close.ts';
import { collect } from './stripe-collections.ts';
import { findOrder } from './stripe-lookup.ts';
import {
  metadataOf,
  refundSchema,
  refusedBy,
  stateOfRefund,
  stateOfTransfer,
  transferSchema,
} from './stripe-objects.ts';
import { readReserve } from './stripe-reserve.ts';

/** @throws (each operation) Error where the credentials can't be read: nothing was sent then */
export function stripeAdapter(dependencies: StripeDependencies): ChannelAdapter {
  const within = async <Result, Otherwise>(
    merchant: MerchantReference,
    otherwise: Otherwise,
    work: (account: StripeAccount) => Promise<Result>,
  ): Promise<Result | Otherwise> => {
    const account = await openAccount(dependencies, merchant);
    return account ? work(account) : otherwise;
  };
  const { clock } = dependencies;

  return adapterWith({
    collect: (order) => within(order, notSent, (account) => collect(account, order)),
    payout: (order) => within(order, notSent, (account) => transfer(account, order)),
    refund: (order) => within(order, notSent, (account) => giveBack(account, order)),
    query: (reference) =>
      within(reference, notAsked, async (account) => {
        const found = await findOrder(account, reference, clock);
        return found.found === 'nothing' ? { outcome: 'not_found' } : found.state;
      }),
    cancel: (reference) => within(reference, notAsked, (account) => closeOrder(account, reference, clock)),
    queryReserve: (merchant) => within(merchant, notAsked, readReserve),
    parseCallback: (message) => parseStripeCallback(dependencies, message),
  });
}

/** Without credentials nothing is sent; what was sent while there were some can't be asked about. */
const notSent = { outcome: 'refused', reason: 'no_credentials', retryElsewhere: true } as const;
const notAsked = unknown('the merchant number has no credentials');

async function transfer(account: StripeAccount, order: PayoutOrder): Promise<ChannelResult> {
  if (!/^acct_\w{1,64}$/.test(order.agreementNo)) return refusedBy('agreement_unknown');
  const answer = await askStripe(account, transferSchema.refine(isAnswerTo(order)), (stripe) =>
    stripe.transfers.create(
      {
        ...stripeMoney(order),
        destination: order.agreementNo,
        transfer_group: order.channelOrderNo,
        metadata: metadataOf(order, 'payout'),
      },
      { idempotencyKey: order.channelOrderNo },
    ),
  );
  return answer.outcome === 'answered' ? stateOfTransfer(answer.body) : sayNo(answer, 'payout');
}

async function giveBack(account: StripeAccount, order: RefundOrder): Promise<ChannelResult> {
  const { amount } = stripeMoney(order); // in the currency of the payment, says Stripe
  const answer = await askStripe(account, refundSchema.refine(isAnswerTo(order)), (stripe) =>
    stripe.refunds.create(
      { payment_intent: order.original.channelTradeNo, amount, metadata: metadataOf(order, 'refund') },
      { idempotencyKey: order.channelOrderNo },
    ),
  );
  return answer.outcome === 'answered' ? stateOfRefund(answer.body) : sayNo(answer, 'refund');
}
