/** WeChat Pay's fund-flow bill: a row for what an order moved and one for its fee, which a refund may tell in its remark alone. */
import { addMovement, type Movement, movementsOf, noMovements, signedAmount } from './account-movements.ts';
import type { FactoryLine } from './labelled-day.ts';
import {
  commonLabels,
  magnitude,
  noNumber,
  type StatementFactory,
  type StatementWriter,
  timeOfDay,
  type WriterContext,
  yuan,
} from './statement-writer.ts';

const columns = [
  ...[
    '记账时间',
    '微信支付业务单号',
    '资金流水单号',
    '业务名称',
    '业务类型',
    '收支类型',
    '收支金额(元)',
    '账户结余(元)',
  ],
  ...['资金变更提交申请人', '备注', '业务凭证号'],
];

const record = (fields: readonly string[]): string => `\`${fields.join(',`')}\r\n`;

export const factory: StatementFactory = {
  format: 'wechat-fundflow',
  fileName: ({ date }) => `fundflow-BASIC-${date}.csv`,
  kinds: ['collection', 'refund', 'payout'],
  labels: commonLabels,
  write,
};

function write({ date }: WriterContext): StatementWriter {
  const totals = noMovements();
  let balance = 100_000_00n;
  return {
    header: `\uFEFF${columns.join(',')}\r\n`,
    line: (facts) => {
      const { rows, remark } = rowsOf(facts);
      return rows.map((row) => rowOf(facts, row, remark)).join('');
    },
    summary: () => {
      const { credit, debit } = totals;
      const counts = [credit.count + debit.count, credit.count, yuan(credit.sum), debit.count, yuan(debit.sum)];
      return `资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n${record(counts.map(String))}`;
    },
  };

  function rowOf({ tradeNo, orderNo, kind, second }: FactoryLine, row: Movement, remark: string): string {
    addMovement(totals, row);
    if (!row.unreadable) balance += signedAmount(row);
    const { name, type, fee } = words[kind === 'refund' || kind === 'payout' ? kind : 'collection'];
    const flow = `50${String(totals.credit.count + totals.debit.count).padStart(26, '0')}`;
    return record([
      ...[`${date} ${timeOfDay(second)}`, tradeNo, flow, name, row.isCharge ? fee : type],
      ...[row.side === 'credit' ? '收入' : '支出', row.unreadable ? noNumber : yuan(row.amount), yuan(balance)],
      ...['1900000109API', row.isCharge ? '' : remark, orderNo],
    ]);
  }
}

const words = {
  collection: { name: '交易', type: '交易', fee: '扣除交易手续费' },
  refund: { name: '退款', type: '退款', fee: '退还交易手续费' },
  payout: { name: '商家转账', type: '商家转账', fee: '扣除手续费' },
} as const;

/** Every other refund is less its fee in one row, as the bill has it since v3. */
function rowsOf(facts: FactoryLine): { readonly rows: readonly Movement[]; readonly remark: string } {
  const rows = movementsOf(facts);
  if (facts.kind !== 'refund') return { rows, remark: '' };
  const total = `退款总金额${yuan(facts.amount)}元`;
  const [moved] = rows;
  if (!moved || facts.second % 2 === 0) return { rows, remark: total };
  const givenBack = magnitude(facts.fee);
  const remark = `${total};含手续费${yuan(givenBack)}元`;
  return { rows: [{ ...moved, amount: facts.amount - givenBack }], remark };
}
