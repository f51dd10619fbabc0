/** The contract that every channel's adapter fulfils. Its three answers are definite, definite and silence. */
import type { Money } from '../kernel/money.ts';
import type { ChannelId, Product } from './catalogue.ts';

/**
 * `succeeded` and `refused` are the channel's own word and final. `unknown` is everything else (a time-out, a broken
 * line, a fault or a signature that does not fit): money may have moved, so it is resolved by a query and never by
 * paying again. Texts name no card, person or secret.
 */
export type ChannelResult =
  | { readonly outcome: 'succeeded'; readonly channelTradeNo: string; readonly completedAt: Date }
  | ChannelRefusal
  | Unknown;

export interface ChannelRefusal {
  readonly outcome: 'refused';
  /** the channel's code, such as `insufficient_balance` */
  readonly reason: string;
  /** whether another channel may do better: the refusal is about this channel and not about the card or the order */
  readonly retryElsewhere: boolean;
  readonly channelTradeNo?: string;
}

export interface Unknown {
  readonly outcome: 'unknown';
  readonly cause: string;
}

export type BindResult =
  | { readonly outcome: 'succeeded'; readonly agreementNo: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | Unknown;

export type VerificationResult =
  | { readonly outcome: 'succeeded' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | Unknown;

export type QueryResult = ChannelResult | { readonly outcome: 'not_found' };

export interface BindRequest {
  readonly channel: ChannelId;
  readonly merchantNo: string;
  /** ours; the same number gives the same agreement */
  readonly requestNo: string;
  readonly card: {
    readonly number: string;
    readonly holderName: string;
    readonly idNumber: string;
    readonly mobile: string;
  };
}

export interface VerifyIdentityRequest {
  readonly channel: ChannelId;
  readonly merchantNo: string;
  readonly requestNo: string;
  readonly name: string;
  readonly idNumber: string;
}

export interface ChannelOrder {
  readonly channel: ChannelId;
  readonly merchantNo: string;
  /** ours; a channel carries an order number out once, however often it arrives */
  readonly channelOrderNo: string;
  readonly amount: Money;
  readonly agreementNo: string;
  readonly product: Product;
}

export type ChannelOrderReference = Pick<ChannelOrder, 'channel' | 'merchantNo' | 'channelOrderNo'>;

/** An adapter makes each call once and never repeats a payment itself. Nothing here throws for what a channel does. */
export interface ChannelAdapter {
  readonly bindCard: (request: BindRequest) => Promise<BindResult>;
  readonly verifyIdentity: (request: VerifyIdentityRequest) => Promise<VerificationResult>;
  readonly collect: (order: ChannelOrder) => Promise<ChannelResult>;
  readonly payout: (order: ChannelOrder) => Promise<ChannelResult>;
  /** `not_found` means: not yet arrived. It may still arrive, so it is closed before the payment is given up. */
  readonly query: (reference: ChannelOrderReference) => Promise<QueryResult>;
  /**
   * Closes an order that is not final, whether it has arrived or not: it then answers `refused`, and so does a late
   * arrival. A final order answers what became of it.
   */
  readonly cancel: (reference: ChannelOrderReference) => Promise<ChannelResult>;
}
