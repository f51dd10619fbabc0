/** Closes an order at Stripe, whether it has arrived or not. */
import type { Clock } from '../../kernel/clock.ts';
import type { ChannelOrderReference, ChannelResult } from '../channel-adapter.ts';
import { askStripe, type StripeAccount, unknown } from './stripe-account.ts';
import { isFor } from './stripe-answers.ts';
import { findOrder } from './stripe-lookup.ts';
import {
  closedMark,
  metadataOf,
  paymentIntentSchema,
  refusedBy,
  sessionSchema,
  stateOfPaymentIntent,
  stateOfSession,
} from './stripe-objects.ts';

export async function closeOrder(
  account: StripeAccount,
  reference: ChannelOrderReference,
  clock: Clock,
): Promise<ChannelResult> {
  const found = await findOrder(account, reference, clock);
  if (found.found === 'nothing') return useUp(account, reference);
  if (found.state.outcome === 'not_found') return unknown('found and not found');
  if (found.state.outcome !== 'awaiting_payer') return found.state;
  if (found.found === 'page') {
    const answer = await askStripe(account, sessionSchema.refine(isFor(reference)), (stripe) =>
      stripe.checkout.sessions.expire(found.id),
    );
    const state = answer.outcome === 'answered' ? stateOfSession(answer.body) : unknown('the page could not be closed');
    return 'reason' in state || state.outcome === 'unknown' ? state : unknown('the page is not closed');
  }
  if (found.found === 'payment') {
    const answer = await askStripe(account, paymentIntentSchema.refine(isFor(reference)), (stripe) =>
      stripe.paymentIntents.cancel(found.id),
    );
    const state =
      answer.outcome === 'answered' ? stateOfPaymentIntent(answer.body) : unknown('it could not be canceled');
    return 'reason' in state || state.outcome === 'unknown' ? state : unknown('it is not canceled');
  }
  return unknown('an order that waits for somebody');
}

/** A PaymentIntent that is not confirmed moves no money, and nobody has what confirms it. */
async function useUp(account: StripeAccount, reference: ChannelOrderReference): Promise<ChannelResult> {
  const answer = await askStripe(account, paymentIntentSchema.refine(isFor(reference)), (stripe) =>
    stripe.paymentIntents.create(
      {
        amount: 1_000, // above every currency's smallest payment, since nothing comes of it
        currency: account.credentials.currency.toLowerCase(),
        metadata: { ...metadataOf(reference, reference.kind), ...closedMark },
      },
      { idempotencyKey: reference.channelOrderNo },
    ),
  );
  if (answer.outcome === 'answered') return refusedBy('order_closed');
  if (answer.outcome === 'unknown') return answer;
  return unknown(
    answer.by === 'used_number' ? 'it has arrived and can not be found yet' : `it could not be closed: ${answer.code}`,
  );
}
