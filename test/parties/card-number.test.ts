import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cardNumberSchema, passesLuhn } from '../../functions/parties/card-number.ts';

const digits = (minimum: number, maximum: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: minimum, maxLength: maximum }).map((all) => all.join(''));

const withCheckDigit = (payload: string): string => {
  const right = [...'0123456789'].find((digit) => passesLuhn(payload + digit));
  if (right === undefined) throw new Error('no check digit fits');
  return payload + right;
};

describe('a card number', () => {
  test.each(['6200000000000005', '4111111111111111', '5555555555554444', '378282246310005'])(
    'such as %s is taken',
    (number) => {
      expect(cardNumberSchema.safeParse(number).success).toBe(true);
    },
  );

  test('has exactly one check digit that fits', () => {
    fc.assert(
      fc.property(digits(11, 18), (payload) => {
        expect([...'0123456789'].filter((digit) => passesLuhn(payload + digit))).toHaveLength(1);
      }),
    );
  });

  test('with one wrong digit is refused', () => {
    fc.assert(
      fc.property(digits(11, 18), fc.nat(), fc.integer({ min: 1, max: 9 }), (payload, somewhere, shift) => {
        const number = withCheckDigit(payload);
        const place = somewhere % number.length;
        const wrong = (Number(number[place]) + shift) % 10;
        const mistyped = number.slice(0, place) + wrong + number.slice(place + 1);
        expect(cardNumberSchema.safeParse(mistyped).success).toBe(false);
      }),
    );
  });

  test.each([
    '',
    '62000000000',
    '62000000000000000005',
    '6200 0000 0000 0005',
    '６２００００００００００００００５',
    '620000000000000x',
  ])('that reads %p is refused', (number) => {
    expect(cardNumberSchema.safeParse(number).success).toBe(false);
  });
});
