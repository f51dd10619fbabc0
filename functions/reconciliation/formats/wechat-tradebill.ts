/**
 * WeChat Pay's trade bill (交易账单): ALL, SUCCESS and REFUND, of 20, 27 or 29 columns, and the older layout of 18, 24 or
 * 26 that merchants without the coupon product still get. Text rules: every detail and summary field begins with a
 * back-tick, the separator is a comma, and there is no quoting. Times are in UTC+8.
 *
 * The amount is what the channel settles (应结订单金额, 退款金额), since that is the money that arrives.
 */
import { type Currency, currencySchema, minorUnitsFromDecimal } from '../../kernel/money.ts';
import { tradebillByteReader } from '../reading/bytes/wechat-tradebill.ts';
import { checkColumns, exactSum, locateFrame } from '../reading/frame.ts';
import { chineseInstantOf } from '../reading/instant.ts';
import type { FileEnds, Frame, FrameColumns, LineFormat, ReadLine } from '../reading/statement-format.ts';
import { summaryCount, withoutBacktick } from '../reading/wechat-summary.ts';
import { reject } from '../rejection.ts';
import type { LineError, LineKind, LineStatus } from '../statement-line.ts';

/** The older layout's names, by today's. */
const olderNames: Readonly<Record<string, string>> = {
  子商户号: '特约商户号',
  总金额: '应结订单金额',
  企业红包金额: '代金券金额',
  代金券或立减优惠金额: '代金券金额',
  企业红包退款金额: '充值券退款金额',
  代金券或立减优惠退款金额: '充值券退款金额',
};

/** Which column each figure of the summary adds up; the first figure counts the lines. */
const summedColumns: Readonly<Record<string, string>> = {
  应结订单总金额: '应结订单金额',
  总交易额: '应结订单金额',
  退款总金额: '退款金额',
  总退款金额: '退款金额',
  充值券退款总金额: '充值券退款金额',
  总企业红包退款金额: '充值券退款金额',
  总代金券或立减优惠退款金额: '充值券退款金额',
  手续费总金额: '手续费',
  订单总金额: '订单金额',
  申请退款总金额: '申请退款金额',
};

const summaryMark = '总交易单数';
const required = ['交易时间', '商户号', '微信订单号', '商户订单号', '交易状态', '货币种类', '应结订单金额', '手续费'];

/** Refunds stand positive in both versions of the interface, but negative in some old exports. */
const unsignedColumns = new Set(['退款金额', '充值券退款金额', '申请退款金额']);

export const format: LineFormat = {
  name: 'wechat-tradebill',
  reads: 'lines',
  encoding: 'utf-8',
  covers: ['collection', 'refund'],
  recognise: ({ header }) => {
    const columns = columnsOf(header);
    return ['交易时间', '商户号', '微信订单号', '交易状态'].every((name) => columns.includes(name));
  },
  readFrame,
  parseLine,
  byteReader: ({ columns }, merchantNo) => {
    // an empty 商户号 or a `0` names nobody
    if (merchantNo === '' || merchantNo === '0') return undefined;
    return tradebillByteReader({ columns, summed: summedOf(columns), unsigned: unsignedColumns, merchantNo });
  },
};

/** The columns that the summary adds up, as far as the file has them. */
const summedOf = (columns: readonly string[]): string[] =>
  [...new Set(Object.values(summedColumns))].filter((column) => columns.includes(column));

const columnsOf = (header: string): string[] => header.split(',').map((name) => olderNames[name.trim()] ?? name.trim());

function readFrame(ends: FileEnds): Frame | ReturnType<typeof reject> {
  const text = locateFrame(ends, summaryMark);
  if ('reason' in text) return text;
  const columns = columnsOf(text.header);
  const wrong = checkColumns(columns, required);
  if (wrong) return wrong;

  const names = text.summaryHeader.split(',').map((name) => name.trim());
  const values = text.summary.split(',').map(withoutBacktick);
  if (values.length < names.length) return reject('truncated', 'The summary row is cut off.');
  const lines = summaryCount(values[0] ?? '');
  const sums: Record<string, bigint> = {};
  for (const [index, name] of names.entries()) {
    const column = summedColumns[name];
    if (column === undefined || !columns.includes(column)) continue; // 订单总金额 of a bill without that column
    const sum = exactSum(values[index] ?? '');
    if (sum === undefined) return reject('malformed_frame', `${name} in the summary row is no amount.`);
    sums[column] = magnitude(column, sum);
  }
  if (lines === undefined) return reject('malformed_frame', `${summaryMark} in the summary row is no number.`);
  const { detailsStart, detailsEnd } = text;
  return { columns, detailsStart, detailsEnd, firstLineNumber: 2, control: { lines, sums } };
}

