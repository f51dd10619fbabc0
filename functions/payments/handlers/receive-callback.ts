import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { log } from '../../runtime/log.ts';
import { type RawAnswer, rawHandler } from '../../runtime/raw-http.ts';
import { callbacks } from '../../runtime/wiring/callbacks.ts';
import { receiveCallback } from '../callbacks/receive-callback.ts';
import { logWhatPeopleMustSee } from './callback-log.ts';

/** Some hundred orders in a message; with its headers it fits into one item of the table. */
const maximumBodyBytes = 256 * 1024;

export const handler = rawHandler({ maximumBodyBytes }, async ({ params, headers, body }) => {
  const channel = params['channel'] ?? '';
  const receivedAt = callbacks().clock();
  const reception = await receiveCallback(callbacks(), { channel, headers, body, receivedAt });
  if ('refused' in reception) return reception;
  switch (reception.outcome) {
    case 'heard': {
      const { callback, repeated, answer } = reception;
      if (repeated) log.info('callback heard again', { callbackId: callback.id, channel: callback.channel });
      else logWhatPeopleMustSee(callback);
      return answer;
    }
    case 'rejected':
      return rejected(channel, reception.reason, body.length);
    case 'unreadable': {
      const facts = { callbackId: reception.id, channel };
      // the metric and its alarm are made from this line
      if (!reception.repeated) log.error('callback unreadable', facts);
      return refuse('callback_unreadable', 'The message is signed, and in words that we do not know. It is kept.');
    }
  }
});

/** Counted and nothing more: whoever sends it chooses what it says. The metric and its alarm are made from this line. */
function rejected(channel: string, reason: string, length: number): RawAnswer | Refusal {
  log.warn('callback rejected', { channel, reason, length });
  return refuse('callback_rejected', `The message proves nothing: ${reason}.`);
}
