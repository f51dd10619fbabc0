/** What a channel charges us, or we charge a business: by amount, and by the day from which a version holds. */
import type { AccountingDate } from '../kernel/clock.ts';
import { shareOf } from '../kernel/money.ts';

/** A flat part and a share of the amount, of orders up to an amount. All in minor units of the order's currency. */
export interface FeeTier {
  /** the largest amount that the tier is for; absent in the last tier, which takes all others */
  readonly upTo?: bigint | undefined;
  readonly flat: bigint;
  /** hundredths of a percent of the whole amount, half a minor unit rounded up */
  readonly basisPoints: bigint;
}

export interface Fee {
  /** in ascending order of `upTo` */
  readonly tiers: readonly FeeTier[];
  readonly minimum?: bigint | undefined;
  readonly maximum?: bigint | undefined;
}

export interface FeeVersion {
  /** the first day on which it holds */
  readonly from: AccountingDate;
  readonly fee: Fee;
}

/** In ascending order of `from`. */
export type FeeSchedule = readonly FeeVersion[];

/** Of one order: its tier's flat part and share, then held between minimum and maximum. */
export function feeOf({ tiers, minimum, maximum }: Fee, amount: bigint): bigint {
  const tier = tiers.find(({ upTo }) => upTo === undefined || amount <= upTo) ?? tiers.at(-1);
  const fee = tier ? tier.flat + shareOf(amount, tier.basisPoints) : 0n;
  if (minimum !== undefined && fee < minimum) return minimum;
  return maximum !== undefined && fee > maximum ? maximum : fee;
}

/** The version in force on a day; nothing is charged before the first one. */
export const feeOn = (schedule: FeeSchedule, day: AccountingDate): Fee =>
  schedule.findLast(({ from }) => from <= day)?.fee ?? { tiers: [] };

/** One flat part and one share for orders of every amount, in force since ever. */
export const fixedFee = (tier: Pick<FeeTier, 'flat' | 'basisPoints'>): FeeSchedule => [
  { from: '0001-01-01' as AccountingDate, fee: { tiers: [tier] } }, // the first day that a date can name
];

/** A plain share of the amount. */
export const shareFee = (basisPoints: bigint): FeeSchedule => fixedFee({ flat: 0n, basisPoints });

/** A fixed charge for each order. */
export const flatFee = (flat: bigint): FeeSchedule => fixedFee({ flat, basisPoints: 0n });
