/** What writes statements of one format: a file of this folder each. */
import { decimalFromMinorUnits } from '../../functions/kernel/money.ts';
import type { LineKind } from '../../functions/reconciliation/statement-line.ts';
import type { FactoryLine, Label } from './labelled-day.ts';

export interface WriterContext {
  readonly merchantNo: string;
  readonly date: string;
}

export interface StatementWriter {
  /** the file's first bytes */
  readonly header: string;
  /** the lines of the file that tell of it, with their ends, which count in the summary; none where the summary gives them */
  readonly line: (facts: FactoryLine) => string;
  /** the file's last bytes: of a format that states its figures before its lines, the lines too */
  readonly summary: () => string;
}

export interface StatementFactory {
  /** the format's name */
  readonly format: string;
  /** what the channel calls its files */
  readonly fileName: (context: WriterContext) => string;
  readonly kinds: readonly LineKind[];
  /** of which lines show no number of ours, or only one that is not theirs alone */
  readonly kindsWithoutOwnNumber?: readonly LineKind[];
  /** what its files can show besides what agrees */
  readonly labels: readonly Label[];
  /** the channel's own number, made of 28 digits, where it has another form */
  readonly tradeNo?: (digits: string, at: { readonly date: string; readonly second: number }) => string;
  /** where the file is not UTF-8 */
  readonly encode?: (text: string) => Buffer;
  readonly write: (context: WriterContext) => StatementWriter;
}

/** What every channel shows, besides what agrees: all but an order that is still under way. */
export const commonLabels = [
  'completed',
  'matched_by_trade_number',
  'missing_in_books',
  'missing_at_channel',
  'amount_mismatch',
  'fee_mismatch',
  'status_mismatch',
  'duplicate',
  'line_error',
] as const satisfies readonly Label[];

export const yuan = (amount: bigint): string => decimalFromMinorUnits(amount, 'CNY');

/** The letter O for a zero, as a hand or a scanner leaves it. */
export const noNumber = '1O.00';

/** Of what a file shows with its side apart. */
export const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** `HH:MM:SS` */
export const timeOfDay = (second: number): string =>
  [second / 3_600, (second / 60) % 60, second % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
