import { type Currency, currencyDecimals } from '../../kernel/money.ts';
import { exactSum } from './frame.ts';

export interface ExactAmount {
  readonly minorUnits: bigint;
  /** the same as control sums are kept */
  readonly exact: bigint;
}

/**
 * An amount that moved and therefore is whole minor units: decimals past the currency's must be zeros.
 *
 * @returns undefined for anything else: rounding would book what nobody moved
 */
export function exactAmount(text: string, currency: Currency): ExactAmount | undefined {
  const exact = exactSum(text);
  if (exact === undefined) return undefined;
  const unit = 10n ** BigInt(5 - currencyDecimals[currency]);
  return exact % unit === 0n ? { minorUnits: exact / unit, exact } : undefined;
}
