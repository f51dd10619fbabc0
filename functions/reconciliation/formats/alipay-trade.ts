/**
 * Alipay's trade bill (业务明细, `bill_type=trade`): payments and refunds made through the payment interface. See
 * `reading/alipay-bill.ts` for what the text is like.
 *
 * The amount is what reaches the merchant before the fee (商家实收): a discount that the merchant bears is an amount mismatch. The
 * fee is what is kept back of it, 服务费 and 分润 (a share for somebody else), both of which stand negative as costs: net = 商家实收 +
 * 服务费 + 分润.
 */
import { type BillTotal, magnitude, merchantNosOf, readBillFrame, readBillRow } from '../reading/alipay-bill.ts';
import { exactAmount } from '../reading/exact-amount.ts';
import { countedOne } from '../reading/frame.ts';
import { chineseInstantOf } from '../reading/instant.ts';
import type {
  FileEnds,
  Frame,
  FrameColumns,
  LineFormat,
  ReadLine,
  StatementContext,
} from '../reading/statement-format.ts';
import type { Rejection } from '../rejection.ts';
import type { LineError } from '../statement-line.ts';

const layout = {
  endMark: '业务明细列表结束',
  required: ['支付宝交易号', '商户订单号', '业务类型', '完成时间', '商家实收', '退款批次号/请求号', '服务费'],
};

export const format: LineFormat = {
  name: 'alipay-trade',
  reads: 'lines',
  encoding: 'latin1', // which it is in the end, the first line tells
  covers: ['collection', 'refund'],
  recognise: ({ header }) => header.startsWith('#支付宝业务明细查询'),
  accompanies: ({ header }) => header.startsWith('#支付宝业务汇总查询'),
  readFrame,
  parseLine,
};

const kinds = { 交易: 'collection', 退款: 'refund' } as const;
type TradeType = keyof typeof kinds;

const isTradeType = (text: string): text is TradeType => Object.hasOwn(kinds, text);

/** Which column each sum of the footer adds up, by its words: today's, and older ones. */
const summedColumns: readonly (readonly [RegExp, string])[] = [
  [/^商家实收/, '商家实收'],
  [/^商家优惠/, '商家优惠'],
  [/^(?:交易|退款)金额/, '订单金额'],
];

/** Refunds stand negative on their lines and in the footer; where only one of the two has the sign, both still agree. */
const signedAs = (type: TradeType, sum: bigint): bigint => (type === '退款' ? magnitude(sum) : sum);

function readFrame(ends: FileEnds, context: StatementContext): Frame | Rejection {
  const frame = readBillFrame(ends, context, layout);
  if ('reason' in frame) return frame;
  const { total, ...place } = frame;
  const payments = total('交易合计');
  if ('reason' in payments) return payments;
  const refunds = total('退款合计');
  if ('reason' in refunds) return refunds;
  const sums = { ...figuresOf('交易', payments, place.columns), ...figuresOf('退款', refunds, place.columns) };
  return { ...place, control: { lines: Number(payments.count + refunds.count), sums } };
}

function figuresOf(type: TradeType, { count, sums }: BillTotal, columns: readonly string[]): Record<string, bigint> {
  const figures: Record<string, bigint> = { [`${type}笔数`]: count * countedOne };
  for (const [word, sum] of sums) {
    const column = summedColumns.find(([pattern]) => pattern.test(word))?.[1];
    if (column !== undefined && columns.includes(column)) figures[`${type}${column}`] = signedAs(type, sum);
  }
  return figures;
}

function parseLine(frame: FrameColumns, text: string, lineNumber: number): ReadLine {
  const row = readBillRow(frame, text);
  if ('reason' in row) return { lineNumber, ...row };
  const { raw, field } = row;
  const wrong = (reason: string): LineError => ({ lineNumber, reason, raw });

  const type = field('业务类型');
  if (!isTradeType(type)) return wrong(`业务类型 ${type} is unknown`);
  const amount = exactAmount(field('商家实收'), 'CNY')?.minorUnits;
  if (amount === undefined) return wrong('商家实收 is no amount in whole fen');
  if (type === '交易' && amount < 0n) return wrong('商家实收 is negative');
  const fee = exactAmount(field('服务费') || '0', 'CNY')?.minorUnits;
  if (fee === undefined) return wrong('服务费 is no amount in whole fen');
  const share = exactAmount(field('分润') || '0', 'CNY')?.minorUnits;
  if (share === undefined) return wrong('分润 is no amount in whole fen');
  const at = chineseInstantOf(field('完成时间'));
  if (!at) return wrong(`完成时间 ${field('完成时间')} is no time`);
  const sums: Record<string, bigint> = { [`${type}笔数`]: countedOne };
  for (const [, column] of summedColumns) {
    const sum = exactAmount(field(column) || '0', 'CNY')?.exact;
    if (sum === undefined) return wrong(`${column} is no amount in whole fen`);
    sums[`${type}${column}`] = signedAs(type, sum);
  }
  // a refund without a number of its own, such as a cancelled trade's, has the order's
  const ourReference = (type === '退款' && field('退款批次号/请求号')) || field('商户订单号');
  const channelReference = field('支付宝交易号');
  if (!ourReference && !channelReference) return wrong('has no order number');
  return {
    line: {
      lineNumber,
      kind: kinds[type],
      ourReference,
      channelReference,
      amount: magnitude(amount),
      fee: -(fee + share),
      currency: 'CNY',
      status: 'succeeded', // only finished trades are listed
      at,
      raw,
    },
    merchantNos: merchantNosOf(frame),
    sums,
  };
}
