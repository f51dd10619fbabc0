/** What writes statements of one format: a file of this folder each. */
import type { LineKind } from '../../functions/reconciliation/statement-line.ts';
import type { FactoryLine, Label } from './labelled-day.ts';

export interface WriterContext {
  readonly merchantNo: string;
  readonly date: string;
}

export interface StatementWriter {
  /** the file's first bytes */
  readonly header: string;
  /** one line with its end, which counts in the summary */
  readonly line: (facts: FactoryLine) => string;
  /** the file's last bytes, after all lines */
  readonly summary: () => string;
}

export interface StatementFactory {
  /** the format's name */
  readonly format: string;
  readonly kinds: readonly LineKind[];
  /** what its files can show besides what agrees */
  readonly labels: readonly Label[];
  readonly write: (context: WriterContext) => StatementWriter;
}

/** `HH:MM:SS` */
export const timeOfDay = (second: number): string =>
  [second / 3_600, (second / 60) % 60, second % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
