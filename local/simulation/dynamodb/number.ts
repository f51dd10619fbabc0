/** DynamoDB's decimal numbers: text on the wire, up to 38 significant digits, never a float. */
import { invalidRequest } from './exceptions.ts';

interface Decimal {
  readonly digits: bigint;
  /** the value is digits × 10^exponent */
  readonly exponent: number;
}

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const plainInteger = /^(?:0|-?[1-9]\d{0,37})$/;

/** @throws ValidationException for what is no number, or has more than 38 digits */
export function canonicalNumber(text: string): string {
  return plainInteger.test(text) ? text : write(read(text));
}

export function compareNumbers(left: string, right: string): number {
  const [a, b] = align(read(left), read(right));
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
}

/** @throws ValidationException for a sum of more than 38 digits */
export function addNumbers(left: string, sign: '+' | '-', right: string): string {
  const [a, b] = align(read(left), read(right));
  return write({ digits: sign === '+' ? a.digits + b.digits : a.digits - b.digits, exponent: a.exponent });
}

function read(text: string): Decimal {
  const match = pattern.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') {
    throw invalidRequest(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

function align(a: Decimal, b: Decimal): [Decimal, Decimal] {
  const exponent = Math.min(a.exponent, b.exponent);
  const shift = (from: Decimal) => ({ digits: from.digits * 10n ** BigInt(from.exponent - exponent), exponent });
  return [shift(a), shift(b)];
}

const maximumDigits = 38;

function write({ digits, exponent }: Decimal): string {
  if (digits === 0n) return '0';
  const sign = digits < 0n ? '-' : '';
  const all = String(digits < 0n ? -digits : digits);
  const significant = all.replace(/0+$/, '');
  const shifted = exponent + all.length - significant.length;
  if (significant.length > maximumDigits) {
    throw invalidRequest('Attempting to store more than 38 significant digits in a Number');
  }
  if (shifted >= 0) return `${sign}${significant}${'0'.repeat(shifted)}`;
  const padded = significant.padStart(1 - shifted, '0');
  return `${sign}${padded.slice(0, shifted)}.${padded.slice(shifted)}`;
}
