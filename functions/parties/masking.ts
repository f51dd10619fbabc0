/** What of a number may be shown. */

/** The first six digits (the bank) and the last four, as PCI DSS 3.4.1 allows. */
export const maskCard = (number: string): string =>
  `${number.slice(0, 6)}${'*'.repeat(Math.max(0, number.length - 10))}${number.slice(-4)}`;

/** The first character and the last two. */
export const maskIdNumber = (idNumber: string): string =>
  `${idNumber.slice(0, 1)}${'*'.repeat(Math.max(0, idNumber.length - 3))}${idNumber.slice(-2)}`;

/** Nothing but the last four digits: an account number begins with no bank that the public knows, and may be short. */
export const maskAccountNumber = (number: string): string =>
  `${'*'.repeat(Math.max(0, number.length - 4))}${number.length > 4 ? number.slice(-4) : ''}`;

/** The first character. */
export const maskName = (name: string): string => `${[...name].slice(0, 1).join('')}**`;

/** The last four digits. */
export const maskMobile = maskAccountNumber;
