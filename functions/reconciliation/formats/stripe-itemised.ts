/**
 * Stripe's itemised reports: balance change from activity, payout reconciliation, ending balance reconciliation. The caller chooses
 * the columns and their order, so they are read by name; https://docs.stripe.com/reports/report-types names them.
 *
 * Amounts are decimals in major units of `currency`, seen from the merchant: a refund's gross is negative. A row is a movement of
 * the balance, so each one succeeded. Columns ending in `_utc` are in UTC, their twins in the report's time zone, which is to be
 * the channel's.
 *
 * No report says how many rows it has, nor which balance it leads to: one that was cut between two rows is read as whole, and what
 * it lacks is found missing at the channel. A payout reconciliation is held to its payouts' own rows, where they are there.
 */
import { type Currency, currencySchema } from '../../kernel/money.ts';
import { type CsvRow, firstCsvRecord, lineError, readCsvTable, shown } from '../reading/csv-records.ts';
import { exactOf, exactSum, minorUnitsOf } from '../reading/frame.ts';
import { instantOf, localInstantOf } from '../reading/instant.ts';
import type {
  DocumentFormat,
  DocumentPart,
  FileStart,
  ReadLine,
  StatementContext,
} from '../reading/statement-format.ts';
import { isRejection, reject } from '../rejection.ts';
import { type LineKind, lineKinds } from '../statement-line.ts';

const required = ['currency', 'gross', 'fee', 'net', 'reporting_category'];

export const format: DocumentFormat = {
  name: 'stripe-itemised',
  reads: 'document',
  covers: lineKinds,
  recognise: (start) => isItemised(start) && !firstCsvRecord(start.head).includes('payout_id'),
  read: readItemised,
};

/** Any of the itemised reports; a summary has the same amounts beside a count. */
export function isItemised({ head }: FileStart): boolean {
  const columns = firstCsvRecord(head);
  return required.every((name) => columns.includes(name)) && !columns.includes('count');
}

/** Payouts whose rows are added up: more of them than any day has would only fill the memory. */
const maximumPayouts = 10_000;

export async function* readItemised(
  chunks: AsyncIterable<Buffer>,
  context: StatementContext,
): AsyncGenerator<DocumentPart> {
  // only there do a payout's rows stand together: elsewhere some of them are of other days
  const addsUpPayouts = /payout_reconciliation/i.test(context.fileName);
  const stated = new Map<string, bigint>();
  for await (const row of readCsvTable(chunks, required)) {
    if ('reason' in row) {
      yield row;
      if (isRejection(row)) return;
      continue;
    }
    const read = readRow(row, context);
    if (!addsUpPayouts || !('line' in read)) {
      yield read;
      continue;
    }
    const { sums, paidOut } = payoutSums(row, read.line.kind);
    if (paidOut) stated.set(paidOut.name, (stated.get(paidOut.name) ?? 0n) + paidOut.amount);
    if (stated.size > maximumPayouts)
      return yield reject('malformed_frame', `The file has over ${maximumPayouts} payouts.`);
    yield { ...read, sums };
  }
  yield { control: { sums: Object.fromEntries(stated) } };
}

/** What a row adds to its payout, which the row of the payout itself states. */
function payoutSums(row: CsvRow, kind: LineKind) {
  const payout = payoutOf(row, kind);
  const net = exactSum(row.field('net')) ?? 0n;
  if (!payout || kind === 'settlement_return') return { sums: {} };
  const name = `payout ${payout} net`;
  return kind === 'settlement' ? { sums: {}, paidOut: { name, amount: -net } } : { sums: { [name]: net } };
}

/** The automatic payout that a row goes into; of a payout's own row the payout itself. */
function payoutOf({ field }: CsvRow, kind: LineKind): string {
  const own = kind === 'settlement' || kind === 'settlement_return' ? field('payout_id') || field('source_id') : '';
  return field('automatic_payout_id') || own;
}

interface Category {
  readonly kind: LineKind;
  /** of the row's gross; a row with the other sign is a credit or debit */
  readonly sign?: 1n | -1n;
}

const categories: ReadonlyMap<string, Category> = new Map<string, Category>([
  ['charge', { kind: 'collection', sign: 1n }],
  ['refund', { kind: 'refund', sign: -1n }],
  ['refund_failure', { kind: 'refund_return', sign: 1n }],
  ['payout', { kind: 'settlement', sign: -1n }],
  ['payout_reversal', { kind: 'settlement_return', sign: 1n }],
  ['fee', { kind: 'fee' }],
  ['network_cost', { kind: 'fee' }],
  ['tax', { kind: 'fee' }],
  ['transfer', { kind: 'payout', sign: -1n }],
  ['transfer_reversal', { kind: 'payout_return', sign: 1n }],
]);

