/** A message that waits for its payment is looked at again, for some minutes by the queue and then for days by the sweep. */
import { actOnCallback } from './act-on-callback.ts';
import type { Callback } from './callback.ts';
import { readCallback } from './callback-store.ts';
import { type Callbacks, delayBeforeLook, type Look } from './callbacks.ts';

export type LookOutcome =
  /** it has come to where it stays, now or since before */
  | { readonly outcome: 'concluded'; readonly callback: Callback; readonly changed: boolean }
  /** it waits on */
  | { readonly outcome: 'requeued' }
  | { readonly outcome: 'gone' };

/** 1 read unit for a message that has nothing left to do. */
export async function lookAgain(
  callbacks: Pick<Callbacks, 'looks'> & Parameters<typeof actOnCallback>[0],
  { callbackId, look }: Look,
): Promise<LookOutcome> {
  const callback = await readCallback(callbacks.table, callbackId);
  if (!callback) return { outcome: 'gone' };
  if (callback.state !== 'received' && callback.state !== 'unmatched') {
    return { outcome: 'concluded', callback, changed: false };
  }
  const delaySeconds = delayBeforeLook(look + 1);
  const after = await actOnCallback(callbacks, callback, { isLastLook: delaySeconds === undefined });
  if (after.state === 'received' && delaySeconds !== undefined) {
    await callbacks.looks.send({ callbackId, look: look + 1 }, delaySeconds);
    return { outcome: 'requeued' };
  }
  return { outcome: 'concluded', callback: after, changed: after.state !== callback.state };
}
