/** A statement in its parts, before it becomes bytes; each format has one writer. */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { Currency } from '../../kernel/money.ts';
import type { StatementLine } from './statement-line.ts';

export interface StatementText {
  readonly header: string;
  readonly details: readonly string[];
  /** names of the totals, and the totals */
  readonly summary: readonly [string, string];
}

export interface StatementContent {
  readonly merchantNo: string;
  readonly currency: Currency;
  /** in the order in which they are printed */
  readonly lines: readonly StatementLine[];
  /** lines that are in the count and in no sum, since nobody can read them */
  readonly unreadableLines: number;
  /** what is added to the amount of collections in the summary alone, in minor units */
  readonly totalError: bigint;
}

export interface StatementFormat {
  readonly lists: readonly StatementLine['kind'][];
  readonly fileName: (merchantNo: string, date: AccountingDate) => string;
  readonly write: (content: StatementContent) => StatementText;
  /** looks like a detail line and is none */
  readonly unreadableLine: (merchantNo: string) => string;
}
