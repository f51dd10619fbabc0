/**
 * What operators have decided about channels, as routing and fees read it: plain values, amounts in minor units, ids as
 * the operators chose them. How each kind looks over HTTP is said in `kinds/`, where it is stored in `configuration-store.ts`.
 */
import type { InstitutionId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import type { Channel, ChannelId, Product } from '../catalogue.ts';
import type { FeeSchedule } from '../fees.ts';

/** Everything but the card bins, of which there are thousands: those are looked up one by one (`bankOfCard`). */
export interface Configuration {
  /** active ones and others: an order that lies at a switched-off channel is still asked about */
  readonly channels: readonly Channel[];
  readonly banks: readonly Bank[];
  readonly switches: readonly BankSwitch[];
  readonly limits: readonly Limit[];
  readonly routes: readonly RouteRule[];
  readonly fees: readonly ChargedFee[];
}

/** A cooperating bank (合作银行). */
export interface Bank {
  /** such as `ICBC`: upper-case letters and digits, 2 to 20 */
  readonly code: string;
  readonly name: { readonly en: string; readonly zh: string };
}

/** What a switch or limit is for: an absent part means all of them. */
export interface Coverage {
  readonly channel?: ChannelId | undefined;
  readonly bank?: string | undefined;
  readonly product?: Product | undefined;
}

/**
 * 银行开关. Each switch that covers an order has its say: one that is off, or in one of its windows, turns the order away.
 * A switch for one bank says nothing about an order whose bank is not known.
 */
export interface BankSwitch extends Coverage {
  readonly id: string;
  readonly on: boolean;
  /** planned; an order is turned away where `from` <= now < `to` */
  readonly maintenance: readonly { readonly from: Date; readonly to: Date }[];
  /** for operators and the route's explanation, such as `bank upgrade` */
  readonly reason: string;
}

/** What a limit's counters count by. */
export const limitPeriods = ['daily', 'monthly'] as const;
export type LimitPeriod = (typeof limitPeriods)[number];

export const limitOwners = ['channel', 'bank', 'account', 'card'] as const;
export type LimitOwner = (typeof limitOwners)[number];

/**
 * 限额. Every limit that covers an order, in the order's currency, holds. It has a counter of its own for each `per` that it
 * meets: each channel, each bank, each member account or each card (binding), over all channels, banks and products that it
 * covers. An order whose owner is not known (a limit per card, and no binding) is not counted.
 */
export interface Limit extends Coverage {
  readonly id: string;
  readonly per: LimitOwner;
  readonly currency: Currency;
  /** of a single order, both included; minor units, as all amounts here */
  readonly minimum?: bigint | undefined;
  readonly maximum?: bigint | undefined;
  /** what the orders of one day, and of one calendar month, may add up to; days are those of the order's channel */
  readonly daily?: bigint | undefined;
  readonly monthly?: bigint | undefined;
}

/**
 * 路由. Which merchant numbers take an institution's orders of a product, and how soon each is asked. Of the rules that fit an
 * order only the most specific one is followed: one of the institution before one for all, then one of the bank before one for
 * all. Where a rule is followed, merchant numbers that it does not name are no candidates; where none is, each merchant
 * number's own priority holds.
 */
export interface RouteRule {
  readonly id: string;
  readonly institution?: InstitutionId | undefined;
  readonly product: Product;
  readonly bank?: string | undefined;
  /** at least one; the lowest priority is asked first, equal ones compete by expected value */
  readonly candidates: readonly RouteCandidate[];
}

export interface RouteCandidate {
  readonly channel: ChannelId;
  /** absent: each of the institution's merchant numbers at the channel */
  readonly merchantNo?: string | undefined;
  readonly priority: number;
}

/**
 * What the center charges for an order. Of the fees that fit, the institution's own goes before one for all (`*`), once for
 * each payer.
 */
export interface ChargedFee {
  readonly id: string;
  readonly institution: InstitutionId | '*';
  readonly product: Product;
  readonly payer: 'member' | 'institution';
  readonly schedule: FeeSchedule;
}

/** 卡 BIN: whose cards begin so. */
export interface CardBin {
  /** 4 to 10 digits */
  readonly prefix: string;
  /** code of the bank */
  readonly bank: string;
  readonly cardType: CardType;
}

export const cardTypes = ['debit', 'credit', 'prepaid'] as const;
export type CardType = (typeof cardTypes)[number];

/** Channels and nothing decided about them. */
export const configurationOf = (channels: readonly Channel[]): Configuration => ({
  channels,
  banks: [],
  switches: [],
  limits: [],
  routes: [],
  fees: [],
});

/** The fee schedule that an order is charged by: the institution's own, else the one for all. */
export const chargedFee = (
  { fees }: Pick<Configuration, 'fees'>,
  order: { readonly institutionId: InstitutionId; readonly product: Product; readonly payer: ChargedFee['payer'] },
): ChargedFee | undefined => {
  const fitting = fees.filter(({ product, payer }) => product === order.product && payer === order.payer);
  return (
    fitting.find(({ institution }) => institution === order.institutionId) ??
    fitting.find(({ institution }) => institution === '*')
  );
};
