/** Amounts as files write them, made into plain decimal text; from there on they go the way of every format's amounts. */
import type { StatementProfile } from '../../../channels/index.ts';
import { type Currency, currencyDecimals } from '../../../kernel/money.ts';

type NumberRules = StatementProfile['numbers'];

/** @returns such as `-1234.50` in the major unit; undefined for what is no number by the rules */
export function decimalOf(text: string, rules: NumberRules, currency: Currency): string | undefined {
  const { negative, digits } = unsigned(text, rules.negative ?? ['leading']);
  const [whole = '', fraction, ...rest] = digits.split(rules.decimalMark ?? '.');
  if (rest.length > 0 || (fraction !== undefined && !/^\d{1,8}$/.test(fraction))) return undefined;
  const joined = withoutThousands(whole, rules.thousands);
  if (joined === undefined) return undefined;
  const plain = joined.replace(/^0+(?=\d)/, '');
  const sign = negative ? '-' : '';
  if (rules.unit === 'major') return `${sign}${plain}${fraction === undefined ? '' : `.${fraction}`}`;
  // a fraction of a minor unit goes on behind the decimals of the major one
  const decimals = currencyDecimals[currency];
  const padded = plain.padStart(decimals + 1, '0');
  const parts = [
    padded.slice(0, padded.length - decimals),
    `${padded.slice(padded.length - decimals)}${fraction ?? ''}`,
  ];
  return `${sign}${parts[0]}${parts[1] === '' ? '' : `.${parts[1]}`}`;
}

function unsigned(text: string, marks: NonNullable<NumberRules['negative']>) {
  if (marks.includes('parentheses') && text.startsWith('(') && text.endsWith(')')) {
    return { negative: true, digits: text.slice(1, -1).trim() };
  }
  const [first = '', last = ''] = [text.charAt(0), text.charAt(text.length - 1)];
  if (marks.includes('leading') && '+-'.includes(first) && first !== '') {
    return { negative: first === '-', digits: text.slice(1).trim() };
  }
  if (marks.includes('trailing') && '+-'.includes(last) && last !== '') {
    return { negative: last === '-', digits: text.slice(0, -1).trim() };
  }
  return { negative: false, digits: text };
}

/** Separators stand between groups of three, or not at all. */
function withoutThousands(whole: string, separator: string | undefined): string | undefined {
  if (/^\d{1,30}$/.test(whole)) return whole;
  if (separator === undefined) return undefined;
  const [first = '', ...groups] = whole.split(separator);
  const grouped = /^\d{1,3}$/.test(first) && groups.length <= 10 && groups.every((group) => /^\d{3}$/.test(group));
  return grouped ? first + groups.join('') : undefined;
}
