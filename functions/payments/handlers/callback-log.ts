/** What is said of a message once it has come to where it stays; metrics and alarms are made from these lines. */
import { log } from '../../runtime/log.ts';
import type { Callback } from '../callbacks/callback.ts';

export function logWhatPeopleMustSee(callback: Callback): void {
  const { id: callbackId, channel, state, events, outcomes } = callback;
  const facts = { callbackId, channel };
  if (state === 'handled' || state === 'received') {
    log.info('callback heard', { ...facts, state, events: events.length });
    return;
  }
  const open = outcomes.flatMap(({ outcome, reason, paymentId }, place) =>
    outcome === 'contradicting' || outcome === 'unmatched'
      ? [{ outcome, reason, paymentId, channelOrderNo: events[place]?.channelOrderNo.slice(0, 64) }]
      : [],
  );
  // a batch may hold hundreds; the message itself has them all
  const shown = { ...facts, events: open.slice(0, 20), more: Math.max(0, open.length - 20) };
  if (state === 'contradicting') log.error('callback contradicts the books', shown);
  else log.error('callback belongs to no payment', shown);
}
