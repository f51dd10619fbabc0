/**
 * One transaction of a PayPal report: an SB row. See `formats/paypal-stl.ts` for the rows around it.
 */
import { type Currency, currencyDecimals, currencySchema } from '../../kernel/money.ts';
import type { LineError, LineKind } from '../statement-line.ts';
import { type CsvRow, lineError, shown } from './csv-records.ts';
import { countedOne, exactOf, wholeNumber } from './frame.ts';
import { instantOf } from './instant.ts';
import type { ReadLine } from './statement-format.ts';

/** Only detail reports have it. */
export const statusColumn = 'Transactional Status';

/** The figure that the rows of a section (SC) or of the report (RC) are counted under. */
export const rowsOf = (type: string): string => `${type} rows`;

/** A debit is negative; an amount without a side is nothing. */
export function signed(side = '', text = ''): bigint | undefined {
  const amount = text === '' ? 0n : wholeNumber(text);
  if (amount === undefined || (side !== 'CR' && side !== 'DR' && amount !== 0n)) return undefined;
  return side === 'DR' ? -amount : amount;
}

/** In hundred-thousandths. A currency that we don't book has line errors beside it, and is only not to be lost. */
export const unitOf = (code: string): bigint => {
  const currency = currencySchema.safeParse(code);
  return currency.success ? exactOf(1n, currency.data) : 10n ** BigInt(5 - currencyDecimals.USD);
};

export function readTransaction(row: CsvRow | LineError, merchantNos: readonly string[]): ReadLine {
  if ('reason' in row) return row;
  const { field, lineNumber, raw } = row;
  const wrong = (reason: string) => lineError(row, reason);
  const counted = { [rowsOf('SC')]: countedOne, [rowsOf('RC')]: countedOne };
  const code = field('Transaction Event Code');
  if (!/^T\d{4}$/.test(code)) return wrong(`event code ${shown(code)} is none`);
  const status = field(statusColumn);
  if (!statuses.has(status)) return wrong(`status ${shown(status)} is unknown`);
  const rule = row.has(statusColumn) ? (statuses.get(status) ?? (code.startsWith('T13') ? authorisation : '')) : '';
  if (rule) return { lineNumber, ignored: rule, sums: counted };

  const currency = currencySchema.safeParse(field('Gross Transaction Currency'));
  if (!currency.success) return wrong(`currency ${shown(field('Gross Transaction Currency'))} is none that we book`);
  const gross = signed(field('Transaction Debit or Credit'), field('Gross Transaction Amount'));
  if (gross === undefined || field('Gross Transaction Amount') === '') return wrong('the gross amount is none');
  const fee = signed(field('Fee Debit or Credit'), field('Fee Amount'));
  if (fee === undefined) return wrong('the fee is no amount');
  if (fee !== 0n && field('Fee Currency') !== currency.data) return wrong('the fee is in another currency');
  const at = timeOf(field('Transaction Completion Date') || field('Transaction Initiation Date'));
  if (!at) return wrong('has no time that can be read');
  const channelReference = field('Transaction ID');
  if (!channelReference) return wrong('has no Transaction ID');

  const kind = kindOf(code, gross);
  const isFee = kind === 'fee';
  return {
    line: {
      lineNumber,
      kind,
      // a refund repeats those of its payment: two of one payment are told apart by their own transactions
      ourReference: kind === 'refund' ? '' : field('Invoice ID') || field('Custom Field'),
      channelReference,
      amount: isFee ? 0n : gross < 0n ? -gross : gross,
      fee: isFee ? -gross - fee : -fee,
      currency: currency.data,
      status: 'succeeded',
      at,
      settlementReference: field('Bank Reference ID') || undefined,
      raw,
    },
    merchantNos,
    sums: { ...counted, ...sumsOf({ currency: currency.data, gross, fee }) },
  };
}

const authorisation = 'authorisation_moves_no_money';

/**
 * By status the rule that ignores the row, if any. `V` is a success that was taken back later: that has a row of its own, like the
 * refund of any other. A settlement report has no status.
 */
const statuses: ReadonlyMap<string, string | undefined> = new Map([
  ['', undefined],
  ['S', undefined],
  ['V', undefined],
  ['P', 'pending_moves_no_money'],
  ['D', 'denied_moves_no_money'],
]);

/** What a row adds to the sums of its section and of the report. */
function sumsOf({ currency, gross, fee }: { currency: Currency; gross: bigint; fee: bigint }): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const type of ['SF', 'RF']) {
    if (gross !== 0n)
      sums[`${type} ${currency} ${gross < 0n ? 'debits' : 'credits'}`] = exactOf(magnitude(gross), currency);
    if (fee !== 0n)
      sums[`${type} ${currency} fee ${fee < 0n ? 'debits' : 'credits'}`] = exactOf(magnitude(fee), currency);
  }
  return sums;
}

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** By event code, whole or its group, what a credit and what a debit is; else they are a credit and a debit of no name. */
const kinds: ReadonlyMap<string, readonly [LineKind, LineKind]> = new Map<string, readonly [LineKind, LineKind]>([
  ['T00', ['collection', 'debit']],
  // mass payments: a debit is one of ours
  ['T0001', ['collection', 'payout']],
  ['T01', ['fee', 'fee']],
  ['T04', ['settlement_return', 'settlement']],
  ['T1101', ['settlement_return', 'debit']],
  ['T1107', ['credit', 'refund']],
  ['T1108', ['fee', 'fee']],
  ['T1109', ['fee', 'fee']],
  ['T1114', ['payout_return', 'debit']],
  ['T1115', ['payout_return', 'debit']],
]);

function kindOf(code: string, gross: bigint): LineKind {
  const [credit, debit] = kinds.get(code) ?? kinds.get(code.slice(0, 3)) ?? ['credit', 'debit'];
  return gross < 0n ? debit : credit;
}

const timePattern = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/;

function timeOf(text: string): Date | undefined {
  const [, year, month, day, time = '', hours, minutes] = timePattern.exec(text) ?? [];
  return instantOf(`${year}-${month}-${day}`, time, `${hours}:${minutes}`);
}
