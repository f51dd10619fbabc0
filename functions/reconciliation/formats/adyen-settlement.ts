/**
 * Adyen's settlement details report: one or more batches, each with what was captured, refunded, charged and paid out. Accounts add
 * and leave out columns, so they are read by name; https://docs.adyen.com/reporting/settlement-reconciliation names them.
 *
 * Amounts are in major units with up to five decimals. The side of an amount is its column, debit or credit, and never follows from
 * the type of the row. Gross amounts are in the payment's currency (GC), net ones in the one that is paid out (NC): a line is in
 * the latter, since that is the money on the settlement account.
 */
import { type Currency, currencySchema } from '../../kernel/money.ts';
import { type CsvRow, firstCsvRecord, lineError, readCsvTable, shown } from '../reading/csv-records.ts';
import { exactOf, exactSum, minorUnitsOf } from '../reading/frame.ts';
import { instantOf, localInstantOf } from '../reading/instant.ts';
import type { DocumentFormat, DocumentPart, ReadLine, StatementContext } from '../reading/statement-format.ts';
import { isRejection, reject } from '../rejection.ts';
import { type LineKind, lineKinds } from '../statement-line.ts';

const required = ['Merchant Account', 'Psp Reference', 'Modification Reference', 'Type', 'Creation Date', 'TimeZone'];

export const format: DocumentFormat = {
  name: 'adyen-settlement',
  reads: 'document',
  covers: lineKinds,
  inParts: true,
  recognise: ({ head }) => {
    const columns = firstCsvRecord(head);
    return (
      required.every((name) => columns.includes(name)) &&
      ['Net Credit (NC)', 'Gross Credit (GC)'].some((name) => columns.includes(name))
    );
  },
  read,
};

/** A report is of one batch, or of a few: more of them would only fill the memory. */
const maximumBatches = 1_000;

async function* read(chunks: AsyncIterable<Buffer>, context: StatementContext): AsyncGenerator<DocumentPart> {
  const stated = new Map<string, bigint>();
  for await (const row of readCsvTable(chunks, required)) {
    if ('reason' in row) {
      yield row;
      if (isRejection(row)) return;
      continue;
    }
    const parsed = readRow(row, context);
    // what came in of a batch has gone out of it, to our bank or into the next one
    if ('line' in parsed) for (const name of Object.keys(parsed.sums)) stated.set(name, 0n);
    if (stated.size > maximumBatches)
      return yield reject('malformed_frame', `The file has over ${maximumBatches} batches.`);
    yield parsed;
  }
  yield { control: { sums: Object.fromEntries(stated) } };
}

function readRow(row: CsvRow, { timeZone }: StatementContext): ReadLine {
  const { field, lineNumber, raw } = row;
  const wrong = (reason: string) => lineError(row, reason);
  const type = field('Type');
  if (!type) return wrong('has no Type');
  const amounts = amountsOf(row);
  if (typeof amounts === 'string') return wrong(amounts);
  const at = timeOf(row, timeZone);
  if (!at) return wrong('has no time that can be read');

  const { currency, principal, net } = amounts;
  const kind = kindOf(type, principal);
  const batch = field('Batch Number');
  const isFee = kind === 'fee';
  const amount = isFee ? 0n : minorUnitsOf(principal, currency);
  return {
    line: {
      lineNumber,
      kind,
      ...referencesOf(row, type),
      amount: amount < 0n ? -amount : amount,
      // rounded once, and so that amount and fee together are the net
      fee: amount - minorUnitsOf(net, currency),
      currency,
      status: 'succeeded',
      at,
      settlementReference: batch || undefined,
      raw,
    },
    merchantNos: [field('Merchant Account')].filter((account) => account !== ''),
    sums: batch && amounts.statesNet ? { [`batch ${batch} net ${currency}`]: net } : {},
  };
}

interface Amounts {
  readonly currency: Currency;
  /** what was moved before fees, in hundred-thousandths; a credit is positive */
  readonly principal: bigint;
  readonly net: bigint;
  /** false in reports without the net columns, whose batches then can't be added up */
  readonly statesNet: boolean;
}

const feeColumns = ['Commission (NC)', 'Markup (NC)', 'Scheme Fees (NC)', 'Interchange (NC)'];

/** Or what is wrong with them. */
function amountsOf({ field }: CsvRow): Amounts | string {
  const gross = sided(field('Gross Debit (GC)'), field('Gross Credit (GC)'));
  const net = sided(field('Net Debit (NC)'), field('Net Credit (NC)'));
  const fees = feeColumns.map((name) => exactSum(field(name) || '0'));
  if (gross === undefined) return 'the gross amount is none';
  if (net === undefined) return 'the net amount is none';
  if (gross === 'none' && net === 'none') return 'has no amount';
  const fee = fees.reduce<bigint | undefined>(
    (sum, each) => (sum === undefined || each === undefined ? undefined : sum + each),
    0n,
  );
  if (fee === undefined) return 'a fee is no amount';

  const name = net === 'none' ? field('Gross Currency') : field('Net Currency') || field('Gross Currency');
  const currency = currencySchema.safeParse(name);
  if (!currency.success) return `currency ${shown(name)} is none that we book`;
  const facts = { currency: currency.data, statesNet: net !== 'none' };
  if (net === 'none') return gross === 'none' ? 'has no amount' : { ...facts, principal: gross, net: gross - fee };
  // converted, or of a batch: then only the net says what was moved
  if (gross === 'none' || field('Gross Currency') !== name) return { ...facts, principal: net + fee, net };
  const apart = gross - fee - net;
  const tolerated = exactOf(1n, currency.data);
  if (apart >= tolerated || apart <= -tolerated) return 'gross less fees is not net';
  return { ...facts, principal: gross, net };
}

