/** Alipay's account bill (账务明细), in GBK: a row for what an order moved and one for its fee. */
import { inGbk } from '../../test/reconciliation/formats/gbk.ts';
import { addMovement, type Movement, movementsOf, noMovements, signedAmount } from './account-movements.ts';
import { alipayFrame, alipayNumber } from './alipay-frame.ts';
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
  ...[
    '账务流水号',
    '业务流水号',
    '商户订单号',
    '商品名称',
    '发生时间',
    '对方账号',
    '收入金额（+元）',
    '支出金额（-元）',
  ],
  ...['账户余额（元）', '交易渠道', '业务类型', '备注', '业务描述', '业务账单来源', '业务基础订单号', '业务订单号'],
];

export const factory: StatementFactory = {
  format: 'alipay-account',
  fileName: ({ merchantNo, date }) => `${merchantNo}_${date.replaceAll('-', '')}_账务明细.csv`,
  kinds: ['collection', 'refund', 'payout'],
  kindsWithoutOwnNumber: ['refund'],
  labels: commonLabels,
  tradeNo: alipayNumber,
  encode: inGbk,
  write,
};

function write(context: WriterContext): StatementWriter {
  const { opening, closing } = alipayFrame('账务明细', context);
  const totals = noMovements();
  let balance = 100_000_00n;
  return {
    header: `${opening}${columns.join(',')}\r\n`,
    line: (facts) =>
      movementsOf(facts)
        .map((movement) => rowOf(facts, movement))
        .join(''),
    summary: () => {
      const { credit, debit } = totals;
      return closing([
        `#支出合计：${debit.count}笔，共${yuan(-debit.sum)}元`,
        `#收入合计：${credit.count}笔，共${yuan(credit.sum)}元`,
      ]);
    },
  };

  function rowOf({ kind, orderNo, tradeNo, second }: FactoryLine, movement: Movement): string {
    addMovement(totals, movement);
    if (!movement.unreadable) balance += signedAmount(movement);
    const number = String(totals.credit.count + totals.debit.count).padStart(15, '6000000');
    const shown = movement.unreadable ? noNumber : yuan(signedAmount(movement));
    const [received, paid] = movement.side === 'credit' ? [shown, '0.00'] : ['0.00', shown];
    const type = movement.isCharge ? '收费' : typesByKind[kind === 'refund' || kind === 'payout' ? kind : 'collection'];
    const fields = [
      // a refund shows the payment's
      ...[
        `${number}\t`,
        `${tradeNo}\t`,
        `${orderNo || `T${tradeNo}`}\t`,
        '充值\t',
        `${context.date} ${timeOfDay(second)}`,
      ],
      ...['*某(138****0000)\t', received, paid, yuan(balance), '支付宝', type, movement.isCharge ? '服务费\t' : '\t'],
      ...['\t', '商家中心\t', `${orderNo}\t`, `${tradeNo}\t`],
    ];
    return `${fields.join(',')}\r\n`;
  }
}

const typesByKind = { collection: '交易付款', refund: '交易退款', payout: '转账' } as const;
