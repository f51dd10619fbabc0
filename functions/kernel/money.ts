/**
 * Money is an integer of minor units (分 for CNY, cents for USD) with its ISO 4217 currency. No float touches it:
 * rates are basis points, every division names its rounding, and a split hands out the remainder.
 */
import * as z from 'zod';

/** ISO 4217 alphabetic codes that the center books, each with its number of decimals. */
export const currencyDecimals = { CNY: 2, USD: 2, EUR: 2, GBP: 2, HKD: 2, JPY: 0, KRW: 0, KWD: 3 } as const;

export type Currency = keyof typeof currencyDecimals;

const currencies = Object.keys(currencyDecimals) as [Currency, ...Currency[]];

export const currencySchema = z.enum(currencies).meta({ description: 'ISO 4217 code', example: 'CNY' });

export interface Money {
  readonly amount: bigint;
  readonly currency: Currency;
}

/** The largest amount that JSON carries exactly, 2^53 − 1 minor units. */
export const maximumAmount = BigInt(Number.MAX_SAFE_INTEGER);

export const money = (amount: bigint, currency: Currency): Money => ({ amount, currency });

/**
 * Ten thousand million yuan, in minor units: nothing that is moved at once is that large, and thousands of such amounts still
 * add up to a balance that JSON carries exactly.
 */
export const maximumMovedAmount = 10n ** 12n;

/** What callers send: a positive whole number of minor units. */
export const positiveMoneySchema = z
  .strictObject({
    amount: z
      .int('must be a whole number of minor units')
      .positive('must be more than zero')
      .meta({ description: 'minor units (分, cents), a whole number up to 2^53 − 1', example: 10000 }),
    currency: currencySchema,
  })
  .meta({ id: 'PositiveMoney' });

/** What answers show: any whole number of minor units. */
export const moneySchema = z
  .strictObject({
    amount: z.int().meta({ description: 'minor units (分, cents)', example: 10000 }),
    currency: currencySchema,
  })
  .meta({ id: 'Money' });

/** What callers ask to be moved between accounts, or set aside. */
export const movedMoneySchema = positiveMoneySchema.refine(({ amount }) => BigInt(amount) <= maximumMovedAmount, {
  path: ['amount'],
  message: `must be at most ${maximumMovedAmount} minor units`,
});

export type MoneyJson = z.infer<typeof moneySchema>;

export const moneyFromJson = (json: MoneyJson): Money => ({ amount: BigInt(json.amount), currency: json.currency });

/** @throws RangeError when the amount is past what JSON carries exactly. */
export function moneyToJson({ amount, currency }: Money): MoneyJson {
  if (amount > maximumAmount || amount < -maximumAmount) {
    throw new RangeError(`an amount of ${currency} passes 2^53 − 1 minor units`);
  }
  return { amount: Number(amount), currency };
}

/** Share of an amount at a rate in basis points (1/10 000), half a minor unit away from zero. */
export function shareOf(amount: bigint, basisPoints: bigint): bigint {
  const product = amount * basisPoints;
  const half = product < 0n ? -5_000n : 5_000n;
  return (product + half) / 10_000n;
}

const decimalText = /^([+-]?)(\d{1,16})(?:\.(\d{1,8}))?$/;

/**
 * Minor units from decimal text such as a statement's `0.04000` yuan, rounded half away from zero at the currency's
 * last decimal. Never through a binary float.
 *
 * @returns undefined when the text is no plain decimal number.
 */
export function minorUnitsFromDecimal(text: string, currency: Currency): bigint | undefined {
  const match = decimalText.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const decimals = currencyDecimals[currency];
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const rounded = (fraction[decimals] ?? '0') >= '5' ? kept + 1n : kept;
  return sign === '-' ? -rounded : rounded;
}

/** Decimal text in major units, the inverse of {@link minorUnitsFromDecimal}: 10000 CNY is `100.00`. */
export function decimalFromMinorUnits(amount: bigint, currency: Currency): string {
  const decimals = currencyDecimals[currency];
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = amount < 0n ? '-' : '';
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-decimals)}`;
}
