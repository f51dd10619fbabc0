/** What a profile makes of the fields of one line. */
import type { StatementProfile } from '../../../channels/index.ts';
import { type Currency, currencySchema, minorUnitsFromDecimal } from '../../../kernel/money.ts';
import type { LineKind, LineStatus } from '../../statement-line.ts';
import type { ReadLine } from '../statement-format.ts';
import { contributionOf } from './control.ts';
import { decimalOf } from './numbers.ts';
import { type TimeFacts, timeReader } from './times.ts';
import { allHold, type FieldOf, textFor } from './values.ts';

export interface LineFacts extends TimeFacts {
  /** of the settlement account */
  readonly currency: Currency;
}

export interface Record {
  readonly lineNumber: number;
  readonly raw: string;
  /** a sentence where the line is no record */
  readonly field: FieldOf | string;
}

type FieldRules = StatementProfile['fields'];

/** Every record ends as a line, as an ignored one by the name of a rule, or as a line error. */
export function lineParser(profile: StatementProfile): (record: Record, facts: LineFacts) => ReadLine {
  const readTime = timeReader(profile.fields.time);
  return ({ lineNumber, raw, field }, facts) => {
    const wrong = (reason: string) => ({ lineNumber, reason, raw });
    if (typeof field === 'string') return wrong(field);
    const { fields } = profile;
    const named = currencyOf(profile, field);
    const ignored = (profile.ignore ?? []).find(({ when }) => allHold(when, field));
    const sums = contributionOf(profile, field, named ?? facts.currency);
    if (typeof sums === 'string') return wrong(sums);
    if (ignored) return { lineNumber, ignored: ignored.rule, sums };

    const currency = fields.currency ? named : facts.currency;
    if (!currency) return wrong(`currency ${textFor(fields.currency, field)} is none that we book`);
    const value = amountOf(profile, field, currency);
    if (typeof value === 'string') return wrong(value);
    const fee = feeOf(profile, field, currency);
    if (typeof fee === 'string') return wrong(fee);
    const rule = profile.kinds.find(({ when, sign = 'positive' }) => fits(sign, value) && allHold(when, field));
    if (!rule) return wrong('no rule says of which kind it is');
    const status = statusOf(profile, field);
    if (!status) return wrong('no rule says which status it has');
    const at = readTime(field, facts);
    if (!at) return wrong(`${fields.time.columns.join(' ')} is no time: ${fields.time.columns.map(field).join(' ')}`);
    const ourReference = textFor(fields.ourReference, field);
    const channelReference = textFor(fields.channelReference, field);
    if (!ourReference && !channelReference) return wrong('has no order number');
    const settlementReference = textFor(fields.settlementReference, field);
    const remittance = textFor(fields.remittance, field);
    const merchantNo = textFor(fields.merchantNo, field);
    return {
      line: {
        lineNumber,
        ...moneyOf(rule, { value, fee }),
        ourReference,
        channelReference,
        currency,
        status,
        at,
        raw,
        ...(settlementReference && { settlementReference }),
        ...(remittance && { remittance }),
      },
      merchantNos: merchantNo ? [merchantNo] : [],
      sums,
    };
  };
}

function currencyOf({ fields, currencies = {} }: StatementProfile, field: FieldOf): Currency | undefined {
  const text = textFor(fields.currency, field);
  return currencySchema.safeParse(Object.hasOwn(currencies, text) ? currencies[text] : text).data;
}

/** Above zero where it came in, or where the file does not say. */
function amountOf({ fields, numbers }: StatementProfile, field: FieldOf, currency: Currency): bigint | string {
  const { columns, sign, debit, credit } = fields.amount;
  const read = (text: string) => {
    const decimal = decimalOf(text, numbers, currency);
    return decimal === undefined ? undefined : minorUnitsFromDecimal(decimal, currency);
  };
  if (debit !== undefined && credit !== undefined) {
    const [out, inward] = [debit, credit].map((column) => (field(column) === '' ? 0n : read(field(column))));
    if (out === undefined) return `${debit} is no amount`;
    if (inward === undefined) return `${credit} is no amount`;
    if (field(debit) === '' && field(credit) === '') return `has neither ${debit} nor ${credit}`;
    if (out !== 0n && inward !== 0n) return `has both ${debit} and ${credit}`;
    return inward - out;
  }
  const text = textFor({ columns }, field);
  const value = read(text);
  if (value === undefined) return `${(columns ?? []).join(', ')} is no amount`;
  return signed(value, sign, field);
}

function feeOf({ fields, numbers }: StatementProfile, field: FieldOf, currency: Currency): bigint | string {
  const { fee } = fields;
  if (!fee) return 0n;
  const text = textFor({ columns: fee.columns }, field);
  if (text === '') return 0n;
  const decimal = decimalOf(text, numbers, currency);
  const value = decimal === undefined ? undefined : minorUnitsFromDecimal(decimal, currency);
  if (value === undefined) return `${fee.columns.join(', ')} is no amount`;
  const charged = signed(value, fee.sign, field);
  return typeof charged === 'bigint' && fee.negated ? -charged : charged;
}

function signed(value: bigint, sign: FieldRules['amount']['sign'], field: FieldOf): bigint | string {
  if (!sign) return value;
  const mark = field(sign.column);
  if (sign.negative.includes(mark)) return -value;
  if (sign.positive && !sign.positive.includes(mark)) return `${sign.column} ${mark} is no sign`;
  return value;
}

const fits = (sign: 'positive' | 'negative' | 'either', value: bigint): boolean =>
  sign === 'either' || (sign === 'positive' ? value >= 0n : value <= 0n);

const statusOf = ({ statuses }: StatementProfile, field: FieldOf): LineStatus | undefined =>
  statuses ? statuses.find(({ when }) => allHold(when, field))?.status : 'succeeded';

interface Money {
  readonly value: bigint;
  readonly fee: bigint;
}

/** A fee on a line of its own is all fee, whichever column it stands in. */
function moneyOf({ kind, givenBack }: StatementProfile['kinds'][number], { value, fee }: Money) {
  const magnitude = value < 0n ? -value : value;
  if (kind !== 'fee') return { kind: kind satisfies LineKind, amount: magnitude, fee };
  const charged = magnitude === 0n ? fee : magnitude;
  return { kind: kind satisfies LineKind, amount: 0n, fee: givenBack ? -charged : charged };
}
