/** The sandbox's own statement: RFC 4180 with a header, details, a summary header and one summary row. */
import { parse } from 'csv-parse/sync';
import { currencySchema, minorUnitsFromDecimal } from '../../kernel/money.ts';
import { checkColumns, countedOne, exactSum, locateFrame, wholeNumber } from '../reading/frame.ts';
import { instantOf } from '../reading/instant.ts';
import type { FileEnds, Frame, FrameColumns, LineFormat, ReadLine } from '../reading/statement-format.ts';
import { type Rejection, reject } from '../rejection.ts';
import type { LineError, LineKind, LineStatus } from '../statement-line.ts';

const required = ['kind', 'merchant_no', 'order_no', 'trade_no', 'amount', 'currency', 'fee', 'status', 'completed_at'];
const summaryMark = 'total_lines';

const kinds: Readonly<Record<string, LineKind>> = {
  collection: 'collection',
  refund: 'refund',
  payout: 'payout',
  returned_payout: 'payout_return',
};

const statuses: Readonly<Record<string, LineStatus>> = { succeeded: 'succeeded', failed: 'failed' };

export const format: LineFormat = {
  name: 'sandbox-csv',
  reads: 'lines',
  encoding: 'utf-8',
  covers: ['collection', 'refund', 'payout', 'payout_return'],
  recognise: ({ header }) => {
    const columns = splitRecord(header) ?? [];
    return ['kind', 'merchant_no', 'order_no', 'trade_no'].every((name) => columns.includes(name));
  },
  readFrame,
  parseLine,
};

function readFrame(ends: FileEnds): Frame | Rejection {
  const text = locateFrame(ends, summaryMark);
  if ('reason' in text) return text;
  const columns = splitRecord(text.header) ?? [];
  const wrong = checkColumns(columns, required);
  if (wrong) return wrong;

  const names = splitRecord(text.summaryHeader) ?? [];
  const values = splitRecord(text.summary) ?? [];
  if (values.length < names.length) return reject('truncated', 'The summary row is cut off.');
  const lines = wholeNumber(values[0] ?? '');
  if (lines === undefined) return reject('malformed_frame', 'total_lines in the summary row is no number.');
  const sums: Record<string, bigint> = {};
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    const value = values[index] ?? '';
    const sum = isSum(name) || wholeNumber(value) !== undefined ? exactSum(value) : undefined;
    if (sum === undefined) return reject('malformed_frame', `${name} in the summary row is no number.`);
    sums[name] = sum;
  }
  const { detailsStart, detailsEnd } = text;
  return { columns, detailsStart, detailsEnd, firstLineNumber: 2, control: { lines: Number(lines), sums } };
}

const isSum = (name: string): boolean => name.endsWith('_amount') || name.endsWith('_fee');

function parseLine({ columns }: FrameColumns, text: string, lineNumber: number): ReadLine {
  const wrong = (reason: string): LineError => ({ lineNumber, reason, raw: text });
  const fields = splitRecord(text);
  if (!fields) return wrong('is no CSV record');
  if (fields.length !== columns.length) return wrong(`has ${fields.length} fields instead of ${columns.length}`);
  const field = (name: string): string => fields[columns.indexOf(name)] ?? '';

  const kind = kinds[field('kind')];
  if (!kind) return wrong(`kind ${field('kind')} is unknown`);
  const currency = currencySchema.safeParse(field('currency'));
  if (!currency.success) return wrong(`currency ${field('currency')} is none that we book`);
  const amount = minorUnitsFromDecimal(field('amount'), currency.data);
  const fee = minorUnitsFromDecimal(field('fee'), currency.data);
  const exactAmount = exactSum(field('amount'));
  const exactFee = exactSum(field('fee'));
  if (amount === undefined || exactAmount === undefined || amount < 0n) return wrong('amount is none');
  if (fee === undefined || exactFee === undefined) return wrong('fee is no amount');
  const status = statuses[field('status')];
  if (!status) return wrong(`status ${field('status')} is unknown`);
  const at = timeOf(field('completed_at'));
  if (!at) return wrong(`completed_at ${field('completed_at')} is no time`);
  const ourReference = field('order_no');
  const channelReference = field('trade_no');
  if (!ourReference && !channelReference) return wrong('has no order number');
  const name = field('kind');
  return {
    line: {
      lineNumber,
      kind,
      ourReference,
      channelReference,
      amount,
      fee,
      currency: currency.data,
      status,
      at,
      raw: text,
    },
    merchantNos: [field('merchant_no')],
    sums: { [`${name}s`]: countedOne, [`${name}_amount`]: exactAmount, [`${name}_fee`]: exactFee },
  };
}

/** @returns undefined for text that is no single record. A line without quotes, nearly every one, is only split. */
function splitRecord(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(',');
  try {
    const records: unknown = parse(text, { relax_column_count: true });
    return Array.isArray(records) && records.length === 1 ? (records[0] as string[]) : undefined; // without options that cast
  } catch {
    return undefined; // a stray quote: the caller makes a line error of it
  }
}

const timePattern = /^(\d{4}-\d{2}-\d{2})T([\d:.]+)(Z|[+-]\d{2}:\d{2})$/;

function timeOf(text: string): Date | undefined {
  const [, day = '', time = '', offset = ''] = timePattern.exec(text) ?? [];
  return instantOf(day, time, offset);
}
