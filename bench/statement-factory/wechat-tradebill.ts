/** WeChat Pay's trade bill of 27 columns. */
import type { FactoryLine } from './labelled-day.ts';
import {
  commonLabels,
  noNumber,
  type StatementFactory,
  type StatementWriter,
  timeOfDay,
  type WriterContext,
  yuan,
} from './statement-writer.ts';

const columns = [
  ...['交易时间', '公众账号ID', '商户号', '特约商户号', '设备号', '微信订单号', '商户订单号', '用户标识', '交易类型'],
  ...['交易状态', '付款银行', '货币种类', '应结订单金额', '代金券金额', '微信退款单号', '商户退款单号', '退款金额'],
  ...['充值券退款金额', '退款类型', '退款状态', '商品名称', '商户数据包', '手续费', '费率', '订单金额', '申请退款金额'],
  '费率备注',
];

const summaryColumns = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
];

const record = (fields: readonly string[]): string => `\`${fields.join(',`')}\r\n`;

export const factory: StatementFactory = {
  format: 'wechat-tradebill',
  fileName: ({ date }) => `tradebill-ALL-${date}.csv`,
  kinds: ['collection', 'refund'],
  labels: [...commonLabels, 'ignored'],
  write,
};

function write({ merchantNo, date }: WriterContext): StatementWriter {
  const sums = { lines: 0, orders: 0n, refunds: 0n, fees: 0n };
  return {
    header: `\uFEFF${columns.join(',')}\r\n`,
    line: (facts) => {
      sums.lines += 1;
      if (!facts.unreadable) {
        if (isRefund(facts)) sums.refunds += facts.amount;
        else sums.orders += facts.amount;
        sums.fees += facts.fee;
      }
      return record(isRefund(facts) ? refundFields(facts) : paymentFields(facts));
    },
    summary: () => {
      const figures = [sums.orders, sums.refunds, 0n, sums.fees, sums.orders, sums.refunds].map(yuan);
      return `${summaryColumns.join(',')}\r\n${record([String(sums.lines), ...figures])}`;
    },
  };

  function paymentFields(facts: FactoryLine): string[] {
    const { orderNo, tradeNo, amount } = facts;
    const total = facts.unreadable ? noNumber : yuan(amount);
    return [
      ...opening(facts, tradeNo, orderNo || '0'),
      ...['SUCCESS', 'ICBC_DEBIT', 'CNY', total, '0.00', '0', '0', '0.00', '0.00', '', '', 'Top-up', ''],
      ...[`${yuan(facts.fee)}000`, '0.60%', total, '0.00', ''],
    ];
  }

  function refundFields(facts: FactoryLine): string[] {
    const { orderNo, tradeNo, amount, status } = facts;
    const total = facts.unreadable ? noNumber : yuan(amount);
    const state = status === 'processing' ? 'PROCESSING' : 'SUCCESS';
    return [
      ...opening(facts, `4199${tradeNo.slice(4)}`, `P${orderNo.slice(1)}`),
      ...['REFUND', 'ICBC_DEBIT', 'CNY', '0.00', '0.00', tradeNo, orderNo || '0', total, '0.00', 'ORIGINAL', state],
      ...['Top-up', '', `${yuan(facts.fee)}000`, '0.60%', '0.00', total, ''],
    ];
  }

  function opening({ second }: FactoryLine, tradeNo: string, orderNo: string): string[] {
    const time = `${date} ${timeOfDay(second)}`;
    return [time, 'wx0123456789abcdef', merchantNo, '0', '', tradeNo, orderNo, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'JSAPI'];
  }
}

/** A payment is in the bill only once it has succeeded: what is under way, or shown so, is a refund. */
const isRefund = ({ kind, status }: FactoryLine): boolean => kind === 'refund' || status === 'processing';
