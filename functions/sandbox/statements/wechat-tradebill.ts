/**
 * The WeChat Pay trade bill of type ALL: 27 columns, a back-tick before every value, no quoting, a summary of seven
 * totals. It lists what came in and was given back; payouts are in no trade bill.
 */
import { type Currency, decimalFromMinorUnits } from '../../kernel/money.ts';
import { localTime } from './local-time.ts';
import { type StatementLine, totalsOf } from './statement-line.ts';
import type { StatementContent, StatementFormat } from './statement-text.ts';

const columns = [
  '交易时间',
  '公众账号ID',
  '商户号',
  '特约商户号',
  '设备号',
  '微信订单号',
  '商户订单号',
  '用户标识',
  '交易类型',
  '交易状态',
  '付款银行',
  '货币种类',
  '应结订单金额',
  '代金券金额',
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
  '商品名称',
  '商户数据包',
  '手续费',
  '费率',
  '订单金额',
  '申请退款金额',
  '费率备注',
] as const;

type Column = (typeof columns)[number];

const summaryColumns = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
];

export const wechatTradebill: StatementFormat = {
  lists: ['collection', 'refund'],
  fileName: (merchantNo, date) => `${merchantNo}All${date}.csv`,
  write: (content) => ({
    header: columns.join(','),
    details: content.lines.map(detail),
    summary: [summaryColumns.join(','), ticked(summary(content))],
  }),
  unreadableLine: (merchantNo) => ticked(['this line cannot be read', 'wx5a6d62c0b0d7e3f1', merchantNo]),
};

function detail(line: StatementLine): string {
  const cells = cellsOf(line);
  return ticked(columns.map((column) => cells[column]));
}

function cellsOf(line: StatementLine): Record<Column, string> {
  const { currency } = line;
  const refund = line.kind === 'refund';
  const amount = decimalFromMinorUnits(line.amount, currency);
  const nothing = decimalFromMinorUnits(0n, currency);
  const paid = refund ? nothing : amount;
  const givenBack = refund ? amount : nothing;
  return {
    交易时间: localTime(line.completedAt).plain,
    公众账号ID: 'wx5a6d62c0b0d7e3f1',
    商户号: line.merchantNo,
    特约商户号: '0',
    设备号: '',
    微信订单号: line.original?.tradeNo ?? line.tradeNo,
    商户订单号: line.original?.orderNo ?? line.orderNo,
    用户标识: 'oSandbox0000000000000000000',
    交易类型: 'PAP',
    交易状态: tradeState(line),
    付款银行: 'OTHERS',
    货币种类: currency,
    应结订单金额: paid,
    代金券金额: nothing,
    微信退款单号: refund ? line.tradeNo : '0',
    商户退款单号: refund ? line.orderNo : '0',
    退款金额: givenBack,
    充值券退款金额: nothing,
    退款类型: refund ? 'ORIGINAL' : '',
    退款状态: refund ? 'SUCCESS' : '',
    商品名称: 'top-up',
    商户数据包: '',
    手续费: withFiveDecimals(line.fee, currency),
    费率: `${line.feeBasisPoints / 100n}.${(line.feeBasisPoints % 100n).toString().padStart(2, '0')}%`,
    订单金额: paid,
    申请退款金额: givenBack,
    费率备注: '',
  };
}

function tradeState(line: StatementLine): string {
  if (line.kind === 'refund') return 'REFUND';
  return line.status === 'succeeded' ? 'SUCCESS' : 'REVOKED';
}

function summary({ lines, currency, unreadableLines, totalError }: StatementContent): string[] {
  const { collection, refund } = totalsOf(lines);
  const collected = decimalFromMinorUnits(collection.amount + totalError, currency);
  const givenBack = decimalFromMinorUnits(refund.amount, currency);
  return [
    (lines.length + unreadableLines).toString(),
    collected,
    givenBack,
    decimalFromMinorUnits(0n, currency),
    withFiveDecimals(collection.fee + refund.fee, currency),
    collected,
    givenBack,
  ];
}

/** `0.04000`: fees are printed with five decimals and hold whole minor units. */
function withFiveDecimals(amount: bigint, currency: Currency): string {
  const [whole = '0', fraction = ''] = decimalFromMinorUnits(amount, currency).split('.');
  return `${whole}.${fraction.padEnd(5, '0')}`;
}

const ticked = (values: readonly string[]): string => values.map((value) => `\`${value}`).join(',');
