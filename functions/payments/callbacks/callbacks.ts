/** What the use cases of callbacks need, handed in. */
import type { Channels } from '../../channels/index.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import type { PaymentBooks } from '../payments.ts';

export interface Callbacks extends PaymentBooks {
  readonly channels: Pick<Channels, 'table' | 'catalogue' | 'adapters'>;
  readonly looks: LookQueue;
}

/** A message whose payment is not there yet is looked at again. */
export interface Look {
  readonly callbackId: CallbackId;
  /** 1 for the first after it came */
  readonly look: number;
}

/** Delivers each message at least once, not before its delay. */
export interface LookQueue {
  readonly send: (look: Look, delaySeconds: number) => Promise<void>;
}

/**
 * For ten minutes: whatever a channel tells of was stored here before the channel heard of it, so only a store that lags, or a
 * return that overtakes its success, is waited for.
 */
const delaysSeconds = [5, 15, 60, 180, 300] as const;

/** After which a message whose payment is not there stays `unmatched`. */
export const lastLook = delaysSeconds.length;

/** @returns undefined when it is not looked at any more */
export const delayBeforeLook = (look: number): number | undefined => delaysSeconds[look - 1];
