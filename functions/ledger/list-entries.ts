/** 账户流水: the entries of one account by accounting date, newest first. */
import type { AccountingDate } from '../kernel/clock.ts';
import type { Page } from '../kernel/page.ts';
import type { Table } from '../kernel/table.ts';
import type { Account } from './account.ts';
import type { Chain, Entry } from './entry.ts';
import { entriesBefore, getEntry, getHead } from './entry-store.ts';
import type { Ledger } from './ledger.ts';
import { mergeChains, type StatementLine } from './merge-chains.ts';
import { slotsOf } from './read-account.ts';

export interface EntriesRequest {
  readonly limit: number;
  /** from an earlier page's `nextCursor`, see `entriesCursorPattern`; it stands for `to` as well */
  readonly after?: string | undefined;
  /** accounting dates, both included */
  readonly from?: AccountingDate | undefined;
  readonly to?: AccountingDate | undefined;
}

/**
 * 1 read unit per 4 KiB, some eight entries, of each slot's share. A first page with `to` also halves its way to that
 * day, log2(n) read units for n entries of a slot; `from` costs nothing.
 */
export async function listEntries(
  { table }: Pick<Ledger, 'table'>,
  account: Account,
  { limit, after, from, to }: EntriesRequest,
): Promise<Page<StatementLine>> {
  const starts = after?.split('.').map(Number);
  const readSize = Math.ceil(limit / account.slots) + 1;
  const chains = slotsOf(account).map((slot) => {
    const chain = { accountId: account.id, slot };
    // a slot that was added after the cursor was made holds only entries newer than its page
    const start = async () => (starts ? (starts[slot] ?? 0) : lastSeqUpTo(table, chain, to));
    return walkBack(table, chain, { start, readSize });
  });

  const items: StatementLine[] = [];
  for await (const line of mergeChains(chains, from)) {
    const last = items.at(-1);
    if (items.length === limit && last) return { items, nextCursor: last.next.join('.') };
    items.push(line);
  }
  return { items, nextCursor: null };
}

async function* walkBack(
  table: Table,
  chain: Chain,
  { start, readSize }: { readonly start: () => Promise<number>; readonly readSize: number },
): AsyncGenerator<Entry, void> {
  let upTo = await start();
  while (upTo > 0) {
    const entries = await entriesBefore(table, chain, { upTo, limit: readSize });
    if (entries.length === 0) return;
    yield* entries;
    upTo = (entries.at(-1)?.seq ?? 1) - 1;
  }
}

/** The number of the chain's last entry of a day or an earlier one, 0 where there is none. */
async function lastSeqUpTo(table: Table, chain: Chain, day: AccountingDate | undefined): Promise<number> {
  const last = await getHead(table, chain);
  if (!last || day === undefined || last.accountingDate <= day) return last?.seq ?? 0;
  let [within, beyond] = [0, last.seq];
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    const entry = await getEntry(table, { ...chain, seq: middle });
    if (!entry) throw new Error(`entry ${middle} of ${chain.accountId}#${chain.slot} is missing`);
    if (entry.accountingDate <= day) within = middle;
    else beyond = middle;
  }
  return within;
}
