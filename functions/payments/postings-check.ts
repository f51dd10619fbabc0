/** Ledger against payments: what each payment has come to implies its postings, exactly, as a source for the audit. */
import type { Item, Table } from '../kernel/table.ts';
import { type AuditSource, type Claim, type NewPosting, netLegs } from '../ledger/index.ts';
import { channelOrderNoOf, freezesFirst, type Payment, paymentIdOf, returnIdOf } from './payment.ts';
import { firstStatusOf } from './payment-changes.ts';
import { isOpen, type PaymentEvent, type PaymentStatus, statusAfter } from './payment-states.ts';
import { isPaymentItem, itemFromPayment, paymentFromItem } from './payment-store.ts';
import {
  freezePosting,
  releasePosting,
  repairPostings,
  revocationPostings,
  roundOf,
  successPostings,
} from './postings.ts';

/** A payment without one of its postings, a posting without its payment, and any amount that differs are found. */
export const checkPayments = ({ table }: { readonly table: Table }): AuditSource => ({
  name: 'payments',
  table,
  vouchesForPayments: true,
  claimsOf,
});

function* claimsOf(item: Item): Generator<Claim, void> {
  if (!isPaymentItem(item)) return;
  const payment = paymentFromItem(item);
  for (const detail of inconsistencies(payment, item)) {
    yield { claims: 'damage', finding: { code: 'altered_payment', transactionId: payment.id, detail } };
  }
  const postings = postingsOf(payment);
  for (const [index, posting] of postings.entries()) {
    const isLast = index === postings.length - 1;
    yield { claims: 'posting', posting: { ...claimOf(payment, posting), ...(isLast && outcomeOf(payment)) } };
  }
}

/** The postings that have led a payment to where it stands, in their order. */
export function postingsOf(payment: Payment): readonly NewPosting[] {
  const frozen = freezesFirst(payment) ? [freezePosting(payment)] : [];
  const failed = freezesFirst(payment) ? [...frozen, releasePosting(payment)] : [];
  const succeeded =
    happened(payment, 'fail') && happened(payment, 'repair')
      ? [...failed, ...repairPostings(payment, 1)]
      : [...frozen, ...successPostings(payment, 1)];
  // what people took back, and brought back after that
  const revoked = Array.from({ length: roundOf(payment) - 1 }, (_, place) => [
    ...(place > 0 ? repairPostings(payment, place + 1) : []),
    ...revocationPostings(payment, place + 1),
  ]).flat();
  switch (payment.status) {
    case 'created':
    case 'processing':
      return frozen;
    case 'failed':
      return revoked.length > 0 ? [...succeeded, ...revoked] : failed;
    case 'succeeded':
    case 'returned':
    case 'refunded':
      return revoked.length > 0 ? [...succeeded, ...revoked, ...repairPostings(payment)] : succeeded;
  }
}

const happened = ({ history }: Payment, event: PaymentEvent): boolean => history.some((each) => each.event === event);

const claimOf = (payment: Payment, posting: NewPosting) => ({
  postingId: posting.id,
  type: posting.type,
  transactionId: payment.id,
  moves: netLegs(posting),
});

/** What a payment keeps of the posting that booked it last. */
const outcomeOf = ({ accountId, accountingDate, balancesAfter }: Payment) => ({
  accountingDate,
  ...(balancesAfter && { after: { accountId, ...balancesAfter } }),
});

/** What a payment says twice, it says alike; and its history leads to where it stands. */
function* inconsistencies(payment: Payment, item: Item): Generator<string, void> {
  const { id, attempt, version, history, amount, refunded = 0n, refunding = 0n } = payment;
  const written = itemFromPayment(payment);
  const stray = [...new Set([...Object.keys(item), ...Object.keys(written)])].filter(
    (name) => textOf(item[name]) !== textOf(written[name]),
  );
  if (stray.length > 0) yield `not as it is written: ${stray.sort().join(', ')}`;
  if (numberOf(payment) !== id) yield 'its number is not that of what it follows from';
  const orderOf = payment.kind === 'return' ? payment.originalId : id;
  if (orderOf && channelOrderNoOf(orderOf, attempt) !== payment.channelOrderNo)
    yield 'its order number is not that of its attempt';
  if (version !== history.length + 1) yield `it is version ${version} after ${history.length} change(s)`;
  const reroutes = history.filter(({ event }) => event === 'reroute').length;
  if (payment.kind !== 'return' && attempt !== reroutes + 1)
    yield `it is at attempt ${attempt} after ${reroutes} reroute(s)`;
  if (statusByHistory(payment) !== payment.status) yield `its history does not make it ${payment.status}`;
  if ((payment.failure !== undefined) !== (payment.status === 'failed'))
    yield 'its failure does not go with its status';
  if ((payment.completedAt !== undefined) === isOpen(payment.status))
    yield 'its completion does not go with its status';
  const feeGivenBack = payment.fee.amount < 0n && payment.kind !== 'refund';
  if (feeGivenBack || amount.amount <= 0n) yield 'its amounts are none of a payment';
  if (refunded < 0n || refunding < 0n || refunded + refunding > amount.amount)
    yield 'more of it is refunded than there was';
  if ((payment.product === 'payout') !== (payment.kind === 'withdrawal' || payment.kind === 'return'))
    yield 'its product is not of its kind';
  if ((payment.originalId !== undefined) !== (payment.kind === 'refund' || payment.kind === 'return'))
    yield 'it does not name what it takes back';
}

const numberOf = ({ kind, originalId, institutionId, reference }: Payment) =>
  kind === 'return' && originalId ? returnIdOf(originalId) : paymentIdOf(institutionId, reference);

/** A payment is stored as `created` where a payer has to come first, else as `processing`. */
function statusByHistory(payment: Payment): PaymentStatus | undefined {
  try {
    return payment.history.reduce<PaymentStatus>(
      (status, { event }) => statusAfter(status, event),
      firstStatusOf(payment),
    );
  } catch {
    return undefined; // an event that its state does not allow leads nowhere
  }
}

/** The values of items as texts that compare: counters are bigint as the table gives them. */
const textOf = (value: unknown): string | undefined =>
  JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part === 'bigint') return Number(part);
    return part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part;
  });
