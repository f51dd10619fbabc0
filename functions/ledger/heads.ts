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

/** All slots of each account, each as it stands when it is read: 1 read unit for each. */
export const lookAtAllHeads = (ledger: Pick<Needs, 'table'>, ids: readonly AccountId[]): Promise<Heads> =>
  headsOf(ids, (id) => lookAtSlots(ledger.table, id));

/** All slots of each account, the most that a refusal may rest on: nothing is remembered. Cost: see {@link readSlots}. */
export const readAllHeads = (ledger: Pick<Needs, 'table'>, ids: readonly AccountId[]): Promise<Heads> =>
  headsOf(ids, (id) => readSlots(ledger.table, id));

async function headsOf(ids: readonly AccountId[], read: (id: AccountId) => Promise<readonly Entry[]>): Promise<Heads> {
  const found = await Promise.all(ids.map(async (id) => [id, await read(id)] as const));
  return new Map(found.filter(([, heads]) => heads.length > 0));
}

const maximumLooks = 5;

/**
 * All slots of one account; none where there is no account. Those of an account with a floor are looked at until two looks in
 * a row find the same ends: entries are only ever added, so they stood together at that moment. On one that is
 * written to without a pause the last of five looks counts. Without a floor nothing hangs on two slots at once, and one
 * look is enough.
 *
 * Cost: 1 read unit for each slot; with a floor and several slots 2 to 5 for each.
 */
export async function readSlots(table: Table, accountId: AccountId): Promise<readonly Entry[]> {
  let heads = await lookAtSlots(table, accountId);
  const [first] = heads;
  if (!first || first.terms.floor === null || heads.length === 1) return heads;
  for (let looks = 2; looks <= maximumLooks; looks++) {
    const again = await lookAtSlots(table, accountId);
    if (again.length === heads.length && again.every(({ hash }, slot) => hash === heads[slot]?.hash)) return again;
    heads = again;
  }
  return heads;
}

async function lookAtSlots(table: Table, accountId: AccountId): Promise<readonly Entry[]> {
  const first = await getHead(table, { accountId, slot: 0 });
  if (!first) return [];
  const others = Array.from({ length: first.terms.slots - 1 }, async (_, index) => {
    const head = await getHead(table, { accountId, slot: index + 1 });
    if (!head) throw new Error(`slot ${index + 1} of ${accountId} is gone`);
    return head;
  });
  return [first, ...(await Promise.all(others))];
}
