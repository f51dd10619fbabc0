/** Which changes of a payment an institution is told of, and under which name. */
import {
  isPaymentItem,
  type PaymentKind,
  type PaymentStatus,
  paymentFromItem,
  transactionView,
} from '../payments/index.ts';
import { positionOfVersion } from './event.ts';
import { type EventType, isEventType } from './event-types.ts';
import { eventOf, type ReadChange } from './object-change.ts';

const families: Readonly<Record<PaymentKind, 'payment' | 'refund' | 'return'>> = {
  top_up: 'payment',
  withdrawal: 'payment',
  refund: 'refund',
  return: 'return',
};

/** A payment is told of when it comes into a state; what it does within one (another channel, a check) is not news. */
export function paymentEventType(
  kind: PaymentKind,
  before: PaymentStatus | undefined,
  after: PaymentStatus,
): EventType | undefined {
  const type = `${families[kind]}.${after}`;
  return before !== after && isEventType(type) ? type : undefined;
}

/** The event's data is what `GET /v1/transactions/{id}` showed at that moment. */
export const readPaymentChange: ReadChange = ({ before, after }) => {
  if (!isPaymentItem(after)) return undefined;
  const payment = paymentFromItem(after);
  const type = paymentEventType(payment.kind, before && paymentFromItem(before).status, payment.status);
  return (
    type &&
    eventOf({
      type,
      institutionId: payment.institutionId,
      objectId: payment.id,
      position: positionOfVersion(payment.version),
      occurredAt: payment.history.at(-1)?.at ?? payment.createdAt,
      data: JSON.stringify(transactionView(payment)),
    })
  );
};
