/** Alipay's trade bill (业务明细), in GBK. */
import { inGbk } from '../../test/reconciliation/formats/gbk.ts';
import { alipayFrame, alipayNumber } from './alipay-frame.ts';
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
  ...['支付宝交易号', '商户订单号', '业务类型', '商品名称', '创建时间', '完成时间', '门店编号', '门店名称', '操作员'],
  ...['终端号', '对方账户', '订单金额（元）', '商家实收（元）', '支付宝红包（元）', '集分宝（元）', '支付宝优惠（元）'],
  ...[
    '商家优惠（元）',
    '券核销金额（元）',
    '券名称',
    '商家红包消费金额（元）',
    '卡消费金额（元）',
    '退款批次号/请求号',
  ],
  ...['服务费（元）', '分润（元）', '备注'],
];

export const factory: StatementFactory = {
  format: 'alipay-trade',
  fileName: ({ merchantNo, date }) => `${merchantNo}_${date.replaceAll('-', '')}_业务明细.csv`,
  kinds: ['collection', 'refund'],
  labels: commonLabels,
  tradeNo: alipayNumber,
  encode: inGbk,
  write,
};

function write(context: WriterContext): StatementWriter {
  const { opening, closing } = alipayFrame('业务明细', context);
  const payments = { count: 0, sum: 0n };
  const refunds = { count: 0, sum: 0n };
  return {
    header: `${opening}${columns.join(',')}\r\n`,
    line: ({ kind, orderNo, tradeNo, amount, fee, second, unreadable }) => {
      const isRefund = kind === 'refund';
      const signed = isRefund ? -amount : amount;
      const total = isRefund ? refunds : payments;
      total.count += 1;
      if (!unreadable) total.sum += signed;
      const shown = unreadable ? noNumber : yuan(signed);
      const time = `${context.date} ${timeOfDay(second)}`;
      // the payment's own number, which a refund without one of its own is listed under
      const paid = isRefund ? `P${tradeNo.slice(-12)}` : orderNo;
      const fields = [
        ...[`${tradeNo}\t`, `${paid}\t`, `${isRefund ? '退款' : '交易'}\t`, '充值', time, time, 'shop_1', '示例门店\t'],
        ...['op\t', '\t', '*某(138****0000)\t', shown, shown, '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00\t'],
        ...['0.00', `${isRefund ? orderNo : ''}\t`, yuan(-fee), '0.00', ''],
      ];
      return `${fields.join(',')}\r\n`;
    },
    summary: () =>
      closing([
        `#交易合计：${payments.count}笔，商家实收共${yuan(payments.sum)}元，商家优惠共0.00元`,
        `#退款合计：${refunds.count}笔，商家实收退款共${yuan(refunds.sum)}元，商家优惠退款共0.00元`,
      ]),
  };
}
