/** The sandbox's own list of what it serves and charges, agreed with the center and kept apart from the center's. */
import * as z from 'zod';
import { shareOf } from '../kernel/money.ts';

/** Statement days begin at midnight here. */
export const statementTimeZone = 'Asia/Shanghai';

export const orderProducts = [
  'withholding',
  'quick_payment',
  'personal_ebanking',
  'corporate_ebanking',
  'payout',
] as const;

export type OrderProduct = (typeof orderProducts)[number];

/** What one order costs: a flat part in minor units, and a share of its amount in hundredths of a percent. */
export interface Fee {
  readonly flat: bigint;
  readonly basisPoints: bigint;
}

type Offer = Partial<Record<OrderProduct | 'verification', Fee>>;

const share = (basisPoints: bigint): Fee => ({ flat: 0n, basisPoints });
const flat = (amount: bigint): Fee => ({ flat: amount, basisPoints: 0n });

const served = {
  'sandbox-wallet': { withholding: share(60n), quick_payment: share(55n), verification: flat(20n) },
  'sandbox-bank': {
    withholding: share(25n),
    quick_payment: share(30n),
    personal_ebanking: share(20n),
    corporate_ebanking: flat(1_000n),
    payout: share(10n),
    verification: flat(50n),
  },
  'sandbox-xml-bank': {
    withholding: share(28n),
    quick_payment: share(28n),
    personal_ebanking: share(18n),
    corporate_ebanking: { flat: 200n, basisPoints: 5n },
    payout: flat(100n),
    verification: flat(30n),
  },
} as const satisfies Record<string, Offer>;

export const servedChannelSchema = z.enum(['sandbox-wallet', 'sandbox-bank', 'sandbox-xml-bank']);

export type ServedChannel = z.infer<typeof servedChannelSchema>;

/** A merchant number at one of our channels; we open one for whoever names it. */
export const merchantSchema = z.object({
  channel: servedChannelSchema,
  merchantNo: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
});

export type ServedMerchant = z.infer<typeof merchantSchema>;

/** @returns undefined where the channel does not offer the product. */
export function feeFor(channel: ServedChannel, product: OrderProduct | 'verification'): Fee | undefined {
  const offered: Offer = served[channel];
  return offered[product];
}

/** The fee of one order, half a minor unit rounded up. */
export const feeOf = (amount: bigint, fee: Fee): bigint => fee.flat + shareOf(amount, fee.basisPoints);

/** What a refund gives back: its share of the amount. A fee with a flat part stays charged as it is. */
export const givenBackOf = (amount: bigint, fee: Fee): bigint =>
  fee.flat === 0n ? shareOf(amount, fee.basisPoints) : 0n;
