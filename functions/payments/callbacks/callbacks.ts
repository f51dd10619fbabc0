/** What the use cases of callbacks need, handed in. */
import type { Channels } from '../../channels/index.ts';
import type { CallbackId, PaymentId } from '../../kernel/ids.ts';
import type { PaymentBooks } from '../payments.ts';

/** What it takes to act on a message. */
export interface ActingBooks extends PaymentBooks {
  readonly contradictions: Contradictions;
}

/** A channel says the opposite of what it said before, or of what the books say since. */
export interface Contradiction {
  readonly paymentId: PaymentId;
  /** of the current attempt, or of one that was left behind */
  readonly channelOrderNo: string;
  readonly claim: 'succeeded' | 'failed';
  readonly channelTradeNo?: string | undefined;
  /** when the channel says that it happened */
  readonly at: Date;
}

/** Makes a difference (差异) of a contradiction, once, however often it is told; `later` while a statement of its day is at work. */
export interface Contradictions {
  readonly tell: (contradiction: Contradiction) => Promise<'told' | 'later'>;
}

export interface Callbacks extends ActingBooks {
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