/** Undefined where one of them is no amount, `none` where both are empty. */
function sided(debit: string, credit: string): bigint | 'none' | undefined {
  if (!debit && !credit) return 'none';
  const [out, into] = [exactSum(debit || '0'), exactSum(credit || '0')];
  return out === undefined || into === undefined ? undefined : into - out;
}

type Side = 'credit' | 'debit' | 'either';

/** What a type is on its own side; on the other one it is a credit or debit of no name. */
const types: ReadonlyMap<string, readonly [LineKind, Side]> = new Map<string, readonly [LineKind, Side]>([
  ['Settled', ['collection', 'credit']],
  ['Refunded', ['refund', 'debit']],
  ['RefundedReversed', ['refund_return', 'credit']],
  ['PaidOut', ['payout', 'debit']],
  ['PaidOutReversed', ['payout_return', 'credit']],
  ['MerchantPayout', ['settlement', 'debit']],
  ['BankInstructionReturned', ['settlement_return', 'credit']],
  ['Fee', ['fee', 'either']],
  ['MiscCosts', ['fee', 'either']],
  ['PaymentCost', ['fee', 'either']],
  ['InvoiceDeduction', ['fee', 'either']],
]);

function kindOf(type: string, principal: bigint): LineKind {
  const side = principal < 0n ? 'debit' : 'credit';
  const [kind, own] = types.get(type) ?? [side, side];
  return own === 'either' || own === side || principal === 0n ? kind : side;
}

const longestReference = 128;

/**
 * A payment is known by its Psp Reference, a refund or chargeback by its Modification Reference. On the rows of a batch as a whole
 * that column holds a text.
 */
function referencesOf(
  { field }: CsvRow,
  type: string,
): { ourReference: string; channelReference: string; remittance?: string } {
  const payment = field('Psp Reference');
  const modification = field('Modification Reference');
  if (!payment) {
    const channelReference = modification.slice(0, longestReference) || `${type} of batch ${field('Batch Number')}`;
    return { ourReference: field('Merchant Reference'), channelReference, remittance: modification };
  }
  switch (type) {
    case 'Settled':
    case 'PaidOut':
    case 'PaidOutReversed':
      return { ourReference: field('Merchant Reference'), channelReference: payment };
    case 'Refunded':
    case 'RefundedReversed':
      // the payment's own number is no refund's: two refunds of one payment would look like one sent twice
      return { ourReference: field('Modification Merchant Reference'), channelReference: modification || payment };
    default:
      return { ourReference: field('Merchant Reference'), channelReference: modification || payment };
  }
}

const timePattern = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/;

/** BST is British. CST and IST each name several zones and are none of these: the channel's own zone tells which. */
const offsets: ReadonlyMap<string, string> = new Map([
  ['UTC', 'Z'],
  ['GMT', 'Z'],
  ['WET', 'Z'],
  ['BST', '+01:00'],
  ['WEST', '+01:00'],
  ['CET', '+01:00'],
  ['CEST', '+02:00'],
  ['EET', '+02:00'],
  ['EEST', '+03:00'],
  ['GST', '+04:00'],
  ['SGT', '+08:00'],
  ['HKT', '+08:00'],
  ['MYT', '+08:00'],
  ['AWST', '+08:00'],
  ['JST', '+09:00'],
  ['KST', '+09:00'],
  ['AEST', '+10:00'],
  ['AEDT', '+11:00'],
  ['NZST', '+12:00'],
  ['NZDT', '+13:00'],
  ['BRT', '-03:00'],
  ['EDT', '-04:00'],
  ['EST', '-05:00'],
  ['CDT', '-05:00'],
  ['MDT', '-06:00'],
  ['MST', '-07:00'],
  ['PDT', '-07:00'],
  ['PST', '-08:00'],
]);

const ambiguousZones: ReadonlySet<string> = new Set(['CST', 'IST']);

/** When it was booked, where the report says so, else when it was asked for. */
function timeOf({ field }: CsvRow, timeZone: string): Date | undefined {
  const booked = field('Booking Date') !== '';
  const [, day = '', time = ''] = timePattern.exec(field(booked ? 'Booking Date' : 'Creation Date')) ?? [];
  const zone = (booked && field('Booking Date TimeZone')) || field('TimeZone');
  const offset = offsets.get(zone);
  if (offset !== undefined) return instantOf(day, time, offset);
  return ambiguousZones.has(zone) ? localInstantOf(day, time, timeZone) : undefined;
}
