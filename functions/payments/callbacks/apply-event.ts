/** What one fact that a channel tells of does to the books. */
import type { CallbackEvent } from '../../channels/index.ts';
import { orderKindOf } from '../ask-channel.ts';
import { type Payment, type PaymentChange, paymentIdOfOrder } from '../payment.ts';
import { contradictPayment } from '../payment-changes.ts';
import { isOpen } from '../payment-states.ts';
import { readPayment, replacePayment } from '../payment-store.ts';
import type { PaymentBooks } from '../payments.ts';
import { returnPayout } from '../return-payout.ts';
import { currentPayment, settlePayment } from '../settle-payment.ts';
import type { EventOutcome, EventReason } from './callback.ts';
import type { ActingBooks, Contradiction } from './callbacks.ts';

type OrderEvent = Exclude<CallbackEvent, { kind: 'payout_return' }>;
type ReturnEvent = Extract<CallbackEvent, { kind: 'payout_return' }>;

/**
 * Books what ends a payment, and notes on the payment what contradicts it, once for each claim. Told again, it changes nothing:
 * so may a message be heard by several at once, late, or in part.
 *
 * 1 read unit for what is known already.
 *
 * @throws Error when the ledger refuses: what a channel has done can't be refused any more, so that is for people.
 */
export async function applyEvent(books: ActingBooks, channel: string, event: CallbackEvent): Promise<EventOutcome> {
  for (;;) {
    const payment = await readPayment(books.table, paymentIdOfOrder(event.channelOrderNo));
    const order = payment && orderOf(payment, event.channelOrderNo);
    if (!order) return { outcome: 'waiting', reason: 'unknown_order' };
    const verdict = (outcome: EventOutcome['outcome'], reason?: EventReason): EventOutcome => ({
      outcome,
      paymentId: payment.id,
      ...(reason && { reason }),
    });
    if (order.channel !== channel || order.merchantNo !== event.merchantNo) {
      return verdict('unmatched', 'wrong_merchant');
    }
    if (orderKindOf(payment) !== (event.kind === 'payout_return' ? 'payout' : event.kind)) {
      return verdict('unmatched', 'wrong_kind');
    }
    const contradiction = async (claim: Claim, reason: EventReason): Promise<EventOutcome> => {
      const { channelOrderNo } = event;
      await noteContradiction(books, payment, { claim, channelOrderNo });
      // of a payment with another amount nobody can say what its statement will show
      if (reason === 'amount_mismatch') return verdict('contradicting', reason);
      const facts = { paymentId: payment.id, channelOrderNo, claim, ...happening(event, books.clock()) };
      const told = await books.contradictions.tell(facts);
      return told === 'later' ? verdict('waiting', 'statement_at_work') : verdict('contradicting', reason);
    };
    if (order.leftBehind) {
      const refused = event.kind !== 'payout_return' && event.result.outcome === 'refused';
      return refused ? verdict('known') : contradiction('succeeded', 'left_behind');
    }
    const applied =
      event.kind === 'payout_return'
        ? await applyReturn(books, payment, { event, verdict, contradiction })
        : await applyResult(books, payment, { event, verdict, contradiction });
    if (applied !== 'rerouted') return applied;
  }
}

/** When the channel says that it happened, and under which number of its own. */
function happening(event: CallbackEvent, now: Date): Pick<Contradiction, 'at' | 'channelTradeNo'> {
  if (event.kind === 'payout_return') return { at: event.returnedAt, channelTradeNo: event.channelTradeNo };
  const { result } = event;
  if (result.outcome === 'refused') return { at: now };
  return { at: result.completedAt, channelTradeNo: result.channelTradeNo };
}

type Claim = NonNullable<PaymentChange['claim']>;

interface Judging<Event> {
  readonly event: Event;
  readonly verdict: (outcome: EventOutcome['outcome'], reason?: EventReason) => EventOutcome;
  readonly contradiction: (claim: Claim, reason: EventReason) => Promise<EventOutcome>;
}

async function applyResult(
  books: PaymentBooks,
  payment: Payment,
  { event: { result }, verdict, contradiction }: Judging<OrderEvent>,
): Promise<EventOutcome | 'rerouted'> {
  const settled = await settlePayment(books, payment, result, { source: 'callback' });
  if (settled.attempt !== payment.attempt) return 'rerouted';
  const succeeded = settled.status !== 'failed';
  if (succeeded !== (result.outcome === 'succeeded')) {
    return succeeded ? contradiction('failed', 'succeeded_here') : contradiction('succeeded', 'failed_here');
  }
  if (result.outcome === 'succeeded' && settled.channelTradeNo !== result.channelTradeNo) {
    return verdict('contradicting', 'other_trade_number');
  }
  return verdict(isOpen(payment.status) && settled.version === payment.version + 1 ? 'booked' : 'known');
}

async function applyReturn(
  books: PaymentBooks,
  payment: Payment,
  { event, verdict, contradiction }: Judging<ReturnEvent>,
): Promise<EventOutcome> {
  // the return has overtaken the success, of which the next message or the follow-up tells
  if (isOpen(payment.status)) return verdict('waiting', 'not_ended');
  if (payment.status === 'failed') return contradiction('succeeded', 'failed_here');
  const { amount, channelTradeNo, returnedAt } = event;
  if (amount.currency !== payment.amount.currency || amount.amount !== payment.amount.amount) {
    return contradiction('failed', 'amount_mismatch');
  }
  const facts = {
    payoutId: payment.id,
    amount: amount.amount,
    channelTradeNo,
    returnedAt,
    source: 'callback',
  } as const;
  const returned = await returnPayout(books, facts);
  if ('refused' in returned) throw new Error(`${payment.id} can't come back: ${returned.detail}`);
  if (returned.channelTradeNo !== channelTradeNo) return verdict('contradicting', 'other_trade_number');
  return verdict(payment.status === 'returned' ? 'known' : 'booked');
}

interface KnownOrder {
  readonly channel: string;
  readonly merchantNo: string;
  readonly leftBehind: boolean;
}

/** Where the attempt of this number went; nothing for an attempt that the payment does not have. */
function orderOf(payment: Payment, channelOrderNo: string): KnownOrder | undefined {
  if (payment.channelOrderNo === channelOrderNo) return { ...payment, leftBehind: false };
  const left = payment.history.find(({ abandoned }) => abandoned?.channelOrderNo === channelOrderNo)?.abandoned;
  return left && { ...left, leftBehind: true };
}

async function noteContradiction(
  books: PaymentBooks,
  payment: Payment,
  { claim, channelOrderNo }: { readonly claim: Claim; readonly channelOrderNo: string },
): Promise<void> {
  for (let from = payment; ; from = await currentPayment(books, from)) {
    const isNoted = from.history.some((each) => each.claim === claim && each.channelOrderNo === channelOrderNo);
    if (isNoted) return;
    const noted = contradictPayment(from, { at: books.clock(), source: 'callback', claim, channelOrderNo });
    if (await replacePayment(books.table, from, noted)) return;
  }
}
