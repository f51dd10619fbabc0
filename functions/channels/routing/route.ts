/** What is asked of routing, and what it answers. */
import * as z from 'zod';
import type { AccountId, BindingId, InstitutionId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { Channel, Product } from '../catalogue.ts';
import type { Merchant } from '../merchant-store.ts';

/** Of a card binding, by channel: the merchant number and the agreement that payments use. */
export type Agreements = Readonly<Record<string, { readonly merchantNo: string; readonly agreementNo: string }>>;

export interface RoutingRequest {
  readonly institutionId: InstitutionId;
  readonly product: Product;
  readonly amount: Money;
  /** code of the bank on the other side, where it is known */
  readonly bank?: string | undefined;
  /** whose limits count */
  readonly accountId?: AccountId | undefined;
  readonly bindingId?: BindingId | undefined;
  /** of the binding; absent for what needs none */
  readonly agreements?: Agreements | undefined;
  readonly at: Date;
}

/**
 * Room that a payment takes under a limit or out of a merchant reserve: reserved by a write of the transaction that stores the payment,
 * and given back by one of the transaction in which it fails. A payment keeps what it holds.
 */
export const reservationSchema = z.object({
  /** key of the counter's item, without its slot */
  counter: z.string(),
  slot: z.coerce.number(),
  /** minor units */
  amount: z.bigint(),
});

export type Reservation = z.infer<typeof reservationSchema>;

/** A channel that may take the payment. */
export interface Route {
  readonly channel: Channel;
  readonly merchant: Merchant;
  /** the holder's agreement, where the product needs one */
  readonly agreementNo?: string | undefined;
  /** what the channel is expected to charge */
  readonly cost: Money;
  readonly reservations: readonly Reservation[];
}

/** Why a candidate was taken, and where it stands, or why it was left. */
export type Verdict = {
  readonly channel: string;
  readonly merchantNo: string;
  readonly priority: number;
} & (
  | {
      readonly verdict: 'taken';
      /** 1 for the first that is asked */
      readonly rank: number;
      readonly successRate: number;
      readonly cost: Money;
      /** success rate × (amount − cost), in minor units */
      readonly expectedValue: number;
    }
  | { readonly verdict: 'left'; readonly reason: LeftReason; readonly detail: string }
);

export type LeftReason =
  | 'product_not_offered'
  | 'other_currency'
  | 'no_agreement'
  | 'switched_off'
  | 'under_maintenance'
  | 'outside_hours'
  | 'below_minimum'
  | 'above_maximum'
  | 'limit_exceeded'
  | 'insufficient_reserve'
  | 'circuit_open';

export interface Routing {
  /** in the order in which they are asked */
  readonly routes: readonly Route[];
  readonly verdicts: readonly Verdict[];
}

/** What came of asking a channel, as its success rate counts it. */
export interface ChannelOutcome {
  readonly channel: string;
  readonly product: Product;
  readonly at: Date;
  /** `declined` is the card's or order's own no, and says nothing about the channel; `refused` is the channel's */
  readonly outcome: 'succeeded' | 'declined' | 'refused' | 'silent';
}
