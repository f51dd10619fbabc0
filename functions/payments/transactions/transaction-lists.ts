/** An institution's transactions, external and internal, as lists that are merged into one. */
import type { InstitutionId } from '../../kernel/ids.ts';
import type { ReadOn } from '../../kernel/merge-newest.ts';
import { internalTransactions } from '../../ledger/index.ts';
import { listVerifications } from '../../parties/index.ts';
import { paymentLists } from '../payment-list-store.ts';
import type { Payments } from '../payments.ts';
import { externalKinds, internalKinds, passes, type Transaction, type TransactionFilter } from './transaction.ts';

export type TransactionSources = Pick<Payments, 'table' | 'parties'> & {
  readonly ledger: Pick<Payments['ledger'], 'table'>;
};

export interface TransactionRange {
  readonly institutionId: InstitutionId;
  readonly filter: TransactionFilter;
  /** created at or after */
  readonly from?: Date | undefined;
  /** created before */
  readonly until?: Date | undefined;
}

/** Only the lists in which the filter may find something are read. Keys are `<instant>#<id>`. */
export function transactionLists(
  { table, ledger, parties }: TransactionSources,
  { institutionId, filter, from }: TransactionRange,
  stretchItems: number,
): readonly ReadOn<Transaction>[] {
  const oldest = from?.toISOString() ?? ' ';
  const { kind, channel } = filter;
  const wantsPayments = kind === undefined || (isOneOf(externalKinds, kind) && kind !== 'verification');
  const wantsVerifications = kind === undefined || kind === 'verification';
  const wantsInternal = channel === undefined && (kind === undefined || isOneOf(internalKinds, kind));
  const lists: ReadOn<Transaction>[] = [];
  if (wantsPayments) {
    const payments = paymentLists(table, { institutionId, filter, oldest, stretchItems });
    lists.push(...payments.map((list) => mapped(list, (payment): Transaction => ({ from: 'payments', payment }))));
  }
  if (wantsVerifications) {
    const readOn: ReadOn<Transaction> = async (after) => {
      const { status, accountId } = filter;
      const request = { institutionId, filter: { status, accountId, channel }, from, after, limit: stretchItems };
      const { items, continueAfter } = await listVerifications(parties, request);
      const placed = items.map((verification) => ({
        key: `${verification.createdAt}#${verification.id}`,
        item: { from: 'verifications', verification } as const,
      }));
      return { items: placed, lookedThrough: continueAfter };
    };
    lists.push(readOn);
  }
  if (wantsInternal) lists.push(...internalTransactions(ledger, institutionId));
  return lists.map((list) => within(list, { oldest, filter }));
}

const isOneOf = (words: readonly string[], word: string): boolean => words.includes(word);

const mapped =
  <From, To>(list: ReadOn<From>, map: (item: From) => To): ReadOn<To> =>
  async (after) => {
    const { items, lookedThrough } = await list(after);
    return { items: items.map(({ key, item }) => ({ key, item: map(item) })), lookedThrough };
  };

/** Ends a list at its oldest key, and leaves out what the filter does. */
const within =
  (
    list: ReadOn<Transaction>,
    { oldest, filter }: { readonly oldest: string; readonly filter: TransactionFilter },
  ): ReadOn<Transaction> =>
  async (after) => {
    if (after <= oldest) return { items: [] };
    const { items, lookedThrough } = await list(after);
    return {
      items: items.filter(({ key, item }) => key >= oldest && passes(item, filter)),
      lookedThrough: lookedThrough !== undefined && lookedThrough >= oldest ? lookedThrough : undefined,
    };
  };

/** Where reading begins: before a cursor's place and before the end of the range. Keys sort as instants do. */
export const newestKey = (until: Date | undefined, after?: string): string =>
  [after, until?.toISOString()].filter((bound) => bound !== undefined).sort()[0] ?? '~';
