/** The ends of the chains on which a posting is to stand. */
import type { AccountId } from '../kernel/ids.ts';
import type { Table } from '../kernel/table.ts';
import type { Heads } from './book-posting.ts';
import type { Chain, Entry } from './entry.ts';
import { getHead } from './entry-store.ts';
import type { Ledger } from './ledger.ts';

type Needs = Pick<Ledger, 'table' | 'memory' | 'random'>;

/**
 * One slot of each account: the one that this process writes to, or any. 1 read unit for each that is not remembered,
 * 2 for the first look at an account of several slots.
 */
export async function chooseHeads(ledger: Needs, ids: readonly AccountId[]): Promise<Heads> {
  const found = await Promise.all(ids.map(async (id) => [id, await chooseHead(ledger, id)] as const));
  return new Map(found.flatMap(([id, head]) => (head ? [[id, [head]]] : [])));
}

async function chooseHead(ledger: Needs, accountId: AccountId): Promise<Entry | undefined> {
  const own = ledger.memory.slotOf(accountId);
  if (own !== undefined) return rememberedHead(ledger, { accountId, slot: own });
  // slot 0 tells how many there are
  const first = await rememberedHead(ledger, { accountId, slot: 0 });
  if (!first || first.terms.slots === 1) return first;
  const slot = Math.floor(ledger.random() * first.terms.slots);
  return slot === 0 ? first : rememberedHead(ledger, { accountId, slot });
}

/** The end of a chain as this process remembers it, or as it stands: 1 read unit, or none. */
export async function rememberedHead(
  { table, memory }: Pick<Needs, 'table' | 'memory'>,
  chain: Chain,
): Promise<Entry | undefined> {
  const remembered = memory.recall(chain);
  if (remembered) return remembered;
  const head = await getHead(table, chain);
  if (head) memory.noteRead(head);
  return head;
}

/**
 * All slots of each account as they stood together at some moment, the most that a refusal may rest on: nothing is
 * remembered, and several slots are read until two looks in a row find the same ends. 1 read unit for an account of one
 * slot, 2k at least for one of k.
 */
export async function readAllHeads({ table }: Pick<Needs, 'table'>, ids: readonly AccountId[]): Promise<Heads> {
  const found = await Promise.all(ids.map(async (id) => [id, await readSlots(table, id)] as const));
  return new Map(found.filter(([, heads]) => heads.length > 0));
}

/** All slots of one account as they stood together at some moment; none where there is no account. */
export async function readSlots(table: Table, accountId: AccountId): Promise<readonly Entry[]> {
  let before = await readOnce(table, accountId);
  for (;;) {
    if (before.length < 2) return before;
    const again = await readOnce(table, accountId);
    // entries are only ever added, so the same ends twice means that nothing was added in between
    if (again.length === before.length && again.every(({ hash }, slot) => hash === before[slot]?.hash)) return again;
    before = again;
  }
}

async function readOnce(table: Table, accountId: AccountId): Promise<readonly Entry[]> {
  const first = await getHead(table, { accountId, slot: 0 });
  if (!first) return [];
  const others = await Promise.all(
    Array.from({ length: first.terms.slots - 1 }, (_, index) => getHead(table, { accountId, slot: index + 1 })),
  );
  return [first, ...others.flatMap((head) => head ?? [])];
}
