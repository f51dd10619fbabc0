/**
 * The contract that every channel's adapter fulfils, and that the conformance kit in `test/channels/conformance` holds it
 * to. An adapter translates: it decides nothing, stores nothing, and repeats no call.
 */
import type { Money } from '../kernel/money.ts';
import type { ChannelId } from './catalogue.ts';

/** A merchant number (商户号) at a channel; its credentials are looked up by the adapter. */
export interface MerchantReference {
  readonly channel: ChannelId;
  readonly merchantNo: string;
}

/**
 * `succeeded` and `refused` are the channel's own word and final. `unknown` is everything else (a time-out, a broken
 * line, a fault or a signature that does not fit): money may have moved, so it is resolved by a query and never by
 * paying again. Texts name no card, person or secret.
 */
export type ChannelResult =
  | {
      readonly outcome: 'succeeded';
      readonly channelTradeNo: string;
      readonly completedAt: Date;
      /** what was carried out, where a query tells it */
      readonly amount?: Money;
    }
  | ChannelRefusal
  | Unknown;

export interface ChannelRefusal {
  readonly outcome: 'refused';
  /** the channel's code, such as `insufficient_balance`: lower-case letters, digits and underscores, 64 at most */
  readonly reason: string;
  /** whether another channel may do better: the refusal is about this channel and not about the card or the order */
  readonly retryElsewhere: boolean;
  readonly channelTradeNo?: string;
}

export interface Unknown {
  readonly outcome: 'unknown';
  readonly cause: string;
}

/** What the payer has to do before the channel goes on: the order lies there and waits. */
export type PayerAction =
  /** the channel has sent a code to the card holder's phone, which {@link ChannelAdapter.confirmCollect} takes back */
  | { readonly type: 'code' }
  /** the payer's browser goes to the channel, by a link or by a form that it posts */
  | {
      readonly type: 'redirect';
      readonly method: 'GET' | 'POST';
      readonly url: string;
      /** the fields of a posted form, signed by the adapter */
      readonly fields?: Readonly<Record<string, string>>;
    };

export type CollectResult = ChannelResult | { readonly outcome: 'awaiting_payer'; readonly action: PayerAction };

/** `not_found` means: not yet arrived. `awaiting_payer`: arrived, and the payer has done nothing yet. */
export type QueryResult = ChannelResult | { readonly outcome: 'not_found' } | { readonly outcome: 'awaiting_payer' };

export interface Card {
  readonly number: string;
  readonly holderName: string;
  readonly idNumber: string;
  readonly mobile: string;
}

/** 对公账户 */
export interface CorporateAccount {
  readonly number: string;
  readonly companyName: string;
  readonly licenceNo: string;
  /** code of the bank that keeps it */
  readonly bank: string;
}

export type BindRequest = MerchantReference & {
  /** ours; the same number gives the same agreement */
  readonly requestNo: string;
} & ({ readonly card: Card } | { readonly corporateAccount: CorporateAccount });

