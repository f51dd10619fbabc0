/** BAI2 of one account: charges are transactions of their own. */
import { addMovement, type Movement, movementsOf, noMovements } from './account-movements.ts';
import type { FactoryLine } from './labelled-day.ts';
import {
  commonLabels,
  noNumber,
  type StatementFactory,
  type StatementWriter,
  type WriterContext,
} from './statement-writer.ts';

export const factory: StatementFactory = {
  format: 'bai2',
  fileName: ({ date }) => `${date}.bai2`,
  kinds: ['collection', 'payout'],
  labels: commonLabels,
  write,
};

/** Minor units. */
const opening = 1_000_000_00n;

function write({ merchantNo, date }: WriterContext): StatementWriter {
  const day = date.replaceAll('-', '').slice(2);
  const totals = noMovements();
  const records: string[] = [];
  return {
    header: `01,122099999,FUNDCO,${day},2359,1,80,,2/\r\n02,FUNDCO,122099999,1,${day},,CNY,2/\r\n`,
    line: (facts) => {
      for (const movement of movementsOf(facts)) {
        addMovement(totals, movement);
        records.push(...transaction(facts, movement));
      }
      return '';
    },
    summary: () => {
      const { credit, debit } = totals;
      const closing = opening + credit.sum - debit.sum;
      const stated = `010,${opening},,,015,${closing},,`;
      const account = [
        `03,${merchantNo},CNY,${stated}/`,
        `88,100,${credit.sum},${credit.count},,400,${debit.sum},${debit.count},/`,
        ...records,
      ];
      // a trailer sums all amounts above it as they are written, and counts the records with itself
      const total = opening + closing + 2n * (credit.sum + debit.sum);
      const trailers = [
        `49,${total},${account.length + 1}/`,
        `98,${total},1,${account.length + 3}/`,
        `99,${total},1,${account.length + 5}/`,
      ];
      return [...account, ...trailers].map((record) => `${record}\r\n`).join('');
    },
  };
}

/** ACH credit and debit, and a miscellaneous fee: the type's first digit is the side. */
const types = { credit: '142', debit: '451', charge: '698' } as const;

function transaction(
  { orderNo, tradeNo }: FactoryLine,
  { side, amount, isCharge, unreadable }: Movement,
): readonly string[] {
  const shown = unreadable ? noNumber : `${amount}`;
  return [`16,${types[isCharge ? 'charge' : side]},${shown},Z,${tradeNo},${orderNo},TOP-UP/`, '88,BY ORDER/'];
}
