/** One line of a channel's statement (对账文件), in the same words whatever its format. */
import type { Currency } from '../kernel/money.ts';

/**
 * What a line did to the merchant's money at the channel.
 *
 * | kind | | |
 * | --- | --- | --- |
 * | `collection`, `refund` | 收款, 退款 | from and back to a payer |
 * | `refund_return` | 退款退回 | a refund that could not be delivered came back |
 * | `payout`, `payout_return` | 代付, 退票 | to somebody's bank account, and what its bank sent back |
 * | `fee` | 手续费 | a charge on a line of its own: the amount is 0, the fee says it all |
 * | `settlement`, `settlement_return` | 结算到银行 | to our own bank account, and what came back of it |
 * | `credit`, `debit` | 其他收入, 其他支出 | anything else: chargebacks, corrections, transfers between balances |
 */
export const lineKinds = [
  'collection',
  'refund',
  'refund_return',
  'payout',
  'payout_return',
  'fee',
  'settlement',
  'settlement_return',
  'credit',
  'debit',
] as const;

export type LineKind = (typeof lineKinds)[number];

/** `revoked`: the channel took a payment back on the day itself, as WeChat Pay does with pay-code payments. */
export const lineStatuses = ['succeeded', 'processing', 'failed', 'revoked'] as const;

export type LineStatus = (typeof lineStatuses)[number];

export interface StatementLine {
  /** counted from 1 in the decompressed file, its header included; of a record over several lines, the first */
  readonly lineNumber: number;
  readonly kind: LineKind;
  /** our number of the order or refund, empty where the channel shows none; of a fee, the order's that it was charged for */
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
  /** the channel's number of the settlement that pays this line out to our bank, where the line names it */
  readonly settlementReference?: string | undefined;
  /** a bank's free text, in which a settlement's number may stand */
  readonly remittance?: string | undefined;
  readonly raw: string;
}

/** A line that can't be read. The rest of the file is worked on without it, but the day can't be settled. */
export interface LineError {
  readonly lineNumber: number;
  readonly reason: string;
  readonly raw: string;
}

const inward: ReadonlySet<LineKind> = new Set<LineKind>([
  'collection',
  'refund_return',
  'payout_return',
  'settlement_return',
  'credit',
]);

/** What a successful order of a kind does to the merchant's money at the channel, in minor units; a fee lowers it. */
export const netOf = ({ kind, amount, fee }: Pick<StatementLine, 'kind' | 'amount' | 'fee'>): bigint =>
  (inward.has(kind) ? amount : -amount) - fee;
