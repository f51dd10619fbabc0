/** What is asked of routing, and what it answers. */
import * as z from 'zod';
import type { AccountId, BindingId, InstitutionId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { Channel, Product } from '../catalogue.ts';
import type { LimitOwner, LimitPeriod } from '../configuration/configuration.ts';
import type { Merchant } from '../merchant-store.ts';
import type { CircuitState } from './circuit.ts';

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
  /** of the binding; absent for what needs none; `assumed` to ask what could be done if there were one everywhere */
  readonly agreements?: Agreements | 'assumed' | undefined;
  /** what the payment holds already, which stands in its own way nowhere */
  readonly held?: readonly Reservation[] | undefined;
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
  /** what the slot may reach with this amount in it: its share of the limit, in minor units */
  ceiling: z.bigint(),
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

/** Which channels may take a payment, and why the others may not. */
export interface Routing {
  /** in the order in which they are asked */
  readonly routes: readonly Route[];
  readonly verdicts: readonly Verdict[];
}

/** Why a candidate was taken, and where it stands, or why it was left. */
export type Verdict = VerdictFacts &
  (
    | {
        readonly verdict: 'taken';
        /** 1 for the first that is asked */
        readonly rank: number;
        /** asked before all others, to learn whether its circuit can be closed */
        readonly probe: boolean;
        readonly successRate: number;
        readonly cost: Money;
        /** success rate × (amount − cost), in minor units: see `expectedValue` */
        readonly expectedValue: number;
      }
    | { readonly verdict: 'left'; readonly reason: LeftReason; readonly detail: string }
  );

export interface VerdictFacts {
  readonly channel: string;
  readonly merchantNo: string;
  readonly priority: number;
  /** of a channel that was looked at closer than by what operators have decided */
  readonly observed?: Observed | undefined;
}

export interface Observed {
  readonly successRate: number;
  /** orders that the rate was learnt from, within the window */
  readonly orders: number;
  readonly circuit: CircuitState;
  readonly cost: Money;
  /** the limits that count the order, each with what was left before it */
  readonly limits: readonly LimitRoom[];
  /** what was left of the merchant reserve before the order, where it is known */
  readonly reserve?: { readonly left: Money; readonly toldAt: Date } | undefined;
}

export interface LimitRoom {
  readonly limit: string;
  readonly per: LimitOwner;
  readonly period: LimitPeriod;
  readonly total: Money;
  readonly left: Money;
}

/** In the order in which they are looked for: the first that holds is given. */
export const leftReasons = [
  'not_routed',
  'channel_inactive',
  'merchant_suspended',
  'product_not_offered',
  'other_currency',
  'no_agreement',
  'switched_off',
  'under_maintenance',
  'outside_hours',
  'below_minimum',
  'above_maximum',
  'limit_exceeded',
  'insufficient_reserve',
  'circuit_open',
] as const;

export type LeftReason = (typeof leftReasons)[number];

/** What came of asking a channel, as its success rate counts it. */
export interface ChannelOutcome {
  readonly channel: string;
  readonly merchantNo: string;
  readonly product: Product;
  readonly at: Date;
  /** `declined` is the card's or order's own no, and says nothing about the channel; `refused` is the channel's */
  readonly outcome: 'succeeded' | 'declined' | 'refused' | 'silent';
}
