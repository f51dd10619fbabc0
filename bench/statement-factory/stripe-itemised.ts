/** Stripe's itemised payout reconciliation: every movement of the one payout that the day's balance went into, and the payout. */
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
  ...['balance_transaction_id', 'created', 'currency', 'gross', 'fee', 'net', 'reporting_category', 'source_id'],
  ...['description', 'payment_intent_id', 'automatic_payout_id', 'payment_metadata[order]', 'refund_metadata[order]'],
  'transfer_metadata[order]',
];

export const factory: StatementFactory = {
  format: 'stripe-itemised',
  fileName: ({ date }) => `Itemised_payout_reconciliation_CNY_${date}.csv`,
  kinds: ['collection', 'refund', 'payout'],
  labels: commonLabels,
  write,
};

const categories = { collection: 'charge', refund: 'refund', payout: 'transfer' } as const;

function write({ date }: WriterContext): StatementWriter {
  let paidOut = 0n;
  let number = 0;
  const row = (fields: readonly string[], second: number): string => {
    number += 1;
    return `txn_${number},${date} ${timeOfDay(second)},cny,${fields.join(',')}\r\n`;
  };
  return {
    header: `${columns.join(',')}\r\n`,
    line: (facts) => {
      const { kind, tradeNo, amount, fee, second, unreadable } = facts;
      const gross = kind === 'collection' ? amount : -amount;
      if (!unreadable) paidOut += gross - fee;
      const itself = kind === 'collection' ? [`ch_${number}`, '"Top-up, one"', tradeNo] : [tradeNo, '', ''];
      const amounts = [unreadable ? noNumber : yuan(gross), yuan(fee), yuan(gross - fee)];
      const category = categories[kind === 'refund' || kind === 'payout' ? kind : 'collection'];
      return row([...amounts, category, ...itself, 'po_1', ...ordersOf(facts)], second);
    },
    summary: () => row([yuan(-paidOut), '0.00', yuan(-paidOut), 'payout', 'po_1', '', '', 'po_1', '', '', ''], 86_399),
  };
}

/** In the metadata of the payment, of the refund and of the transfer. */
function ordersOf({ kind, orderNo }: FactoryLine): readonly string[] {
  if (kind === 'refund') return [`P${orderNo.slice(1)}`, orderNo, ''];
  return kind === 'payout' ? ['', '', orderNo] : [orderNo, '', ''];
}
