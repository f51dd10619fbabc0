/** Money in by Stripe: from a saved payment method, or from whoever comes to Stripe's page. */
import type { CollectOrder, CollectResult } from '../channel-adapter.ts';
import { askStripe, type StripeAccount, unknown } from './stripe-account.ts';
import { isAnswerTo, isFor, sayNo, stripeMoney } from './stripe-answers.ts';
import {
  metadataOf,
  pageMark,
  paymentIntentSchema,
  refusedBy,
  sessionSchema,
  stateOfPaymentIntent,
} from './stripe-objects.ts';

const notOffered = { outcome: 'refused', reason: 'not_offered', retryElsewhere: true } as const;

const agreementPattern = /^(cus_\w{1,64})\/(\w{1,64})$/;

export function collect(account: StripeAccount, order: CollectOrder): Promise<CollectResult> {
  if (order.product === 'corporate_ebanking') return Promise.resolve(notOffered);
  return 'agreementNo' in order ? charge(account, order) : openPage(account, order);
}

async function charge(
  account: StripeAccount,
  order: Extract<CollectOrder, { agreementNo: string }>,
): Promise<CollectResult> {
  const { returnUrl } = account.credentials;
  const [, customer, paymentMethod] = agreementPattern.exec(order.agreementNo) ?? [];
  if (customer === undefined || paymentMethod === undefined) return refusedBy('agreement_unknown');
  if (order.product === 'quick_payment' && returnUrl === undefined) return notOffered;
  const presence =
    order.product === 'quick_payment' && returnUrl !== undefined
      ? { return_url: returnUrl }
      : {
          off_session: true,
          error_on_requires_action: true,
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' as const },
        };
  const answer = await askStripe(account, paymentIntentSchema.refine(isAnswerTo(order)), (stripe) =>
    stripe.paymentIntents.create(
      {
        ...stripeMoney(order),
        customer,
        payment_method: paymentMethod,
        confirm: true,
        ...presence,
        metadata: metadataOf(order, 'collection'),
        expand: ['latest_charge'],
      },
      { idempotencyKey: order.channelOrderNo },
    ),
  );
  if (answer.outcome !== 'answered') return sayNo(answer, 'collection');
  const state = stateOfPaymentIntent(answer.body);
  if (state.outcome !== 'awaiting_payer') return state.outcome === 'not_found' ? unknown('no payment') : state;
  const url = answer.body.next_action?.redirect_to_url?.url;
  return url === undefined
    ? unknown('the payer has to do what we know nothing of')
    : { outcome: 'awaiting_payer', action: { type: 'redirect', method: 'GET', url } };
}

/**
 * Stripe opens no page for less than half an hour (and none for more than a day). So the page stays open for that much longer than
 * the order, which the center closes when its own time is over. The same order has the same end, as Stripe's idempotency wants.
 */
const shortestPageSeconds = 31 * 60;

async function openPage(
  account: StripeAccount,
  order: Extract<CollectOrder, { returnUrl: string }>,
): Promise<CollectResult> {
  const { amount, currency } = stripeMoney(order);
  const metadata = { ...metadataOf(order, 'collection'), ...pageMark };
  const answer = await askStripe(account, sessionSchema.refine(isFor(order)), (stripe) =>
    stripe.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [
          {
            quantity: 1,
            price_data: { currency, unit_amount: amount, product_data: { name: order.channelOrderNo } },
          },
        ],
        success_url: order.returnUrl,
        cancel_url: order.returnUrl,
        expires_at: Math.floor(order.expiresAt.getTime() / 1000) + shortestPageSeconds,
        client_reference_id: order.channelOrderNo,
        metadata,
        payment_intent_data: { metadata },
        expand: ['payment_intent.latest_charge'],
      },
      { idempotencyKey: order.channelOrderNo },
    ),
  );
  if (answer.outcome !== 'answered') return sayNo(answer, 'collection');
  const { status, url } = answer.body;
  if (status === 'open' && url) return { outcome: 'awaiting_payer', action: { type: 'redirect', method: 'GET', url } };
  return unknown('a page that can no longer be opened'); // the same order once more: a query tells what became of it
}
