/** A channel calls (回调): the message is kept before it is acted on, and heard once. */
import { createHash } from 'node:crypto';
import { adapterOf, type CallbackMessage, type CallbackResult, findChannel } from '../../channels/index.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { actOnCallback } from './act-on-callback.ts';
import { type Callback, callbackIdOf, type RawMessage } from './callback.ts';
import { insertCallback, readCallback } from './callback-store.ts';
import { type Callbacks, delayBeforeLook } from './callbacks.ts';

type Verified = Extract<CallbackResult, { outcome: 'verified' }>;
export type RejectionReason = Extract<CallbackResult, { outcome: 'rejected' }>['reason'];

export type Reception =
  | {
      readonly outcome: 'heard';
      /** as it is now */
      readonly callback: Callback;
      /** whether it had been acted on before */
      readonly repeated: boolean;
      /** what the channel wants to read */
      readonly answer: Verified['answer'];
    }
  /** nothing is kept: anybody may have sent it */
  | { readonly outcome: 'rejected'; readonly reason: Exclude<RejectionReason, 'unreadable'> }
  /** kept for people; `repeated` when it was before */
  | { readonly outcome: 'unreadable'; readonly id: CallbackId; readonly repeated: boolean };

/**
 * Stored as `received`, acted on, then marked with what became of it. A crash in between leaves it `received`: the channel has
 * no answer and calls again, or the sweep finds it, and it is acted on then.
 *
 * @throws when an event could not be booked, after all others were: the channel gets no answer and calls again
 */
export async function receiveCallback(
  callbacks: Callbacks,
  received: Omit<CallbackMessage, 'channel'> & { readonly channel: string },
): Promise<Reception | Refusal<'not_found'>> {
  const channel = await findChannel(callbacks.channels, received.channel);
  if (!channel) return refuse('not_found', 'There is no such channel.');
  const message = { ...received, channel: channel.id };
  const parsed = await adapterOf(callbacks.channels, channel).parseCallback(message);
  if (parsed.outcome === 'verified') return hear(callbacks, message, parsed);
  const { reason } = parsed;
  return reason === 'unreadable' ? keepUnreadable(callbacks, message) : { outcome: 'rejected', reason };
}

async function hear(callbacks: Callbacks, message: CallbackMessage, parsed: Verified): Promise<Reception> {
  const { messageId, events, answer } = parsed;
  const received = { ...startOf(message, messageId), messageId, state: 'received', events } as const;
  const inserted = await insertCallback(callbacks, received, rawOf(message));
  const known = inserted ? received : await readCallback(callbacks.table, received.id);
  if (!known) throw new Error(`the message ${received.id} of ${message.channel} is gone`);
  if (known.state !== 'received') return { outcome: 'heard', callback: known, repeated: true, answer };
  const callback = await actOnCallback(callbacks, known, { isLastLook: false });
  const delaySeconds = delayBeforeLook(1);
  if (callback.state === 'received' && delaySeconds !== undefined) {
    await callbacks.looks.send({ callbackId: callback.id, look: 1 }, delaySeconds);
  }
  return { outcome: 'heard', callback, repeated: false, answer };
}

/** It has no number that we can read, so its content stands for it. */
async function keepUnreadable(callbacks: Callbacks, message: CallbackMessage): Promise<Reception> {
  const digest = createHash('sha256').update(message.body).digest('hex');
  const callback = { ...startOf(message, `unreadable:${digest}`), state: 'unreadable', events: [] } as const;
  const inserted = await insertCallback(callbacks, callback, rawOf(message));
  return { outcome: 'unreadable', id: callback.id, repeated: !inserted };
}

const startOf = ({ channel, receivedAt }: CallbackMessage, messageId: string) => ({
  id: callbackIdOf(channel, messageId),
  channel,
  receivedAt,
  changedAt: receivedAt,
  outcomes: [],
  version: 1,
});

/** What proves the message; a bearer token that strays in here proves nothing and is not kept. */
function rawOf({ headers, body }: CallbackMessage): RawMessage {
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || name === 'authorization' || name === 'cookie' ? [] : [[name, value]],
  );
  return { headers: Object.fromEntries(kept), body };
}
