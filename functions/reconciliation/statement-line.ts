/** One line of a channel's statement (对账文件), in the same words whatever its format. */
import type { Currency } from '../kernel/money.ts';

/** 收款, 退款, 代付, 退票 */
export const lineKinds = ['collection', 'refund', 'payout', 'payout_return'] as const;

export type LineKind = (typeof lineKinds)[number];

/** `revoked`: the channel took a payment back on the day itself, as WeChat Pay does with pay-code payments. */
export const lineStatuses = ['succeeded', 'processing', 'failed', 'revoked'] as const;

export type LineStatus = (typeof lineStatuses)[number];

export interface StatementLine {
  /** counted from 1 in the decompressed file, its header included */
  readonly lineNumber: number;
  readonly kind: LineKind;
  /** our number of the order or refund, empty where the channel shows none */
  readonly ourReference: string;
  /** the channel's own number */
  readonly channelReference: string;
  /** minor units, not negative: the kind gives the direction */
  readonly amount: bigint;
  /** what the channel charged, minor units; negative where it gave a fee back */
  readonly fee: bigint;
  readonly currency: Currency;
  readonly status: LineStatus;
  readonly at: Date;
  readonly raw: string;
}

/** A line that can't be read. The rest of the file is worked on without it, but the day can't be settled. */
export interface LineError {
  readonly lineNumber: number;
  readonly reason: string;
  readonly raw: string;
}

/** What a successful order of a kind does to the merchant's money at the channel, in minor units; a fee lowers it. */
export function netOf({ kind, amount, fee }: Pick<StatementLine, 'kind' | 'amount' | 'fee'>): bigint {
  const flowsIn = kind === 'collection' || kind === 'payout_return';
  return (flowsIn ? amount : -amount) - fee;
}
