/**
 * PayPal's settlement report (STL) and transaction detail report (TRR), of versions 008 and 009:
 * https://developer.paypal.com/docs/reports/sftp-reports/settlement-report. The first field is the type of the row:
 *
 * | row | holds |
 * | --- | --- |
 * | RH, FH, SH | beginning of the report, of the file, of a section: of one account |
 * | CH | the columns |
 * | SB | one transaction |
 * | SF, RF | sums per currency of the section and the report |
 * | SC, RC, FF | number of SB rows of the section, the report and the file |
 *
 * Amounts are unsigned whole numbers of minor units, in yen of yen, each with its side, seen from the merchant. A detail report
 * lists what has not moved the balance as well, so only its rows are counted. A large report comes in several files, whose sums
 * and numbers of rows stand in the last one.
 */
import {
  type CsvHeader,
  type CsvRecord,
  csvHeader,
  csvRow,
  firstCsvRecord,
  lineError,
  readCsvRecords,
  shown,
} from '../reading/csv-records.ts';
import { countedOne, wholeNumber } from '../reading/frame.ts';
import { readTransaction, rowsOf, signed, statusColumn, unitOf } from '../reading/paypal-transaction.ts';
import type { ControlTotals, DocumentFormat, DocumentPart, ReadLine } from '../reading/statement-format.ts';
import { isRejection, type Rejection, reject } from '../rejection.ts';
import { lineKinds } from '../statement-line.ts';

const required = [
  'Transaction ID',
  'Transaction Event Code',
  'Transaction Initiation Date',
  'Transaction Completion Date',
  'Transaction Debit or Credit',
  'Gross Transaction Amount',
  'Gross Transaction Currency',
  'Fee Debit or Credit',
  'Fee Amount',
  'Fee Currency',
];

export const format: DocumentFormat = {
  name: 'paypal-stl',
  reads: 'document',
  covers: lineKinds,
  inParts: true,
  recognise: ({ head }) =>
    ['RH', 'FH', 'SH', 'CH'].includes(firstCsvRecord(head)[0] ?? '') && head.includes('Transaction Event Code'),
  read,
};

async function* read(chunks: AsyncIterable<Buffer>): AsyncGenerator<DocumentPart> {
  const report = new Report();
  for await (const record of readCsvRecords(chunks)) {
    if (isRejection(record)) return yield record;
    const part = report.take(record);
    if (!part) continue;
    yield part;
    if (isRejection(part)) return;
  }
  yield report.end();
}

/** What of the file stands around its transactions. */
class Report {
  private columns: CsvHeader | undefined;
  private accounts: readonly string[] = [];
  private readonly seen = new Set<string>();
  private readonly counts = new Map<string, bigint>();
  private readonly sums = new Map<string, bigint>();
  /** a row of a transaction after which nothing has told yet that it was the last */
  private open = true;

  take(record: CsvRecord): ReadLine | Rejection | undefined {
    const { fields, lineNumber } = record;
    const [type = '', ...rest] = fields ?? [];
    if (rowTypes.has(type)) this.seen.add(type);
    switch (type) {
      case 'RH':
      case 'FH':
        return undefined;
      case 'SH':
        this.accounts = [rest[2] ?? ''].filter((account) => account !== '');
        return undefined;
      case 'CH': {
        const columns = csvHeader(rest, required);
        if (isRejection(columns)) return columns;
        this.columns = columns;
        return undefined;
      }
      case 'SF':
      case 'RF':
        return this.columns?.has(statusColumn) ? this.close() : this.takeSums(record, type, rest);
      case 'SC':
      case 'RC':
      case 'FF': {
        const count = wholeNumber(rest[0] ?? '');
        if (count === undefined) return reject('malformed_frame', `${type} on line ${lineNumber} is no number.`);
        this.counts.set(type, (this.counts.get(type) ?? 0n) + count);
        return this.close();
      }
      default:
        this.open = true;
        if (type !== 'SB') return lineError(record, fields ? `row type ${shown(type)} is unknown` : 'is no CSV record');
        if (!this.columns)
          return reject('malformed_frame', `Line ${lineNumber} comes before the names of its columns.`);
        return readTransaction(csvRow(this.columns, { ...record, fields: rest }), this.accounts);
    }
  }

  private close(): undefined {
    this.open = false;
  }

  private takeSums({ lineNumber }: CsvRecord, type: string, fields: readonly string[]): Rejection | undefined {
    const [currency = '', ...figures] = fields;
    const sums = statedSums(figures);
    if (!/^[A-Z]{3}$/.test(currency) || !sums) {
      return reject('malformed_frame', `${type} on line ${lineNumber} lacks a currency or a figure.`);
    }
    if (sums === 'untied') {
      const detail = `${type} on line ${lineNumber}: the movements of ${currency} don't lead from its beginning to its ending balance.`;
      return reject('wrong_control_total', detail);
    }
    for (const [figure, amount] of Object.entries(sums)) {
      const name = `${type} ${currency} ${figure}`;
      this.sums.set(name, (this.sums.get(name) ?? 0n) + amount * unitOf(currency));
    }
    return this.close();
  }

  end(): { readonly control: ControlTotals } | Rejection {
    const isWhole = this.seen.has('FH') ? this.seen.has('FF') : !this.open;
    if (!isWhole) return reject('truncated', 'The file ends without its footer.');
    const figures: Record<string, bigint> = Object.fromEntries(this.sums);
    // of a part that is not the last, nothing: the parts together then come to what the last one counts
    if (this.seen.has('RH')) figures[rowsOf('RC')] = 0n;
    for (const type of ['SC', 'RC']) {
      const count = this.counts.get(type);
      if (count !== undefined) figures[rowsOf(type)] = count * countedOne;
    }
    const lines = this.counts.get('FF');
    return { control: { sums: figures, ...(lines !== undefined && { lines: Number(lines) }) } };
  }
}

const rowTypes: ReadonlySet<string> = new Set(['RH', 'FH', 'SH', 'CH', 'SF', 'SC', 'RF', 'RC', 'FF']);

interface SideSums {
  readonly credits: bigint;
  readonly debits: bigint;
  readonly 'fee credits': bigint;
  readonly 'fee debits': bigint;
}

/**
 * Gross credits and debits, then fee credits and debits, then a side and an amount for the beginning and for the ending balance.
 * Some files have the two fees the other way round: the balances tell.
 */
function statedSums(fields: readonly string[]): SideSums | 'untied' | undefined {
  const [credits, debits, fee1, fee2] = fields.slice(0, 4).map(wholeNumber);
  if (credits === undefined || debits === undefined || fee1 === undefined || fee2 === undefined) return undefined;
  const [beginning, ending] = [signed(fields[4], fields[5]), signed(fields[6], fields[7])];
  if (beginning === undefined || ending === undefined) return undefined;
  const fees = ending - beginning - (credits - debits);
  if (fees === fee1 - fee2) return { credits, debits, 'fee credits': fee1, 'fee debits': fee2 };
  if (fees === fee2 - fee1) return { credits, debits, 'fee credits': fee2, 'fee debits': fee1 };
  return 'untied';
}
