/** The sandbox's own statement. */
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

const kinds = ['collection', 'refund', 'payout'] as const;

const columns = 'kind,merchant_no,order_no,trade_no,amount,currency,fee,status,completed_at';

export const factory: StatementFactory = {
  format: 'sandbox-csv',
  fileName: ({ date }) => `sandbox-${date}.csv`,
  kinds,
  labels: [...commonLabels, 'ignored'],
  write,
};

function write({ merchantNo, date }: WriterContext): StatementWriter {
  const lines: FactoryLine[] = [];
  return {
    header: `${columns}\r\n`,
    line: (facts) => {
      lines.push(facts);
      const { kind, orderNo, tradeNo, amount, fee, status, second, unreadable } = facts;
      const shown = unreadable ? noNumber : yuan(amount);
      // what is under way is not in the file; what moved no money is there as failed
      const end = status === 'succeeded' ? status : 'failed';
      const completed = `${date}T${timeOfDay(second)}+08:00`;
      return `${[kind, merchantNo, orderNo, tradeNo, shown, 'CNY', yuan(fee), end, completed].join(',')}\r\n`;
    },
    summary: () => {
      const figures = kinds.map((kind) => {
        const some = lines.filter((line) => line.kind === kind && !line.unreadable);
        const sum = (of: (line: FactoryLine) => bigint) => yuan(some.reduce((total, line) => total + of(line), 0n));
        const names = `${kind}s,${kind}_amount,${kind}_fee`;
        return { names, values: `${some.length},${sum(({ amount }) => amount)},${sum(({ fee }) => fee)}` };
      });
      const names = ['total_lines', ...figures.map((each) => each.names)].join(',');
      return `${names}\r\n${[lines.length, ...figures.map(({ values }) => values)].join(',')}\r\n`;
    },
  };
}