const magnitude = (column: string, amount: bigint): bigint =>
  amount < 0n && unsignedColumns.has(column) ? -amount : amount;

function parseLine({ columns }: FrameColumns, text: string, lineNumber: number): ReadLine {
  const wrong = (reason: string): LineError => ({ lineNumber, reason, raw: text });
  const fields = text.split(',');
  if (fields.length !== columns.length) return wrong(`has ${fields.length} fields instead of ${columns.length}`);
  const unmarked = fields.findIndex((field) => !field.startsWith('`'));
  if (unmarked >= 0) return wrong(`${columns[unmarked]} does not begin with a back-tick`);
  const field = (name: string): string => {
    const index = columns.indexOf(name);
    return index < 0 ? '' : (fields[index] ?? '').slice(1).trim();
  };

  const state = field('交易状态');
  const currency = currencySchema.safeParse(field('货币种类') || 'CNY');
  if (!currency.success) return wrong(`货币种类 ${field('货币种类')} is no currency that we book`);
  const at = chineseInstantOf(field('交易时间'));
  if (!at) return wrong(`交易时间 ${field('交易时间')} is no time`);
  const facts = state === 'REFUND' ? refundFacts(field) : paymentFacts(field, state);
  if (typeof facts === 'string') return wrong(facts);
  const amount = amountIn(field(facts.amountColumn), currency.data);
  const fee = amountIn(field('手续费'), currency.data);
  if (amount === undefined) return wrong(`${facts.amountColumn} is no amount`);
  if (fee === undefined) return wrong('手续费 is no amount');
  const sums: Record<string, bigint> = {};
  for (const column of summedOf(columns)) {
    const sum = exactSum(field(column));
    if (sum === undefined) return wrong(`${column} is no amount`);
    sums[column] = magnitude(column, sum);
  }
  const { kind, ourReference, channelReference, status } = facts;
  if (kind === 'collection' && amount < 0n) return wrong(`${facts.amountColumn} is negative`);
  return {
    line: {
      lineNumber,
      kind,
      ourReference,
      channelReference,
      amount: amount < 0n ? -amount : amount,
      fee,
      currency: currency.data,
      status,
      at,
      raw: text,
    },
    merchantNos: [field('商户号'), field('特约商户号')].filter((number) => number !== '' && number !== '0'),
    sums,
  };
}

interface StateFacts {
  readonly kind: LineKind;
  readonly status: LineStatus;
  readonly amountColumn: string;
  readonly ourReference: string;
  readonly channelReference: string;
}

const refundStatuses: Readonly<Record<string, LineStatus>> = {
  SUCCESS: 'succeeded',
  PROCESSING: 'processing',
  FAIL: 'failed',
  CHANGE: 'failed',
};

type FieldOf = (name: string) => string;

function refundFacts(field: FieldOf): StateFacts | string {
  const status = refundStatuses[field('退款状态')];
  if (!status) return `退款状态 ${field('退款状态')} is unknown`;
  const ourReference = numberOf(field('商户退款单号'));
  const channelReference = numberOf(field('微信退款单号'));
  if (!ourReference && !channelReference) return 'has no refund number';
  return { kind: 'refund', status, amountColumn: '退款金额', ourReference, channelReference };
}

function paymentFacts(field: FieldOf, state: string): StateFacts | string {
  if (state !== 'SUCCESS' && state !== 'REVOKED') return `交易状态 ${state} is unknown`;
  const ourReference = numberOf(field('商户订单号'));
  const channelReference = numberOf(field('微信订单号'));
  if (!ourReference && !channelReference) return 'has no order number';
  const status = state === 'SUCCESS' ? 'succeeded' : 'revoked';
  return { kind: 'collection', status, amountColumn: '应结订单金额', ourReference, channelReference };
}

/** A `0` stands for no number. */
const numberOf = (text: string): string => (text === '0' ? '' : text);

const amountIn = (text: string, currency: Currency): bigint | undefined => minorUnitsFromDecimal(text, currency);
