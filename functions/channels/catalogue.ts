/** Which channels there are, what they offer and what they charge. */
import * as z from 'zod';
import type { AccountingDate } from '../kernel/clock.ts';
import type { OpeningHours } from './configuration/opening-hours.ts';
import { type FeeSchedule, feeOf, feeOn, fixedFee, flatFee, shareFee } from './fees.ts';

declare const channelIdBrand: unique symbol;
export type ChannelId = string & { readonly [channelIdBrand]: true };

export const channelIdPattern = /^[a-z][a-z0-9-]{1,39}$/;

/** The shape of a channel's id; whether there is such a channel is asked of the catalogue. */
export const channelIdSchema = z
  .string()
  .regex(channelIdPattern, 'is no channel id')
  .transform((text) => text as ChannelId) // the pattern has just been checked
  .meta({ description: 'id of a channel', example: 'sandbox-wallet' });

/** 代扣, 认证支付, 个人网银, 企业网银, 代付, 鉴权 */
export const products = [
  'withholding',
  'quick_payment',
  'personal_ebanking',
  'corporate_ebanking',
  'payout',
  'verification',
] as const;

export type Product = (typeof products)[number];

export const productSchema = z.enum(products);

/** The products that an agreement with the holder is needed for; the others need the payer's own browser, or nobody. */
export const needsAgreement = (product: Product): boolean =>
  product === 'withholding' || product === 'quick_payment' || product === 'payout';

/**
 * The adapters that there are; each speaks one company's language. `statements-only` speaks none: it is for a bank, or any other
 * channel, that we know by its statements alone.
 */
export const adapterNames = ['sandbox', 'sandbox-xml', 'stripe', 'statements-only'] as const;

export type AdapterName = (typeof adapterNames)[number];

/** How a channel sells a product. */
export interface ProductTerms {
  readonly cost: FeeSchedule;
  /** whether a refund gives the cost of its amount back (退手续费) */
  readonly feeBackOnRefund?: boolean | undefined;
  /** absent: around the clock */
  readonly hours?: OpeningHours | undefined;
}

export interface Channel {
  readonly id: ChannelId;
  readonly name: string;
  readonly adapter: AdapterName;
  /** whether it takes new orders */
  readonly active: boolean;
  /** what it offers, each with what it charges per order */
  readonly products: Partial<Record<Product, ProductTerms>>;
  /** in which its statement days begin */
  readonly timeZone: string;
  /** names of the formats (对账文件格式) that it delivers */
  readonly statementFormats: readonly string[];
}

/** The channels that the sandbox serves, where it is deployed. */
export const sandboxChannels: readonly Channel[] = [
  {
    id: channelIdSchema.parse('sandbox-wallet'),
    name: 'Sandbox Wallet',
    adapter: 'sandbox',
    active: true,
    products: {
      withholding: { cost: shareFee(60n), feeBackOnRefund: true },
      quick_payment: { cost: shareFee(55n), feeBackOnRefund: true },
      verification: { cost: flatFee(20n) },
    },
    timeZone: 'Asia/Shanghai',
    statementFormats: ['wechat-tradebill'],
  },
  {
    id: channelIdSchema.parse('sandbox-bank'),
    name: 'Sandbox Bank',
    adapter: 'sandbox',
    active: true,
    products: {
      withholding: { cost: shareFee(25n), feeBackOnRefund: true },
      quick_payment: { cost: shareFee(30n), feeBackOnRefund: true },
      personal_ebanking: { cost: shareFee(20n), feeBackOnRefund: true },
      corporate_ebanking: { cost: flatFee(1_000n) },
      payout: { cost: shareFee(10n) },
      verification: { cost: flatFee(50n) },
    },
    timeZone: 'Asia/Shanghai',
    statementFormats: ['sandbox-csv'],
  },
  {
    id: channelIdSchema.parse('sandbox-xml-bank'),
    name: 'Sandbox XML Bank',
    adapter: 'sandbox-xml',
    active: true,
    products: {
      withholding: { cost: shareFee(28n), feeBackOnRefund: true },
      quick_payment: { cost: shareFee(28n), feeBackOnRefund: true },
      personal_ebanking: { cost: shareFee(18n), feeBackOnRefund: true },
      corporate_ebanking: { cost: fixedFee({ flat: 200n, basisPoints: 5n }) },
      payout: { cost: flatFee(100n) },
      verification: { cost: flatFee(30n) },
    },
    timeZone: 'Asia/Shanghai',
    statementFormats: ['sandbox-csv'],
  },
];

/**
 * What we expect the channel to charge for one order of a day, in minor units; the statement's fee is compared with it.
 *
 * @throws RangeError where the channel does not offer the product: whoever asks has chosen the channel by its products.
 */
export function channelCost(
  channel: Pick<Channel, 'id' | 'products'>,
  { product, amount, day }: { readonly product: Product; readonly amount: bigint; readonly day: AccountingDate },
): bigint {
  const terms = channel.products[product];
  if (!terms) throw new RangeError(`${channel.id} does not offer ${product}`);
  return feeOf(feeOn(terms.cost, day), amount);
}
