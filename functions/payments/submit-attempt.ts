/** Handing a payment to its channel, and to the next one after a refusal that is the channel's own. */
import { type CollectResult, exchangeWrites, maximumAttempts, type Route } from '../channels/index.ts';
import { type Asked, submitOrder } from './ask-channel.ts';
import type { Payment } from './payment.ts';
import { awaitPayment, reroutePayment } from './payment-changes.ts';
import { replacePayment, replacePaymentWrite } from './payment-store.ts';
import type { Payments } from './payments.ts';
import { queueCheck } from './queue-check.ts';
import { destinationOf } from './routes-of-payment.ts';
import { currentPayment, settlePayment } from './settle-payment.ts';

/** Hands the payment to the channel of the first route, which is the one that it was stored with. */
export async function submitAttempt(
  payments: Payments,
  payment: Payment,
  [route, ...others]: readonly Route[],
): Promise<Payment> {
  if (route === undefined) return payment;
  const asked = await submitOrder(payments, payment, { agreementNo: route.agreementNo });
  return concludeAttempt(payments, payment, asked, others);
}

/** Books a channel's answer, or goes on to the next route. What decides nothing is noted, and waits for the follow-up. */
export async function concludeAttempt(
  payments: Payments,
  payment: Payment,
  { result, call }: Asked<CollectResult>,
  others: readonly Route[],
): Promise<Payment> {
  const change = { at: payments.clock(), source: 'request', call } as const;
  if (result.outcome === 'unknown' || result.outcome === 'awaiting_payer') {
    const action = result.outcome === 'awaiting_payer' ? { action: result.action } : {};
    const waiting = awaitPayment(payment, { ...change, ...action });
    return (await replacePayment(payments.table, payment, waiting)) ? waiting : currentPayment(payments, payment);
  }
  if (result.outcome === 'refused' && result.retryElsewhere) {
    // a request that is repeated looks for routes anew, and an order number has one digit for its attempt
    for (const [place, route] of payment.attempt < maximumAttempts ? others.entries() : []) {
      const rerouted = reroutePayment(payment, destinationOf(route), { ...change, reason: result.reason });
      const moved = await storeReroute(payments, payment, rerouted);
      if (moved === 'no_room') continue;
      return moved === 'moved'
        ? submitAttempt(payments, rerouted, others.slice(place))
        : currentPayment(payments, payment);
    }
  }
  return settlePayment(payments, payment, result, change);
}

/** The next attempt is looked after before it is stored, and stored before its channel is asked. */
export async function storeReroute(
  payments: Payments,
  from: Payment,
  to: Payment,
  firstCheck = 1,
): Promise<'moved' | 'overtaken' | 'no_room'> {
  const { table, commit, channels } = payments;
  await queueCheck(payments, to, firstCheck);
  const exchanged = exchangeWrites(channels, { reserve: to.reservations ?? [], release: from.reservations ?? [] });
  if (exchanged.length === 0) return (await replacePayment(table, from, to)) ? 'moved' : 'overtaken';
  const replacement = replacePaymentWrite(table, from, to);
  const stored = await commit([replacement, ...exchanged]);
  if (stored.committed) return 'moved';
  return stored.broken.some(({ write }) => write === replacement) ? 'overtaken' : 'no_room';
}
