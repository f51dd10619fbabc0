/** How the rows of the four reports look to callers. */
import { type Currency, currencySchema, minorUnitsFromDecimal, money, moneyToJson } from '../../kernel/money.ts';
import type { DetailReport } from './detail-columns.ts';
import type { DetailCells } from './detail-pages.ts';
import type { MissingDay } from './period.ts';
import type { Figures, SummaryReport, SummaryRow, SummaryTotal } from './summary.ts';

export function summaryRowView(report: SummaryReport, { theirs, ours, difference, ...account }: SummaryRow) {
  const shown = (amount: bigint) => moneyToJson(money(amount, account.currency));
  const figures = ({ count, amount, fee, net }: Figures) => ({
    count,
    amount: shown(amount),
    fee: shown(fee),
    ...(report === 'funds-summary' && { net: shown(net) }),
  });
  return { ...account, theirs: figures(theirs), ours: figures(ours), difference: figures(difference) };
}

export function summaryTotalView({ currency, theirs, ours }: SummaryTotal) {
  const side = (fee: bigint, net: bigint) => ({
    fee: moneyToJson(money(fee, currency)),
    net: moneyToJson(money(net, currency)),
  });
  return {
    currency,
    theirs: side(theirs.fee, theirs.net),
    ours: side(ours.fee, ours.net),
    difference: side(theirs.fee - ours.fee, theirs.net - ours.net),
  };
}

export const missingDayView = ({ channel, merchantNo, date, status }: MissingDay) => ({
  channel,
  merchantNo,
  date,
  status: status ?? null,
});

/** @param currency of the settlement account */
export const detailRowView = (report: DetailReport, cells: DetailCells, currency: Currency) =>
  report === 'funds-detail' ? fundsRowView(cells, currency) : feeRowView(cells, currency);

const textOf = (cell: string | undefined): string | null => (cell === undefined || cell === '' ? null : cell);

/** @throws Error for a cell that is no amount: the file is one of ours */
function amountOf(cell: string | undefined, currency: Currency) {
  const amount = minorUnitsFromDecimal(cell ?? '', currency);
  if (amount === undefined) throw new Error('a report holds an amount that can not be read');
  return moneyToJson(money(amount, currency));
}

const placeView = (cells: DetailCells) => ({
  date: cells['date'],
  channel: cells['channel'],
  merchantNo: cells['merchantNo'],
  lineNumber: cells['lineNumber'] ? Number(cells['lineNumber']) : null,
  at: textOf(cells['at']),
  kind: textOf(cells['kind']),
  reference: textOf(cells['reference']),
  channelReference: textOf(cells['channelReference']),
});

const endView = (cells: DetailCells) => ({
  result: cells['result'],
  differences: cells['differences'] ? cells['differences'].split(' ') : [],
  paymentId: textOf(cells['paymentId']),
});

function fundsRowView(cells: DetailCells, currency: Currency) {
  const lineCurrency = currencySchema.safeParse(cells['currency']).data ?? currency;
  const ourCurrency = currencySchema.safeParse(cells['ourCurrency']).data;
  return {
    ...placeView(cells),
    amount: cells['amount'] ? amountOf(cells['amount'], lineCurrency) : null,
    fee: cells['fee'] ? amountOf(cells['fee'], lineCurrency) : null,
    status: textOf(cells['status']),
    ...endView(cells),
    note: textOf(cells['note']),
    ours: ourCurrency
      ? {
          paymentId: textOf(cells['paymentId']),
          reference: textOf(cells['ourReference']),
          amount: amountOf(cells['ourAmount'], ourCurrency),
          fee: amountOf(cells['ourFee'], ourCurrency),
          status: cells['ourStatus'],
        }
      : null,
    net: amountOf(cells['net'], currency),
    ourNet: amountOf(cells['ourNet'], currency),
  };
}

function feeRowView(cells: DetailCells, currency: Currency) {
  const lineCurrency = currencySchema.safeParse(cells['currency']).data ?? currency;
  return {
    ...placeView(cells),
    amount: cells['amount'] ? amountOf(cells['amount'], lineCurrency) : null,
    fee: amountOf(cells['fee'], currency),
    ourFee: amountOf(cells['ourFee'], currency),
    feeDifference: amountOf(cells['feeDifference'], currency),
    ...endView(cells),
  };
}
