/** Choices that look random and are the same in every run. */

export interface Dice {
  /** a whole number from `low` to `high`, both included */
  readonly between: (low: number, high: number) => number;
}

/** A linear congruential generator (the constants of Numerical Recipes): good enough to vary amounts and cards. */
export function seededDice(seed: number): Dice {
  let state = seed >>> 0;
  return {
    between: (low, high) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return low + Math.floor((state / 2 ** 32) * (high - low + 1));
    },
  };
}

/** A card number with a good check digit (ISO/IEC 7812), of a bank that does not exist. */
export function cardNumber(dice: Dice): string {
  const digits = `622999${String(dice.between(0, 999_999_999)).padStart(9, '0')}`;
  const sum = [...digits].reduceRight((total, digit, place) => {
    const doubled = (digits.length - place) % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** A resident identity number with a good check character (GB 11643); the people are invented. */
export function idNumber(dice: Dice): string {
  const birthday = `19${dice.between(60, 99)}${two(dice.between(1, 12))}${two(dice.between(1, 28))}`;
  const digits = `110101${birthday}${String(dice.between(1, 399)).padStart(3, '0')}`;
  const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * (2 ** (17 - place) % 11), 0);
  return `${digits}${'10X98765432'[sum % 11]}`;
}

const two = (number: number): string => String(number).padStart(2, '0');
