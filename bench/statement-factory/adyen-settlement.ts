/** Adyen's settlement details report of one batch, which ends with its payout. */
import { csvText } from '../../test/reconciliation/formats/csv-text.ts';
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
  ...['Company Account', 'Merchant Account', 'Psp Reference', 'Merchant Reference', 'Payment Method', 'Creation Date'],
  ...['TimeZone', 'Type', 'Modification Reference', 'Gross Currency', 'Gross Debit (GC)', 'Gross Credit (GC)'],
  ...['Exchange Rate', 'Net Currency', 'Net Debit (NC)', 'Net Credit (NC)', 'Commission (NC)', 'Markup (NC)'],
  ...['Scheme Fees (NC)', 'Interchange (NC)', 'Modification Merchant Reference', 'Batch Number'],
];

const batch = '41';
const account = 'FundCo';

export const factory: StatementFactory = {
  format: 'adyen-settlement',
  fileName: () => `settlement_detail_report_batch_${batch}.csv`,
  kinds: ['collection', 'refund', 'payout'],
  labels: commonLabels,
  tradeNo: (digits) => digits.slice(-16),
  write,
};

const types = { collection: 'Settled', refund: 'Refunded', payout: 'PaidOut' } as const;

/** Debit and credit columns of an amount. */
const sided = (amount: bigint, shown = yuan(magnitude(amount))): readonly [string, string] =>
  amount < 0n ? [shown, ''] : ['', shown];

function write({ merchantNo, date }: WriterContext): StatementWriter {
  let balance = 0n;
  return {
    header: csvText([columns]),
    line: (facts) => {
      const { kind, amount, fee, second, unreadable } = facts;
      const gross = kind === 'collection' ? amount : -amount;
      if (!unreadable) balance += gross - fee;
      const { payment, paymentOrder, modification, modificationOrder } = referencesOf(facts);
      const type = types[kind === 'refund' || kind === 'payout' ? kind : 'collection'];
      const fields = [
        ...[account, merchantNo, payment, paymentOrder, 'visa', `${date} ${timeOfDay(second)}`, 'CST', type],
        ...[modification, 'CNY', ...sided(gross, unreadable ? noNumber : undefined), '1', 'CNY'],
        ...[...sided(gross - fee), yuan(fee), '', '', '', modificationOrder, batch],
      ];
      return csvText([fields]);
    },
    summary: () => {
      const opening = [account, merchantNo, '', '', '', `${date} 23:59:59`, 'CST', 'MerchantPayout'];
      const told = `TX900000001XT batch ${batch}, ${account}`;
      return csvText([[...opening, told, 'CNY', '', '', '', 'CNY', ...sided(-balance), '', '', '', '', '', batch]]);
    },
  };
}

/** A refund stands under its payment's numbers, with its own beside them; what captured a payment has a number too. */
function referencesOf({ kind, orderNo, tradeNo }: FactoryLine) {
  const other = `9${tradeNo.slice(1)}`;
  return kind === 'refund'
    ? { payment: other, paymentOrder: `P${other}`, modification: tradeNo, modificationOrder: orderNo }
    : { payment: tradeNo, paymentOrder: orderNo, modification: other, modificationOrder: '' };
}
