/** UnionPay's ZM file: a record of 607 bytes for each trade, and no totals. */
import { type Trade, tradeRecord } from '../../test/reconciliation/formats/unionpay-record.ts';
import {
  commonLabels,
  type StatementFactory,
  type StatementWriter,
  timeOfDay,
  type WriterContext,
} from './statement-writer.ts';

const codes = {
  collection: { tradeCode: 'S22', txnType: '01' },
  refund: { tradeCode: 'S30', txnType: '04' },
  payout: { tradeCode: 'S22', txnType: '12' },
} as const;

export const factory: StatementFactory = {
  format: 'unionpay',
  fileName: ({ merchantNo, date }) => `INN${date.slice(2).replaceAll('-', '')}88ZM_${merchantNo}`,
  kinds: ['collection', 'refund', 'payout'],
  labels: commonLabels,
  // 21 digits: when the trade was, then its trace number
  tradeNo: (digits, { date, second }) => `${stamp(date, second)}${digits.slice(-6)}8`,
  // a record comes with its bytes as characters, since its text is in GBK already
  encode: (text) => Buffer.from(text, 'latin1'),
  write,
};

const stamp = (date: string, second: number): string => `${date}${timeOfDay(second)}`.replace(/\D/g, '');

const amountAt = { start: 66, end: 78 };

function write({ merchantNo, date }: WriterContext): StatementWriter {
  return {
    header: '',
    line: ({ kind, orderNo, tradeNo, amount, fee, second, unreadable }) => {
      const trade: Trade = {
        ...codes[kind === 'refund' || kind === 'payout' ? kind : 'collection'],
        traceNo: tradeNo.slice(-7, -1),
        time: stamp(date, second).slice(4),
        amount,
        queryId: tradeNo,
        orderId: orderNo,
        fee: -fee,
        settlement: (kind === 'collection' ? amount : -amount) - fee,
        merId: merchantNo,
        remark: '充值',
        ...(kind === 'refund' && { originalOrderId: `P${orderNo.slice(1)}` }),
      };
      const record = tradeRecord(trade).toString('latin1');
      const shown = unreadable ? `${record.slice(0, amountAt.start)}00000001O000${record.slice(amountAt.end)}` : record;
      return `${shown}\r\n`;
    },
    summary: () => '',
  };
}
