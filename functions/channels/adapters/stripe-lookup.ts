/**
 * Finds an order of ours at Stripe by our number, which Stripe has no index of for everything:
 *
 * - payments by a search of their metadata, which lags behind by up to a minute;
 * - Stripe's pages, which have no payment before they are paid, in the list of the last two days (a page lives for one);
 * - transfers in the list of their group, which is our number; refunds in the list of the last week.
 *
 * A search that lags makes an order `absent` that is there. So nothing is concluded from it: an order is closed by
 * taking its number away, as `stripe-adapter.ts` tells.
 */
import * as z from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { ChannelOrderReference, QueryResult, Unknown } from '../channel-adapter.ts';
import { askStripe, type StripeAccount, type StripeRejection, unknown } from './stripe-account.ts';
import {
  type CheckoutSession,
  type PaymentIntent,
  paymentIntentSchema,
  refundSchema,
  type StripeRefund,
  sessionSchema,
  stateOfPaymentIntent,
  stateOfRefund,
  stateOfSession,
  stateOfTransfer,
  transferSchema,
} from './stripe-objects.ts';

export type Found =
  | { readonly found: 'payment'; readonly state: QueryResult; readonly id: string }
  | { readonly found: 'page'; readonly state: QueryResult; readonly id: string }
  | { readonly found: 'other'; readonly state: QueryResult }
  | { readonly found: 'nothing' }
  | { readonly found: 'unknown'; readonly state: Unknown };

export async function findOrder(
  account: StripeAccount,
  reference: ChannelOrderReference,
  clock: Clock,
): Promise<Found> {
  const found = await searchPayments(account, reference);
  if (found.found !== 'nothing') return found;
  switch (reference.kind) {
    case 'collection':
      return findPage(account, { order: reference.channelOrderNo, since: secondsBefore(clock, pageDays) });
    case 'payout':
      return findTransfer(account, reference);
    case 'refund':
      return findRefund(account, reference, clock);
  }
}

const pageDays = 2;
const refundDays = 7;

const secondsBefore = (clock: Clock, days: number): number => Math.floor(clock().getTime() / 1000) - days * 86_400;

/** A list of whatever: ours among them are told by our metadata, others have none. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(
      z.union([item, z.looseObject({ id: z.string() }).transform(({ id }) => ({ id, foreign: true }) as const)]),
    ),
    has_more: z.boolean(),
  });

const isOurs = <Item extends object>(item: Item | { readonly id: string; readonly foreign: true }): item is Item =>
  !('foreign' in item);

/** Finds the payment of a collection, and the mark of any order that was closed before it arrived. */
async function searchPayments(account: StripeAccount, { channelOrderNo, kind }: ChannelOrderReference): Promise<Found> {
  const answer = await askStripe(account, listOf(paymentIntentSchema), (stripe) =>
    stripe.paymentIntents.search({
      query: `metadata['order']:'${channelOrderNo}' AND metadata['kind']:'${kind}'`,
      limit: 100,
      expand: ['data.latest_charge'],
    }),
  );
  if (answer.outcome !== 'answered') return cannotTell(answer);
  const intents = answer.body.data.filter(isOurs).filter(({ metadata }) => metadata.order === channelOrderNo);
  const [intent, ...more] = intents;
  if (more.length > 0) return cannotTell(unknown('more than one payment of one number'));
  if (!intent) return { found: 'nothing' };
  const state = stateOfPaymentIntent(intent);
  if (intent.metadata.page && state.outcome !== 'succeeded') return findPage(account, { paymentIntent: intent });
  return { found: 'payment', state, id: intent.id };
}

type PageKey = { readonly order: string; readonly since: number } | { readonly paymentIntent: PaymentIntent };

async function findPage(account: StripeAccount, key: PageKey): Promise<Found> {
  const filter = 'order' in key ? { created: { gte: key.since } } : { payment_intent: key.paymentIntent.id };
  const order = 'order' in key ? key.order : key.paymentIntent.metadata.order;
  const session = await findInPages<CheckoutSession>(
    ({ metadata }) => metadata.order === order,
    (after) =>
      askStripe(account, listOf(sessionSchema), (stripe) =>
        stripe.checkout.sessions.list({
          ...filter,
          ...after,
          limit: 100,
          expand: ['data.payment_intent.latest_charge'],
        }),
      ),
  );
  return 'item' in session ? { found: 'page', state: stateOfSession(session.item), id: session.item.id } : session;
}

async function findTransfer(account: StripeAccount, { channelOrderNo }: ChannelOrderReference): Promise<Found> {
  const answer = await askStripe(account, listOf(transferSchema), (stripe) =>
    stripe.transfers.list({ transfer_group: channelOrderNo, limit: 100 }),
  );
  if (answer.outcome !== 'answered') return cannotTell(answer);
  const transfer = answer.body.data.filter(isOurs).find(({ metadata }) => metadata.order === channelOrderNo);
  return transfer ? { found: 'other', state: stateOfTransfer(transfer) } : { found: 'nothing' };
}

async function findRefund(
  account: StripeAccount,
  { channelOrderNo }: ChannelOrderReference,
  clock: Clock,
): Promise<Found> {
  const created = { gte: secondsBefore(clock, refundDays) };
  const refund = await findInPages<StripeRefund>(
    ({ metadata }) => metadata.order === channelOrderNo && metadata.kind === 'refund',
    (after) =>
      askStripe(account, listOf(refundSchema), (stripe) => stripe.refunds.list({ created, ...after, limit: 100 })),
  );
  return 'item' in refund ? { found: 'other', state: stateOfRefund(refund.item) } : refund;
}

/** Of a hundred objects each: all within the time that one operation has. */
const maximumPages = 10;

type Page<Item> =
  | {
      readonly outcome: 'answered';
      readonly body: {
        readonly data: readonly (Item | { readonly id: string; readonly foreign: true })[];
        readonly has_more: boolean;
      };
    }
  | StripeRejection
  | Unknown;

async function findInPages<Item extends { readonly id: string }>(
  isIt: (item: Item) => boolean,
  ask: (after: { readonly starting_after?: string }) => Promise<Page<Item>>,
): Promise<{ readonly item: Item } | Exclude<Found, { found: 'payment' | 'page' | 'other' }>> {
  let after = {};
  for (let page = 0; page < maximumPages; page++) {
    const answer = await ask(after);
    if (answer.outcome !== 'answered') return cannotTell(answer);
    const item = answer.body.data.filter((each) => isOurs<Item>(each)).find(isIt);
    if (item) return { item };
    const last = answer.body.data.at(-1);
    if (!answer.body.has_more || !last) return { found: 'nothing' };
    after = { starting_after: last.id };
  }
  return cannotTell(unknown('more orders than are looked through'));
}

/** A question that Stripe does not answer says nothing about the order. */
const cannotTell = (answer: StripeRejection | Unknown): Extract<Found, { found: 'unknown' }> => ({
  found: 'unknown',
  state: answer.outcome === 'unknown' ? answer : unknown(`the question was rejected: ${answer.code}`),
});