function readRow(row: CsvRow, { timeZone }: StatementContext): ReadLine {
  const { field, lineNumber, raw } = row;
  const wrong = (reason: string) => lineError(row, reason);
  const currency = currencySchema.safeParse(field('currency').toUpperCase());
  if (!currency.success) return wrong(`currency ${shown(field('currency'))} is none that we book`);
  const amounts = amountsOf(row, currency.data);
  if (typeof amounts === 'string') return wrong(amounts);
  const at = timeOf(row, timeZone);
  if (!at) return wrong('has no time that can be read');
  if (!field('reporting_category')) return wrong('has no reporting_category');

  const { gross, fee } = amounts;
  // the report of payouts alone shows a payout as what arrives at the bank
  const kind = kindOf(field('reporting_category'), gross, row.has('payout_id'));
  const references = referencesOf(row, kind);
  if (!references.ourReference && !references.channelReference) return wrong('has neither source nor transaction');
  const isFee = kind === 'fee';
  return {
    line: {
      lineNumber,
      kind,
      ...references,
      amount: isFee ? 0n : gross < 0n ? -gross : gross,
      fee: isFee ? fee - gross : fee,
      currency: currency.data,
      status: 'succeeded',
      at,
      settlementReference: payoutOf(row, kind) || undefined,
      raw,
    },
    merchantNos: [],
    sums: {},
  };
}

/** In minor units, or what is wrong with them. */
function amountsOf({ field }: CsvRow, currency: Currency): { gross: bigint; fee: bigint } | string {
  const [gross, fee, net] = [exactSum(field('gross')), exactSum(field('fee')), exactSum(field('net'))];
  if (gross === undefined) return 'gross is no amount';
  if (fee === undefined) return 'fee is no amount';
  if (net === undefined) return 'net is no amount';
  if (net !== gross - fee) return 'net is not gross less fee';
  const minor = { gross: minorUnitsOf(gross, currency), fee: minorUnitsOf(fee, currency) };
  const whole = exactOf(minor.gross, currency) === gross && exactOf(minor.fee, currency) === fee;
  return whole ? minor : `has more decimals than ${currency}`;
}

function kindOf(category: string, gross: bigint, isPayoutReport: boolean): LineKind {
  const known = categories.get(category);
  const anySign = known?.sign === undefined || isPayoutReport;
  if (known && (anySign || gross * (known.sign ?? 1n) >= 0n)) return known.kind;
  return gross < 0n ? 'debit' : 'credit';
}

/** Under which metadata key our number may stand: our own adapter writes `order`. */
const orderKeys = ['order', 'order_no', 'order_id', 'reference', 'merchant_reference', 'external_identifier'];

const isOrderNumber = /^(?=.*\d)\S{6,64}$/;

/**
 * A refund and a transfer have metadata of their own; what stands beside them of the payment is the payment's number. The channel's
 * number is the one that our adapter keeps: a payment's intent, else the refund or transfer itself.
 */
function referencesOf({ field }: CsvRow, kind: LineKind): { ourReference: string; channelReference: string } {
  const metadata = (of: string) =>
    orderKeys.map((key) => field(`${of}_metadata[${key}]`)).find((value) => value !== '') ?? '';
  const itself = field('source_id') || field('payout_id') || field('balance_transaction_id');
  switch (kind) {
    case 'refund':
    case 'refund_return':
      return { ourReference: metadata('refund'), channelReference: itself };
    case 'payout':
    case 'payout_return':
      return { ourReference: metadata('transfer'), channelReference: itself };
    case 'collection': {
      const intent = field('payment_intent_id');
      // charges of before payment intents often have the number for a description; a text has spaces in it
      const described = !intent && isOrderNumber.test(field('description')) ? field('description') : '';
      return { ourReference: metadata('payment') || described, channelReference: intent || itself };
    }
    case 'fee':
    case 'settlement':
    case 'settlement_return':
    case 'credit':
    case 'debit':
      return { ourReference: metadata('payment'), channelReference: itself };
  }
}

const timePattern = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/;

/** When the balance moved: of a payout its effective date. */
function timeOf({ field }: CsvRow, timeZone: string): Date | undefined {
  const read = (name: string) => timePattern.exec(field(name)) ?? [];
  for (const name of ['created', 'effective_at']) {
    if (field(`${name}_utc`)) {
      const [, day = '', time = ''] = read(`${name}_utc`);
      return instantOf(day, time, 'Z');
    }
    if (field(name)) {
      const [, day = '', time = ''] = read(name);
      return localInstantOf(day, time, timeZone);
    }
  }
  return undefined;
}
