/** Where an account's chains end at the moment in which a statement of it begins. */
import type { Table } from '../kernel/table.ts';
import type { Account } from './account.ts';
import type { Entry } from './entry.ts';
import { getHead } from './entry-store.ts';
import { slotsOf } from './read-account.ts';

const maximumLooks = 5;

/**
 * The head of each slot. Only an account with a floor has postings with an entry on several slots (see `placeChange`): its
 * slots are looked at until nothing was added between two looks, so that the cut goes through no posting. On one that is
 * written to without a pause the last of five looks counts.
 *
 * Cost: 1 read unit for each slot; 2 to 5 for several slots with a floor.
 */
export async function readCut(table: Table, account: Account): Promise<readonly Entry[]> {
  const look = () => Promise.all(slotsOf(account).map((slot) => headOf(table, account, slot)));
  let heads = await look();
  if (account.floor === null || heads.length === 1) return heads;
  for (let looks = 2; looks <= maximumLooks; looks++) {
    const again = await look();
    if (again.every(({ hash }, slot) => hash === heads[slot]?.hash)) return again;
    heads = again;
  }
  return heads;
}

async function headOf(table: Table, { id }: Account, slot: number): Promise<Entry> {
  const head = await getHead(table, { accountId: id, slot });
  if (!head) throw new Error(`slot ${slot} of ${id} is gone`);
  return head;
}
