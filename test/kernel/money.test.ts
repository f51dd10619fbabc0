import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  currencyDecimals,
  decimalFromMinorUnits,
  maximumAmount,
  minorUnitsFromDecimal,
  money,
  moneyToJson,
  positiveMoneySchema,
  shareOf,
} from '../../functions/kernel/money.ts';

const currency = fc.constantFrom(...(Object.keys(currencyDecimals) as (keyof typeof currencyDecimals)[]));

describe('decimal text', () => {
  test('survives the way out and back in every currency', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -maximumAmount, max: maximumAmount }), currency, (amount, code) => {
        expect(minorUnitsFromDecimal(decimalFromMinorUnits(amount, code), code)).toBe(amount);
      }),
    );
  });

  test.each([
    ['0.04000', 'CNY', 4n],
    ['0.005', 'CNY', 1n],
    ['-0.005', 'CNY', -1n],
    ['0.0049', 'CNY', 0n],
    ['12', 'CNY', 1200n],
    ['+1.5', 'CNY', 150n],
    ['1500', 'JPY', 1500n],
    ['1.2345', 'KWD', 1235n],
    ['90071992547409.91', 'CNY', 9007199254740991n],
  ] as const)('%s %s is %s minor units', (text, code, amount) => {
    expect(minorUnitsFromDecimal(text, code)).toBe(amount);
  });

  test.each(['', '.', '1.', '.5', '1,000.00', '1e3', '0x10', '１２', '1 ', '--1', 'NaN', '1.123456789'])(
    'refuses %j, which is no plain decimal number',
    (text) => {
      expect(minorUnitsFromDecimal(text, 'CNY')).toBeUndefined();
    },
  );
});

describe('a share of an amount', () => {
  test('is the nearest minor unit, half away from zero', () => {
    expect(shareOf(10_000n, 60n)).toBe(60n);
    expect(shareOf(250n, 20n)).toBe(1n); // 0.5
    expect(shareOf(-250n, 20n)).toBe(-1n);
    expect(shareOf(249n, 20n)).toBe(0n);
  });

  test('is never further than half a minor unit from the exact product', () => {
    fc.assert(
      fc.property(fc.bigInt(-maximumAmount, maximumAmount), fc.bigInt(0n, 10_000n), (amount, rate) => {
        const error = shareOf(amount, rate) * 10_000n - amount * rate;
        expect(error <= 5_000n && error >= -5_000n).toBe(true);
      }),
    );
  });
});

describe('money in JSON', () => {
  test('is accepted up to 2^53 − 1 and refused past it, as a fraction, as text, at zero and below', () => {
    const accepts = (amount: unknown) => positiveMoneySchema.safeParse({ amount, currency: 'CNY' }).success;
    expect([1, Number.MAX_SAFE_INTEGER].map(accepts)).toEqual([true, true]);
    const wrong = [0, -1, 1.5, '1', null, 2 ** 53, 1e21, Number.NaN, Number.POSITIVE_INFINITY, true, [1]];
    expect(wrong.filter(accepts)).toEqual([]);
  });

  test('never leaves as a number that JSON would round', () => {
    expect(() => moneyToJson(money(maximumAmount + 1n, 'CNY'))).toThrow(RangeError);
    expect(moneyToJson(money(-maximumAmount, 'CNY'))).toEqual({ amount: -9007199254740991, currency: 'CNY' });
  });
});
