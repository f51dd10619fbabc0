/** The sandbox's own list of what it serves and charges, agreed with the center and kept apart from the center's. */
import * as z from 'zod';
import { shareOf } from '../kernel/money.ts';

/** Statement days begin at midnight here. */
export const statementTimeZone = 'Asia/Shanghai';

const served = {
  'sandbox-wallet': { withholding: 60n, verification: 0n },
  'sandbox-bank': { withholding: 25n, payout: 10n, verification: 0n },
} as const satisfies Record<string, Partial<Record<OrderProduct | 'verification', bigint>>>;

export type OrderProduct = 'withholding' | 'payout';

export const servedChannelSchema = z.enum(['sandbox-wallet', 'sandbox-bank']);

export type ServedChannel = z.infer<typeof servedChannelSchema>;

/** A merchant number at one of our channels; we open one for whoever names it. */
export const merchantSchema = z.object({
  channel: servedChannelSchema,
  merchantNo: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
});

export type ServedMerchant = z.infer<typeof merchantSchema>;

/** @returns undefined where the channel does not offer the product. */
export function feeBasisPointsOf(channel: ServedChannel, product: OrderProduct): bigint | undefined {
  const offered: Partial<Record<OrderProduct, bigint>> = served[channel];
  return offered[product];
}

/** The fee of one order, half a minor unit rounded up. */
export const feeOf = (amount: bigint, feeBasisPoints: bigint): bigint => shareOf(amount, feeBasisPoints);
