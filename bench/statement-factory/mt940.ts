/** SWIFT MT940 with structured texts (`:86:`), as German banks write it: charges are lines of their own, a day has several pages. */
import { type Movement, movementsOf, signedAmount } from './account-movements.ts';
import type { FactoryLine } from './labelled-day.ts';
import {
  commonLabels,
  magnitude,
  noNumber,
  type StatementFactory,
  type StatementWriter,
  type WriterContext,
  yuan,
} from './statement-writer.ts';

export const factory: StatementFactory = {
  format: 'mt940',
  fileName: ({ date }) => `mt940-${date}.sta`,
  kinds: ['collection', 'payout'],
  labels: commonLabels,
  // 16 characters at most
  tradeNo: (digits) => digits.slice(-16),
  write,
};

const linesOfPage = 200;

const amountOf = (amount: bigint): string => yuan(magnitude(amount)).replace('.', ',');

function write({ merchantNo, date }: WriterContext): StatementWriter {
  const day = date.replaceAll('-', '').slice(2);
  const account = `:25:50880050/${merchantNo}\r\n`;
  let balance = 100_000_00n;
  let page = 1;
  let lines = 0;
  const balanceAs = (tag: string): string => `:${tag}:${balance < 0n ? 'D' : 'C'}${day}CNY${amountOf(balance)}\r\n`;
  const begin = (tag: string): string => `:20:S${day}\r\n${account}:28C:60/${page}\r\n${balanceAs(tag)}`;
  return {
    header: begin('60F'),
    line: (facts) =>
      movementsOf(facts)
        .map((movement) => {
          const turned = lines === linesOfPage ? turn() : '';
          lines += 1;
          if (!movement.unreadable) balance += signedAmount(movement);
          return turned + textOf(facts, movement);
        })
        .join(''),
    summary: () => `${balanceAs('62F')}-\r\n`,
  };

  function turn(): string {
    const end = `${balanceAs('62M')}-\r\n`;
    [page, lines] = [page + 1, 0];
    return end + begin('60M');
  }

  function textOf({ orderNo, tradeNo }: FactoryLine, { side, amount, isCharge, unreadable }: Movement): string {
    const type = isCharge ? 'NCHG' : 'NTRF';
    const shown = unreadable ? noNumber.replace('.', ',') : amountOf(amount);
    const line = `:61:${day}${day.slice(2)}${side === 'credit' ? 'C' : 'D'}${shown}${type}NONREF//${tradeNo}\r\n`;
    const [code, name] = isCharge
      ? ['808', 'GEBUEHREN']
      : side === 'credit'
        ? ['166', 'GUTSCHRIFT']
        : ['116', 'UEBERWEISUNG'];
    const told = [...subFieldsOf(orderNo === '' ? '' : `EREF+${orderNo}`), 'SVWZ+Auftrag'];
    const text = `${code}?00${name}${told.map((each, index) => `?${20 + index}${each}`).join('')}?30DRESDEFF508`;
    return `${line}${wrapped(`:86:${text}`)}`;
  }
}

/** 27 characters each. */
const subFieldsOf = (text: string): readonly string[] => text.match(/.{1,27}/g) ?? [];

/** 65 characters a line. */
const wrapped = (text: string): string => (text.match(/.{1,65}/g) ?? []).map((line) => `${line}\r\n`).join('');
