import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cardNumber, idNumber, seededDice } from '../../../local/demo/dice.ts';

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('the dice of the demo', () => {
  test('fall the same way for the same seed', () => {
    const throws = (from: number) => {
      const dice = seededDice(from);
      return Array.from({ length: 20 }, () => dice.between(1, 1_000_000));
    };
    expect(throws(7)).toEqual(throws(7));
    expect(throws(7)).not.toEqual(throws(8));
  });

  test('stay between the bounds, both included', () => {
    const dice = seededDice(1);
    const seen = new Set(Array.from({ length: 300 }, () => dice.between(3, 5)));
    expect([...seen].sort()).toEqual([3, 4, 5]);
  });
});

test('every card number has a good check digit', () => {
  fc.assert(
    fc.property(seed, (from) => {
      const digits = [...cardNumber(seededDice(from))].map(Number).reverse();
      const sum = digits.reduce((total, digit, place) => {
        const doubled = place % 2 === 1 ? digit * 2 : digit;
        return total + (doubled > 9 ? doubled - 9 : doubled);
      }, 0);
      expect(digits).toHaveLength(16);
      expect(sum % 10).toBe(0);
    }),
  );
});

test('every identity number has a good check character', () => {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  fc.assert(
    fc.property(seed, (from) => {
      const number = idNumber(seededDice(from));
      const sum = weights.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
      expect(number).toHaveLength(18);
      expect(number[17]).toBe('10X98765432'[sum % 11]);
    }),
  );
});
