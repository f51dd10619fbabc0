import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Fee, feeFor, type OrderProduct } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { type OrderBehaviourName, orderBehaviour } from '../test-cards.ts';
import { type Agreement, findAgreement, takeBehaviour } from './agreement-store.ts';
import { awaitPayer } from './await-payer.ts';
import { book, endedOrder, linesOf, refusedOrder } from './end-order.ts';
import {
  type AwaitingOrder,
  answerToOrder,
  type Order,
  type OrderAnswer,
  type OrderFacts,
  processing,
} from './order.ts';
import { bookOrderWrites, findOrder } from './order-store.ts';
import { outageMet } from './outage-store.ts';
import { findReserve, moveReserve } from './reserve-store.ts';

export interface PlacedOrder extends OrderFacts {
  readonly kind: 'collection' | 'payout';
  readonly product: OrderProduct;
  /** at the cashier */
  readonly expiresAt?: Date | undefined;
  readonly returnUrl?: string | undefined;
}

export type PlaceRefusal = 'order_number_reused';

/** What the books say of an order now (nothing where it did not arrive), and how long its answer is held back. */
export interface Placement {
  readonly order?: Order;
  readonly holdMs: number;
}

/**
 * Carries out an order once. A number that came before gets the answer of then, and one that was closed is refused.
 * The books are written before the answer is held back, so a caller who stops waiting finds them by a query.
 */
export async function placeOrder(sandbox: Sandbox, placed: PlacedOrder): Promise<OrderAnswer | Refusal<PlaceRefusal>> {
  const placement = await putInBooks(sandbox, placed);
  if ('refused' in placement) return placement;
  await sandbox.sleepMs(placement.holdMs);
  return placement.order ? answerToOrder(placement.order, sandbox.clock()) : processing;
}

/** The same without an answer, for whoever does not wait for it. A line of a batch meets no outage but its batch's. */
export async function putInBooks(
  sandbox: Sandbox,
  placed: PlacedOrder,
  comes: 'alone' | 'in a batch' = 'alone',
): Promise<Placement | Refusal<PlaceRefusal>> {
  const earlier = await findOrder(sandbox, placed);
  if (earlier) return repeated(earlier, placed);

  const outage = comes === 'alone' && (await outageMet({ ...sandbox, now: sandbox.clock() }, placed, placed.orderNo));
  if (outage) return meetOutage(sandbox, placed, outage);
  const fee = feeFor(placed.channel, placed.product);
  if (fee === undefined) return bookNew(sandbox, placed, refusedOrder(factsOf(placed), 'product_not_offered'));
  const agreement = placed.agreementNo === undefined ? undefined : await findAgreement(sandbox, placed.agreementNo);
  if (placed.agreementNo !== undefined && !isAgreed(agreement, placed)) {
    return bookNew(sandbox, placed, refusedOrder(factsOf(placed), 'agreement_unknown'));
  }
  const behaviour = (await takeBehaviour(sandbox, placed)) ?? agreement?.orders ?? 'succeed';
  return awaitsPayer(placed.product)
    ? beginAwaiting(sandbox, placed, behaviour)
    : carryOut(sandbox, placed, behaviour, fee);
}

const awaitsPayer = (product: OrderProduct): boolean => product !== 'withholding' && product !== 'payout';

/** Money comes from cards only; it goes to cards and to corporate accounts. */
const isAgreed = (agreement: Agreement | undefined, placed: PlacedOrder): boolean =>
  agreement?.state === 'agreed' &&
  agreement.channel === placed.channel &&
  agreement.merchantNo === placed.merchantNo &&
  (agreement.of === 'card' || placed.kind === 'payout');

async function meetOutage(
  sandbox: Sandbox,
  placed: PlacedOrder,
  outage: 'refuse' | 'time_out',
): Promise<Placement | Refusal<PlaceRefusal>> {
  if (outage === 'time_out') return { holdMs: orderBehaviour('time_out_never_arrived').holdMs };
  return bookNew(sandbox, placed, refusedOrder(factsOf(placed), 'channel_busy', { retryElsewhere: true }));
}

async function beginAwaiting(
  sandbox: Sandbox,
  placed: PlacedOrder,
  name: OrderBehaviourName,
): Promise<Placement | Refusal<PlaceRefusal>> {
  const begun = awaitPayer(placed.product, name);
  if (!begun.books) return { holdMs: begun.holdMs };
  const { books } = begun;
  const order: Order =
    books.state === 'refused'
      ? refusedOrder(factsOf(placed), books.reason, { retryElsewhere: books.retryElsewhere })
      : awaitingOrder(placed, books);
  return held(await bookNew(sandbox, placed, order), begun.holdMs);
}

const awaitingOrder = (
  placed: PlacedOrder,
  books: Pick<AwaitingOrder, 'awaits' | 'behaviour' | 'codeTriesLeft'>,
): AwaitingOrder => ({
  ...factsOf(placed),
  state: 'awaiting',
  ...books,
  ...(placed.expiresAt && { expiresAt: placed.expiresAt }),
  ...(placed.returnUrl !== undefined && { returnUrl: placed.returnUrl }),
});

async function carryOut(
  sandbox: Sandbox,
  placed: PlacedOrder,
  name: OrderBehaviourName,
  fee: Fee,
): Promise<Placement | Refusal<PlaceRefusal>> {
  const behaviour = orderBehaviour(name);
  if (behaviour.books === 'nothing') return { holdMs: behaviour.holdMs };
  const order = endedOrder(factsOf(placed), { behaviour, fee, now: sandbox.clock() });
  return held(await bookNew(sandbox, placed, order), behaviour.holdMs);
}

const held = <R>(placement: Placement | R, holdMs: number): Placement | R =>
  isPlacement(placement) ? { ...placement, holdMs } : placement;

const isPlacement = (placement: unknown): placement is Placement =>
  typeof placement === 'object' && placement !== null && 'holdMs' in placement;

/** Where the same number was booked in the meantime, its answer counts. A payout takes from its merchant's reserve. */
async function bookNew(
  sandbox: Sandbox,
  placed: PlacedOrder,
  order: Order,
): Promise<Placement | Refusal<PlaceRefusal>> {
  const takes = order.state === 'succeeded' && order.kind === 'payout' && (await findReserve(sandbox, placed));
  const fromReserve = takes
    ? [moveReserve(sandbox, placed, { amount: -placed.amount, currency: placed.currency })]
    : [];
  const inTheWay = await book(sandbox, order, [...bookOrderWrites(sandbox, order, linesOf(order)), ...fromReserve]);
  if (!inTheWay) return { order, holdMs: 0 };
  if (fromReserve.includes(inTheWay)) {
    return bookNew(sandbox, placed, refusedOrder(factsOf(placed), 'reserve_exhausted', { retryElsewhere: true }));
  }
  const earlier = await findOrder(sandbox, placed);
  if (!earlier) throw new Error('an order was in the way and is gone: orders are never deleted');
  return repeated(earlier, placed);
}

function repeated(earlier: Order, placed: PlacedOrder): Placement | Refusal<PlaceRefusal> {
  const same =
    earlier.state === 'closed' ||
    (earlier.kind === placed.kind &&
      earlier.amount === placed.amount &&
      earlier.currency === placed.currency &&
      earlier.product === placed.product &&
      earlier.agreementNo === placed.agreementNo);
  return same
    ? { order: earlier, holdMs: 0 }
    : refuse('order_number_reused', 'This order number belongs to another order.');
}

const factsOf = ({ expiresAt: _, returnUrl: __, ...facts }: PlacedOrder): OrderFacts => facts;
