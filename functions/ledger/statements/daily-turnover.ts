/** What each business day did to an account's available balance, by type of posting. */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Entry } from '../entry.ts';
import { entriesFrom, getHead } from '../entry-store.ts';
import type { PostingType } from '../posting.ts';
import { findLastBefore, isAfter, type StatementSource } from './statement-range.ts';

export interface DailyTurnover {
  /** minor units on the account's normal side, before the first day */
  readonly opening: bigint;
  /** only days on which something moved, the first one first; changes on the normal side */
  readonly days: readonly { readonly date: AccountingDate; readonly changes: Partial<Record<PostingType, bigint>> }[];
  /** of the last entry of those days: what the days must add up to */
  readonly closing: bigint;
}

const pageSize = 500;

/** Of all its slots. A read unit per 4 KiB of entries, about six, and those of finding where the first day begins. */
export async function dailyTurnover(
  source: StatementSource,
  accountId: AccountId,
  { from, to }: { readonly from: AccountingDate; readonly to: AccountingDate },
): Promise<DailyTurnover | undefined> {
  const first = await getHead(source.table, { accountId, slot: 0 });
  if (!first) return undefined;
  let opening = 0n;
  let closing = 0n;
  const days = new Map<AccountingDate, Partial<Record<PostingType, bigint>>>();
  for (let slot = 0; slot < first.terms.slots; slot++) {
    const head = slot === 0 ? first : await getHead(source.table, { accountId, slot });
    if (!head) continue;
    const before = await findLastBefore(source, head, { by: 'accountingDate', value: from });
    let after = before?.after.available ?? 0n;
    opening += after;
    for await (const entry of entriesUpTo(source, { head, from: (before?.seq ?? 0) + 1, to })) {
      const changes = days.get(entry.accountingDate) ?? {};
      days.set(entry.accountingDate, {
        ...changes,
        [entry.type]: (changes[entry.type] ?? 0n) + entry.change.available,
      });
      after = entry.after.available;
    }
    closing += after;
  }
  const sorted = [...days].sort(([left], [right]) => (left < right ? -1 : 1));
  return { opening, closing, days: sorted.map(([date, changes]) => ({ date, changes })) };
}

async function* entriesUpTo(
  { table }: StatementSource,
  { head, from, to }: { readonly head: Entry; readonly from: number; readonly to: AccountingDate },
): AsyncGenerator<Entry> {
  const chain = { accountId: head.accountId, slot: head.slot };
  for (let next = from; next <= head.seq; ) {
    const entries = await entriesFrom(table, chain, { from: next, limit: pageSize });
    for (const entry of entries) {
      if (isAfter(entry, { by: 'accountingDate', value: to })) return;
      yield entry;
    }
    const last = entries.at(-1);
    if (!last) return;
    next = last.seq + 1;
  }
}
