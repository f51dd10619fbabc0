/**
 * Alipay's account bill (账务明细, `bill_type=signcustomer`): every movement of the balance. See `reading/alipay-bill.ts` for what
 * the text is like. Columns are found by name: newer files have more of them, and in another order.
 *
 * The column gives the side and the absolute value the size, since what goes out is negative in newer files and positive in older
 * ones. 业务类型 (an open list) gives the kind; what is not in the list is a credit or a debit. Fees, and fees given back, are lines
 * of their own. Rows may run either way: the running balance (账户余额) of the outer ones is held to the footer's sums, and told where it does not tie.
 */
import { type BillTotal, magnitude, merchantNosOf, readBillFrame, readBillRow } from '../reading/alipay-bill.ts';
import { exactAmount } from '../reading/exact-amount.ts';
import { countedOne, exactSum } from '../reading/frame.ts';
import { chineseInstantOf } from '../reading/instant.ts';
import { type BalancedRow, outerRows, untiedBalance } from '../reading/running-balance.ts';
import type {
  FileEnds,
  Frame,
  FrameColumns,
  LineFormat,
  ReadLine,
  StatementContext,
  UntiedFigure,
} from '../reading/statement-format.ts';
import type { Rejection } from '../rejection.ts';
import { type LineError, type LineKind, lineKinds } from '../statement-line.ts';

const layout = {
  endMark: '账务明细列表结束',
  required: ['账务流水号', '业务流水号', '商户订单号', '发生时间', '收入金额', '支出金额', '业务类型'],
};

export const format: LineFormat = {
  name: 'alipay-account',
  reads: 'lines',
  encoding: 'latin1', // which it is in the end, the first line tells
  covers: lineKinds,
  recognise: ({ header }) => header.startsWith('#支付宝账务明细查询'),
  accompanies: ({ header }) => header.startsWith('#支付宝账务汇总查询'),
  readFrame,
  parseLine,
};

type Side = '收入' | '支出';

function readFrame(ends: FileEnds, context: StatementContext): Frame | Rejection {
  const frame = readBillFrame(ends, context, layout);
  if ('reason' in frame) return frame;
  const { total, ...place } = frame;
  const paid = total('支出合计');
  if ('reason' in paid) return paid;
  const received = total('收入合计');
  if ('reason' in received) return received;
  const sums = { ...figuresOf('支出', paid), ...figuresOf('收入', received) };
  const moved = (sums['收入金额'] ?? 0n) - (sums['支出金额'] ?? 0n);
  const untied = untiedRows(ends, place, moved);
  const lines = Number(paid.count + received.count);
  return { ...place, control: { lines, sums, ...(untied && { untied: [untied] }) } };
}

/** Undefined also where a row can't be read, which is its own error then, and of older bills without the column. */
function untiedRows(ends: FileEnds, place: Omit<Frame, 'control'>, moved: bigint): UntiedFigure | undefined {
  const rows = outerRows(ends, place);
  const balanced = (bytes: Buffer | undefined): BalancedRow | undefined => {
    const row = bytes && readBillRow(place, bytes.toString('latin1').replace(/\r$/, ''));
    if (!row || 'reason' in row) return undefined;
    const { field } = row;
    const [received, paid] = [exactSum(field('收入金额') || '0'), exactSum(field('支出金额') || '0')];
    const balance = exactSum(field('账户余额'));
    if (received === undefined || paid === undefined || balance === undefined) return undefined;
    return { moved: received - magnitude(paid), balance };
  };
  const [first, last] = [balanced(rows?.first), balanced(rows?.last)];
  return first && last && untiedBalance('账户余额', { first, last, moved });
}

function figuresOf(side: Side, { count, sums }: BillTotal): Record<string, bigint> {
  const sum = [...sums.values()][0] ?? 0n; // a footer without a sum has been turned away
  return { [`${side}笔数`]: count * countedOne, [`${side}金额`]: magnitude(sum) };
}

function parseLine(frame: FrameColumns, text: string, lineNumber: number): ReadLine {
  const row = readBillRow(frame, text);
  if ('reason' in row) return { lineNumber, ...row };
  const { raw, field } = row;
  const wrong = (reason: string): LineError => ({ lineNumber, reason, raw });

  const received = exactAmount(field('收入金额') || '0', 'CNY');
  if (!received) return wrong('收入金额 is no amount in whole fen');
  const paid = exactAmount(field('支出金额') || '0', 'CNY');
  if (!paid) return wrong('支出金额 is no amount in whole fen');
  if (received.exact !== 0n && paid.exact !== 0n) return wrong('has both 收入金额 and 支出金额');
  if (received.exact === 0n && paid.exact === 0n) return wrong('has neither 收入金额 nor 支出金额');
  const side = received.exact === 0n ? '支出' : '收入';
  const moved = side === '支出' ? paid : received;
  const at = chineseInstantOf(field('发生时间'));
  if (!at) return wrong(`发生时间 ${field('发生时间')} is no time`);
  const kind = kindOf(field, side);
  const { ourReference, channelReference } = referencesOf(field, { kind, side });
  if (!ourReference && !channelReference) return wrong('has no number');
  const amount = magnitude(moved.minorUnits);
  const fee = side === '支出' ? amount : -amount;
  return {
    line: {
      lineNumber,
      kind,
      ourReference,
      channelReference,
      ...(kind === 'fee' ? { amount: 0n, fee } : { amount, fee: 0n }),
      currency: 'CNY',
      status: 'succeeded', // the account's book has nothing else
      at,
      raw,
    },
    merchantNos: merchantNosOf(frame),
    sums: { [`${side}笔数`]: countedOne, [`${side}金额`]: magnitude(moved.exact) },
  };
}

/**
 * A refund, and a fee that is given back, repeat both numbers of the payment. They are known by its trade number (业务流水号), which
 * is also what Alipay answers to a refund; refunds of one payment are told apart by their amounts.
 */
function referencesOf(
  field: (name: string) => string,
  { kind, side }: { readonly kind: LineKind; readonly side: Side },
) {
  const isGivenBack = kind === 'refund' || kind === 'refund_return' || (kind === 'fee' && side === '收入');
  const channelReference = field('业务流水号') || field('账务流水号');
  return { ourReference: isGivenBack ? '' : field('商户订单号'), channelReference };
}

type KindOfSide = Readonly<Record<Side, LineKind>>;

const payment: KindOfSide = { 收入: 'collection', 支出: 'debit' };
const refund: KindOfSide = { 收入: 'refund_return', 支出: 'refund' };

const kindsByType: Readonly<Record<string, KindOfSide>> = {
  在线支付: payment,
  交易付款: payment,
  退款: refund,
  交易退款: refund,
  提现: { 收入: 'settlement_return', 支出: 'settlement' },
};

const transfer = '转账';
const other: KindOfSide = { 收入: 'credit', 支出: 'debit' };

/**
 * A transfer that a bank sent back comes in under our own number, which money from somebody else does not have; no list fixes the
 * words for it.
 */
function kindOf(field: (name: string) => string, side: Side): LineKind {
  const type = field('业务类型');
  if (/收费|服务费|退费/.test(type)) return 'fee';
  if (type === transfer && side === '支出') return 'payout';
  const isReturn = type === transfer || /退票/.test(`${type} ${field('备注')} ${field('业务描述')}`);
  if (side === '收入' && isReturn && field('商户订单号'))
    return type === '提现' ? 'settlement_return' : 'payout_return';
  return (kindsByType[type] ?? other)[side];
}
