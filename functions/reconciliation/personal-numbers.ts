/** Text of a channel's that people are shown, without the numbers of cards and persons that may stand in it. */

const candidate = /(?<!\w)\d{12,18}[\dXx](?!\w)/g;

/**
 * Hides the middle of what can be a card's number (first six and last four digits stay, as PCI DSS 3.4.1 allows) or a person's
 * (身份证号, the last two stay). An order number that passes for one is hidden too: its line number finds it in the statement.
 */
export const hidePersonalNumbers = (text: string): string =>
  text.replace(candidate, (number) => {
    if (isIdentityNumber(number)) return `${number.slice(0, 1)}${'*'.repeat(number.length - 3)}${number.slice(-2)}`;
    return isCardNumber(number) ? `${number.slice(0, 6)}${'*'.repeat(number.length - 10)}${number.slice(-4)}` : number;
  });

/** The check digit of ISO/IEC 7812: from the right, every second digit doubled, the sum a multiple of ten. */
function isCardNumber(number: string): boolean {
  if (!/^\d+$/.test(number)) return false;
  let sum = 0;
  for (let place = 1; place <= number.length; place++) {
    const digit = Number(number.at(-place)) * (place % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

const identityWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check character of GB 11643. */
function isIdentityNumber(number: string): boolean {
  if (number.length !== 18) return false;
  const sum = identityWeights.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
  return '10X98765432'[sum % 11] === number.slice(-1).toUpperCase();
}
