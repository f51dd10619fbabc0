/** What was committed to the ledger, when, and what each account then held: seen from the inside of the table. */
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId } from '../../../functions/kernel/ids.ts';
import { fromItem } from '../../../functions/kernel/table.ts';
import { addBalances, type Balances, noBalances, type Terms } from '../../../functions/ledger/account.ts';
import { chainName, type Entry } from '../../../functions/ledger/entry.ts';
import { entryFromItem, isEntryItem } from '../../../functions/ledger/entry-store.ts';
import { type Client, clientThat, sendTo } from '../client.ts';

/** An account as it stood from one commit to the next. */
export interface Moment {
  readonly atMs: number;
  readonly balances: Balances;
  /** those of slot 0 */
  readonly terms: Terms;
  /** whether no slot is anything else but active; a change of state goes from slot to slot */
  readonly active: boolean;
  /** what the commit added to the account */
  readonly entries: readonly Entry[];
}

export interface Journal {
  /** writes down what passes through it and is committed */
  readonly over: (store: Client) => Client;
  readonly momentsOf: (accountId: AccountId) => readonly Moment[];
  readonly accounts: () => readonly AccountId[];
  readonly commits: () => number;
}

export function ledgerJournal(elapsedMs: () => number): Journal {
  const moments = new Map<AccountId, Moment[]>();
  const heads = new Map<string, Entry>();
  let commits = 0;

  const write = (entries: readonly Entry[]): void => {
    // a repeat with the same token is answered as if it were done again
    const fresh = entries.filter((entry) => (heads.get(chainName(entry))?.seq ?? 0) < entry.seq);
    if (fresh.length === 0) return;
    commits += 1;
    for (const entry of fresh) heads.set(chainName(entry), entry);
    for (const accountId of new Set(fresh.map((entry) => entry.accountId))) {
      const first = heads.get(chainName({ accountId, slot: 0 }));
      if (!first) throw new Error(`${accountId} begins without slot 0`);
      const slots = Array.from({ length: first.terms.slots }, (_, slot) => heads.get(chainName({ accountId, slot })));
      const balances = slots.reduce((sum, head) => (head ? addBalances(sum, head.after) : sum), noBalances);
      const moment = {
        atMs: elapsedMs(),
        balances,
        terms: first.terms,
        active: slots.every((head) => head?.terms.status === 'active'),
        entries: fresh.filter((entry) => entry.accountId === accountId),
      };
      const known = moments.get(accountId);
      if (known) known.push(moment);
      else moments.set(accountId, [moment]);
    }
  };

  return {
    over: (store) =>
      clientThat(async (command) => {
        const answer = await sendTo(store, command);
        if (command instanceof TransactWriteItemsCommand) {
          const items = (command.input.TransactItems ?? []).flatMap(({ Put }) =>
            Put?.Item ? [fromItem(Put.Item)] : [],
          );
          write(items.filter(isEntryItem).map(entryFromItem));
        }
        return answer;
      }),
    momentsOf: (accountId) => moments.get(accountId) ?? [],
    accounts: () => [...moments.keys()],
    commits: () => commits,
  };
}

/** How an account stood at some moment from one time to another, both included, oldest first. */
export function momentsBetween(moments: readonly Moment[], fromMs: number, toMs: number): readonly Moment[] {
  const before = moments.findLastIndex(({ atMs }) => atMs <= fromMs);
  return moments.slice(Math.max(0, before)).filter(({ atMs }) => atMs <= toMs);
}
