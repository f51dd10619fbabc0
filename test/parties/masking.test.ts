import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maskCard, maskIdNumber } from '../../functions/parties/masking.ts';

const text = (characters: string, minimum: number, maximum: number) =>
  fc.array(fc.constantFrom(...characters), { minLength: minimum, maxLength: maximum }).map((all) => all.join(''));

describe('a mask', () => {
  test('shows the first six and the last four digits of a card, and keeps its length', () => {
    expect(maskCard('6200000000000005')).toBe('620000******0005');
    fc.assert(
      fc.property(text('0123456789', 12, 19), (number) => {
        const masked = maskCard(number);
        expect(masked).toHaveLength(number.length);
        expect(masked.replaceAll('*', '')).toHaveLength(10);
      }),
    );
  });

  test('shows three characters of an identity number', () => {
    expect(maskIdNumber('110101199003070011')).toBe('1***************11');
    fc.assert(
      fc.property(text('0123456789ABX', 6, 20), (number) => {
        expect(maskIdNumber(number).replaceAll('*', '')).toHaveLength(3);
      }),
    );
  });
});
