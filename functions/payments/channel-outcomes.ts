/** What a change of a payment says about the channel that it was at, as routing counts it. */
import type { ChannelOutcome } from '../channels/index.ts';
import type { ChannelCall, Payment, PaymentChange } from './payment.ts';

/**
 * One outcome at most for each attempt: the channel's first answer to the order, or its first silence. What the follow-up, a
 * callback or a statement learns later counts only where nothing was said before. Nothing is said by a payer who is waited
 * for or never comes; refunds and returns say nothing about taking money in or paying it out.
 */
export function channelOutcomes(before: Payment | undefined, after: Payment): readonly ChannelOutcome[] {
  if (after.kind !== 'top_up' && after.kind !== 'withdrawal') return [];
  const seen = before?.history.length ?? 0;
  const outcomes: ChannelOutcome[] = [];
  let told = false;
  for (const [place, change] of after.history.entries()) {
    const outcome: ChannelOutcome['outcome'] | undefined = told ? undefined : outcomeOf(change);
    told ||= outcome !== undefined;
    if (outcome && place >= seen) {
      const { channel, merchantNo } = merchantAt(after, place);
      outcomes.push({ channel, merchantNo, product: after.product, at: change.at, outcome });
    }
    if (change.event === 'reroute') told = false;
  }
  return outcomes;
}

/** Where an attempt went is named by the reroute that leaves it, and by the payment itself while it is the last one. */
const merchantAt = (payment: Payment, place: number): Pick<Payment, 'channel' | 'merchantNo'> =>
  payment.history.slice(place).find(({ abandoned }) => abandoned)?.abandoned ?? payment;

function outcomeOf({ event, call }: PaymentChange): ChannelOutcome['outcome'] | undefined {
  const asked = call && meanings[call.outcome];
  if (call && carriesOrder(call)) return asked;
  if (event === 'succeed') return 'succeeded';
  return event === 'fail' || event === 'reroute' ? asked : undefined;
}

/** The calls by which an order is handed over; the others ask about one. */
const carriesOrder = ({ operation }: ChannelCall): boolean => operation !== 'query' && operation !== 'cancel';

const meanings: Readonly<Record<ChannelCall['outcome'], ChannelOutcome['outcome'] | undefined>> = {
  succeeded: 'succeeded',
  refused: 'declined',
  refused_here: 'refused',
  unknown: 'silent',
  awaiting_payer: undefined,
  accepted: undefined,
  not_found: undefined,
};
