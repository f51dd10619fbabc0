/**
 * What the conformance kit has to be told of a channel: how to reach it, what it offers, and how to make orders whose
 * outcome is known beforehand.
 */
import type {
  BindRequest,
  CallbackMessage,
  ChannelAdapter,
  ChannelOrderReference,
  CollectOrder,
  MerchantReference,
  OrderKind,
  PayoutBatch,
  PayoutOrder,
  RefundOrder,
  VerificationFacts,
  VerifyRequest,
} from '../../../functions/channels/index.ts';
import type { Money } from '../../../functions/kernel/money.ts';
import type { Line } from './line.ts';

/** Each is had, or left out with a reason: {@link World.without}. */
export const abilities = [
  'collection:succeeds',
  'collection:refused',
  /** refused by this channel only: another may do better */
  'collection:refused_here',
  /** quick payment with a code that goes back by `confirmCollect` */
  'collection:awaits_code',
  /** the payer goes to a page of the channel's */
  'collection:awaits_page',
  'payout:succeeds',
  'payout:refused',
  'payout:refused_here',
  'refund:succeeds',
  'refund:too_much',
  'batch',
  'cancel',
  /** an order number of one merchant number is nobody else's */
  'merchants_apart',
  /** every answer is signed, so a forged one can be told */
  'signed_answers',
  /** the world can count how often the channel moved money for an order */
  'count',
  'bind:succeeds',
  'bind:refused',
  'bind:code',
  'verify:succeeds',
  'verify:refused',
  'reserve',
  /** of an order that succeeded */
  'callback',
  'callback:refused',
  'callback:returned',
  /** signed, and in words that nobody knows */
  'callback:unreadable',
] as const;

export type Ability = (typeof abilities)[number];

export type Ending = 'succeeds' | 'refused' | 'refused_here' | 'awaits_code' | 'awaits_page' | 'too_much';

export type CollectProduct = CollectOrder['product'];

export interface World {
  /** speaks to the channel over {@link line} */
  readonly adapter: ChannelAdapter;
  readonly line: Line;
  readonly products: readonly CollectProduct[];
  readonly factors: readonly VerificationFacts['factors'][];
  /** the operations that the channel lacks as a whole */
  readonly lacks: readonly (keyof ChannelAdapter)[];
  /** abilities that are not there, each with why: what the channel has not, or what can't be brought about here */
  readonly without: Partial<Record<Ability, string>>;
  /** keys and the like, which may stand in no answer */
  readonly secrets: readonly string[];
  readonly make: Making;
  /** ends {@link line} and whatever else was started */
  readonly close: () => Promise<void>;
}

/** Every order is under a number that the channel has never seen. A world lacks what {@link World.without} names. */
export interface Making {
  readonly merchant: () => Promise<MerchantReference>;
  readonly collection?: (ending: Ending) => Promise<CollectOrder>;
  readonly payout?: (ending: Ending) => Promise<PayoutOrder>;
  /** of a new collection that has succeeded; `succeeds` gives the whole of it back */
  readonly refund?: (ending: Ending) => Promise<RefundOrder>;
  /** a batch, whose first line succeeds and whose last is refused */
  readonly batch?: () => Promise<PayoutBatch>;
  readonly binding?: (ending: 'succeeds' | 'refused' | 'code') => Promise<BindRequest>;
  readonly verification?: (ending: 'succeeds' | 'refused') => Promise<VerifyRequest>;
  /** the code that the channel has sent to the holder's phone, or another one */
  readonly code?: (of: 'collection' | 'binding', which: 'right' | 'wrong') => Promise<string>;
  /** the payer does on the channel's page what the channel waits for */
  readonly payOnPage?: (order: CollectOrder) => Promise<void>;
  /** what the channel posts about an order that has ended so; each call is a new sending of the same fact */
  readonly callback?: (about: 'succeeded' | 'refused' | 'returned') => Promise<MadeCallback>;
  readonly unreadableCallback?: () => Promise<CallbackMessage>;
  /** how often the channel has moved money for the order */
  readonly timesMoved?: (reference: ChannelOrderReference) => Promise<number>;
}

export interface MadeCallback {
  readonly message: CallbackMessage;
  readonly about: ChannelOrderReference;
}

export const has = (world: World, ability: Ability): boolean => world.without[ability] === undefined;

/** An order of one of the three kinds, so that a law can be told once for all of them. */
export interface Sending {
  readonly reference: ChannelOrderReference;
  readonly amount: Money;
  readonly send: () => ReturnType<ChannelAdapter['collect']>;
  /** another order under the same number: a little less of the same money */
  readonly sendOther: () => ReturnType<ChannelAdapter['collect']>;
  readonly secrets: readonly string[];
}

export async function makeOrder(
  { make }: World,
  adapter: ChannelAdapter,
  { kind, ending }: { readonly kind: OrderKind; readonly ending: Ending },
): Promise<Sending> {
  switch (kind) {
    case 'collection':
      return sendingOf('collection', await made(make.collection?.(ending)), adapter.collect);
    case 'payout':
      return sendingOf('payout', await made(make.payout?.(ending)), adapter.payout);
    case 'refund':
      return sendingOf('refund', await made(make.refund?.(ending)), adapter.refund);
  }
}

function sendingOf<Order extends CollectOrder | PayoutOrder | RefundOrder>(
  kind: OrderKind,
  order: Order,
  send: (order: Order) => ReturnType<ChannelAdapter['collect']>,
): Sending {
  const { channel, merchantNo, channelOrderNo, amount } = order;
  const smaller = { ...order, amount: { ...amount, amount: amount.amount - 1n } };
  return {
    reference: { kind, channel, merchantNo, channelOrderNo },
    amount,
    send: () => send(order),
    sendOther: () => send(smaller),
    secrets: 'agreementNo' in order ? [order.agreementNo] : [],
  };
}

/** @throws Error where the world says that it can, and has no way to */
export async function made<Thing>(thing: Promise<Thing> | undefined): Promise<Thing> {
  if (thing === undefined) throw new Error('the world names an ability that it has no way to bring about');
  return thing;
}
