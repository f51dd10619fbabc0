/** How arrivals look to callers, as items and as lines of a CSV file. */
import { stringify } from 'csv-stringify/sync';
import type * as z from 'zod';
import { type Currency, decimalFromMinorUnits, money, moneyToJson } from '../../kernel/money.ts';
import { arrivedOf, outstandingOf, returnedOf, type Share } from './arrival.ts';
import type { arrivalSchema } from './arrival-routes.ts';
import type { ArrivalTotal, ShownArrival } from './list-arrivals.ts';

export function arrivalView({ arrival, status }: ShownArrival): z.input<typeof arrivalSchema> {
  const { id, settled, references, amount, currency, dueOn, rule, claims, returns } = arrival;
  const shown = (minorUnits: bigint) => moneyToJson(money(minorUnits, currency));
  return {
    id,
    status,
    channel: settled.channel,
    merchantNo: settled.merchantNo,
    date: settled.date,
    references: [...references],
    settled: shown(amount),
    arrived: shown(arrivedOf(arrival)),
    returned: shown(returnedOf(arrival)),
    outstanding: shown(outstandingOf(arrival)),
    dueOn,
    bank: rule.bank,
    credits: claims.map((share) => shareView(share, currency)),
    returns: returns.map((share) => shareView(share, currency)),
  };
}

const shareView = ({ day, lineNumber, reference, amount }: Share, currency: Currency) => ({
  date: day,
  lineNumber,
  reference,
  amount: moneyToJson(money(amount, currency)),
});

export const arrivalTotalView = ({ currency, ...sums }: ArrivalTotal) => {
  const shown = (minorUnits: bigint) => moneyToJson(money(minorUnits, currency));
  return {
    currency,
    settled: shown(sums.settled),
    arrived: shown(sums.arrived),
    outstanding: shown(sums.outstanding),
    overdue: shown(sums.overdue),
  };
};

const columns = [
  ...['date', 'channel', 'merchantNo', 'id', 'status', 'references', 'currency', 'settled', 'arrived', 'returned'],
  ...['outstanding', 'dueOn', 'bankChannel', 'bankMerchantNo', 'credits'],
];

/** Amounts in major units; text that a spreadsheet would run as a formula is defused. */
export const arrivalsCsv = (arrivals: readonly ShownArrival[]): string =>
  stringify([columns, ...arrivals.map(cellsOf)], { escape_formulas: true });

function cellsOf({ arrival, status }: ShownArrival): readonly string[] {
  const { id, settled, references, amount, currency, dueOn, rule, claims } = arrival;
  const sums = [amount, arrivedOf(arrival), returnedOf(arrival), outstandingOf(arrival)];
  return [
    ...[settled.date, settled.channel, settled.merchantNo, id, status, references.join(' '), currency],
    ...sums.map((sum) => decimalFromMinorUnits(sum, currency)),
    ...[dueOn, rule.bank.channel, rule.bank.merchantNo],
    claims.map(({ day, lineNumber }) => `${day}:${lineNumber}`).join(' '),
  ];
}
