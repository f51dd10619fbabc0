/** 备付金: what lies at a channel to pay out of, as it was last told, and what payouts have taken of it since. */
import type { Money } from '../../kernel/money.ts';
import type { ChannelId } from '../catalogue.ts';
import type { Counter } from './counters.ts';

export interface Reserve {
  readonly channel: ChannelId;
  readonly merchantNo: string;
  /** counts how often the balance was told: payouts take from the latest telling alone */
  readonly epoch: number;
  /** as told; negative where more is owed than lies there */
  readonly balance: Money;
  /** below this it is said to be low; absent: never */
  readonly lowWater?: bigint | undefined;
  readonly toldAt: Date;
  /** an operator's client id, or `channel` */
  readonly toldBy: string;
}

/** Payouts of one merchant number; some tens a second rarely meet in eight slots. */
export const reserveSlots = 8;

export const reserveCounter = ({ channel, merchantNo, epoch, balance }: Reserve): Counter => ({
  key: `RESERVE#${channel}#${merchantNo}#${epoch}`,
  limit: balance.amount > 0n ? balance.amount : 0n,
  slots: reserveSlots,
});
