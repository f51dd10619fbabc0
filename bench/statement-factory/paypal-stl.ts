/** PayPal's settlement report of one account, in version 009. */
import { addMovement, noMovements } from './account-movements.ts';
import {
  commonLabels,
  magnitude,
  noNumber,
  type StatementFactory,
  type StatementWriter,
  timeOfDay,
  type WriterContext,
} from './statement-writer.ts';

const columns = [
  ...['Transaction ID', 'Invoice ID', 'PayPal Reference ID', 'PayPal Reference ID Type', 'Transaction Event Code'],
  ...['Transaction Initiation Date', 'Transaction Completion Date', 'Transaction Debit or Credit'],
  ...['Gross Transaction Amount', 'Gross Transaction Currency', 'Fee Debit or Credit', 'Fee Amount', 'Fee Currency'],
  ...[
    'Custom Field',
    'Consumer ID',
    'Payment Tracking ID',
    'Store ID',
    'Bank Reference ID',
    'Credit Transactional Fee',
  ],
  ...['Credit Promotional Fee', 'Credit Term'],
];

export const factory: StatementFactory = {
  format: 'paypal-stl',
  fileName: ({ date }) => `STL-${date.replaceAll('-', '')}.01.009.CSV`,
  kinds: ['collection', 'refund', 'payout'],
  kindsWithoutOwnNumber: ['refund'],
  labels: commonLabels,
  tradeNo: (digits) => digits.slice(-17),
  write,
};

const codes = { collection: 'T0006', refund: 'T1107', payout: 'T0001' } as const;

const quoted = (fields: readonly string[]): string => fields.map((field) => `"${field}"`).join(',');
const side = (amount: bigint): string => `"${amount < 0n ? 'DR' : 'CR'}",${magnitude(amount)}`;

/** Minor units. */
const beginning = 100_000_00n;

function write({ merchantNo, date }: WriterContext): StatementWriter {
  const gross = noMovements();
  const fees = noMovements();
  const day = date.replaceAll('-', '/');
  const at = (second: number): string => `${day} ${timeOfDay(second)} +0800`;
  return {
    header: [
      `"RH",${at(86_399)},"A","${merchantNo}",009,\r\n`,
      '"FH",01\r\n',
      `"SH",${at(0)},${at(86_399)},"${merchantNo}",""\r\n`,
      `"CH",${quoted(columns)}\r\n`,
    ].join(''),
    line: ({ kind, orderNo, tradeNo, amount, fee, second, unreadable }) => {
      const moved = kind === 'collection' ? amount : -amount;
      addMovement(gross, { side: moved < 0n ? 'debit' : 'credit', amount, isCharge: false, unreadable });
      const charge = {
        side: fee > 0n ? 'debit' : 'credit',
        amount: magnitude(fee),
        isCharge: true,
        unreadable,
      } as const;
      addMovement(fees, charge);
      const shown = unreadable ? `"${moved < 0n ? 'DR' : 'CR'}",${noNumber}` : side(moved);
      const charged = fee === 0n ? ',,' : `${side(-fee)},"CNY"`;
      const code = codes[kind === 'refund' || kind === 'payout' ? kind : 'collection'];
      const opening = quoted([tradeNo, orderNo, '', '', code]);
      return `"SB",${opening},${at(second)},${at(second)},${shown},"CNY",${charged},"","PAYER","","","",,,\r\n`;
    },
    summary: () => {
      const { credit, debit } = gross;
      const ending = beginning + credit.sum - debit.sum + fees.credit.sum - fees.debit.sum;
      const count = credit.count + debit.count;
      const balances = [beginning, ending, beginning, ending, 0n, 0n, 0n].map(side).join(',');
      const sums = `${credit.sum},${debit.sum},${fees.credit.sum},${fees.debit.sum},${balances},${count}`;
      return `"SF","CNY",${sums}\r\n"SC",${count}\r\n"RF","CNY",${sums}\r\n"RC",${count}\r\n"FF",${count}\r\n`;
    },
  };
}