export type BindResult =
  | { readonly outcome: 'succeeded'; readonly agreementNo: string }
  /** the channel has sent a code to the holder's phone and agrees when it comes back */
  | { readonly outcome: 'code_sent' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | Unknown;

export interface ConfirmBindingRequest extends MerchantReference {
  /** of the binding that the code was sent for */
  readonly requestNo: string;
  readonly code: string;
}

/** 两要素, 三要素, 四要素, 企业 */
export type VerificationFacts =
  | { readonly factors: 'two'; readonly name: string; readonly idNumber: string }
  | { readonly factors: 'three'; readonly name: string; readonly idNumber: string; readonly cardNumber: string }
  | {
      readonly factors: 'four';
      readonly name: string;
      readonly idNumber: string;
      readonly cardNumber: string;
      readonly mobile: string;
    }
  /** the channel confirms that the facts belong together and transfers a small amount of its own to the account */
  | { readonly factors: 'enterprise'; readonly account: CorporateAccount; readonly transfer: Money };

export type VerifyRequest = MerchantReference & {
  /** ours; the same number gives the same verdict and is charged once */
  readonly requestNo: string;
  readonly facts: VerificationFacts;
};

export type VerificationResult =
  | { readonly outcome: 'succeeded' }
  /** `retryElsewhere`: the channel could not look, and said nothing about the facts */
  | { readonly outcome: 'refused'; readonly reason: string; readonly retryElsewhere: boolean }
  | Unknown;

export interface VerificationReference extends MerchantReference {
  readonly requestNo: string;
}

interface Order extends MerchantReference {
  /** ours, 1 to 32 letters and digits; a channel carries an order number out once, however often it arrives */
  readonly channelOrderNo: string;
  readonly amount: Money;
  /** where the channel tells what became of it */
  readonly callbackUrl: string;
}

/** Money in (收款). */
export type CollectOrder = Order &
  (
    | { readonly product: 'withholding' | 'quick_payment'; readonly agreementNo: string }
    | {
        readonly product: 'personal_ebanking' | 'corporate_ebanking';
        /** code of the payer's bank */
        readonly bank: string;
        /** where the channel sends the payer's browser afterwards */
        readonly returnUrl: string;
        /** after which the channel takes no money for the order */
        readonly expiresAt: Date;
      }
  );

/** Money out (代付), to the card or corporate account of an agreement. */
export interface PayoutOrder extends Order {
  readonly agreementNo: string;
}

/** Many payouts in one order; each line ends on its own, under its own order number. */
export interface PayoutBatch extends MerchantReference {
  /** ours; a channel takes a batch once */
  readonly batchNo: string;
  readonly callbackUrl: string;
  readonly lines: readonly Pick<PayoutOrder, 'channelOrderNo' | 'amount' | 'agreementNo'>[];
}

/** `accepted`: each line is now an order of its own, to be queried or called back about. */
export type PayoutBatchResult = { readonly outcome: 'accepted' } | ChannelRefusal | Unknown;

/** Money back to where a collection came from (退款), whole or in part. */
export interface RefundOrder extends Order {
  /** our number of the collection, and the channel's */
  readonly original: { readonly channelOrderNo: string; readonly channelTradeNo: string };
}

/** What an order number stands for; each kind has numbers of its own at some channels. */
export type OrderKind = 'collection' | 'payout' | 'refund';

export interface ChannelOrderReference extends MerchantReference {
  readonly kind: OrderKind;
  readonly channelOrderNo: string;
}

/** 备付金: what lies at the channel to pay out of. */
export type ReserveResult =
  | { readonly outcome: 'known'; readonly balance: Money }
  | { readonly outcome: 'not_told' }
  | Unknown;

/** What came in at `POST /v1/channels/{channel}/callbacks`, untouched. */
export interface CallbackMessage {
  readonly channel: ChannelId;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly receivedAt: Date;
}

/** What a channel reports of its own accord, one fact for each order it speaks of. */
export type CallbackEvent = Pick<ChannelOrderReference, 'merchantNo' | 'channelOrderNo'> &
  (
    | { readonly kind: OrderKind; readonly result: Exclude<ChannelResult, Unknown> }
    /** 退票: a payout that had succeeded came back */
    | {
        readonly kind: 'payout_return';
        readonly channelTradeNo: string;
        readonly amount: Money;
        readonly returnedAt: Date;
      }
  );

export type CallbackResult =
  | {
      readonly outcome: 'verified';
      /** the channel's own number of this message, or what else never repeats: a message is heard once */
      readonly messageId: string;
      readonly events: readonly CallbackEvent[];
      /** what the channel wants to read before it believes that it was heard */
      readonly answer: { readonly contentType: string; readonly body: string };
    }
  /** `unsigned`, `wrong_signature` and `stale` prove nothing; `unreadable` is signed and in words that we don't know */
  | { readonly outcome: 'rejected'; readonly reason: 'unsigned' | 'wrong_signature' | 'stale' | 'unreadable' };

/**
 * Nothing here throws for what a channel does. An operation that a channel does not have is refused `not_offered`
 * ({@link adapterWith}).
 */
export interface ChannelAdapter {
  readonly bind: (request: BindRequest) => Promise<BindResult>;
  readonly confirmBinding: (request: ConfirmBindingRequest) => Promise<BindResult>;
  readonly verify: (request: VerifyRequest) => Promise<VerificationResult>;
  readonly queryVerification: (
    reference: VerificationReference,
  ) => Promise<VerificationResult | { readonly outcome: 'not_found' }>;
  readonly collect: (order: CollectOrder) => Promise<CollectResult>;
  /** Hands the payer's code over. A wrong code is refused `wrong_code` as often as the channel lets the payer try. */
  readonly confirmCollect: (
    reference: MerchantReference & { readonly channelOrderNo: string; readonly code: string },
  ) => Promise<ChannelResult>;
  readonly payout: (order: PayoutOrder) => Promise<ChannelResult>;
  readonly payoutBatch: (batch: PayoutBatch) => Promise<PayoutBatchResult>;
  readonly refund: (order: RefundOrder) => Promise<ChannelResult>;
  /** An order may still arrive after `not_found`, so it is closed before the payment is given up. */
  readonly query: (reference: ChannelOrderReference) => Promise<QueryResult>;
  /**
   * Closes an order that is not final, whether it has arrived or not: it then answers `refused`, and so does a late
   * arrival. A final order answers what became of it.
   */
  readonly cancel: (reference: ChannelOrderReference) => Promise<ChannelResult>;
  readonly queryReserve: (merchant: MerchantReference) => Promise<ReserveResult>;
  readonly parseCallback: (message: CallbackMessage) => Promise<CallbackResult>;
}

const notOffered = { outcome: 'refused', reason: 'not_offered', retryElsewhere: true } as const;

/** What stands in for the operations that a channel lacks: a definite no, which is about the channel. */
const lacking: ChannelAdapter = {
  bind: async () => notOffered,
  confirmBinding: async () => notOffered,
  verify: async () => notOffered,
  queryVerification: async () => notOffered,
  collect: async () => notOffered,
  confirmCollect: async () => notOffered,
  payout: async () => notOffered,
  payoutBatch: async () => notOffered,
  refund: async () => notOffered,
  query: async () => notOffered,
  cancel: async () => notOffered,
  queryReserve: async () => ({ outcome: 'not_told' }),
  parseCallback: async () => ({ outcome: 'rejected', reason: 'unsigned' }),
};

/** An adapter of what a channel can do. */
export const adapterWith = (operations: Partial<ChannelAdapter>): ChannelAdapter => ({ ...lacking, ...operations });

export type AdapterOperation = keyof ChannelAdapter;

/** What an adapter can do, as opposed to what {@link adapterWith} filled in. */
export const offeredBy = (adapter: ChannelAdapter): readonly AdapterOperation[] =>
  // the keys of an adapter are the operations
  (Object.keys(lacking) as AdapterOperation[]).filter((operation) => adapter[operation] !== lacking[operation]);
