/** Accounts with a history that the law of chains allows, in a table in memory, and what a plain sort makes of them. */
import fc from 'fast-check';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { committer, type Write } from '../../../functions/kernel/write.ts';
import {
  type Account,
  addBalances,
  type Balances,
  type NewAccount,
  noBalances,
} from '../../../functions/ledger/account.ts';
import { accountOf, type Entry, firstPreviousHash, sealEntry } from '../../../functions/ledger/entry.ts';
import { putEntry } from '../../../functions/ledger/entry-store.ts';
import { openingEntries } from '../../../functions/ledger/open-accounts.ts';
import type { PostingType } from '../../../functions/ledger/posting.ts';
import type { StatementLine } from '../../../functions/ledger/statements/merge-chains.ts';
import { createMemoryStore } from '../../../local/simulation/memory-store.ts';
import { day, noon, postingId, settlement, today } from '../samples.ts';

/** One thing that happens to an account. */
export interface Event {
  /** which slot takes it, counted round */
  readonly slot: number;
  readonly type: PostingType | 'raise';
  readonly change: Balances;
  /** days and milliseconds since the event before, whatever its slot */
  readonly days: number;
  readonly milliseconds: number;
  readonly description?: string;
}

const amount = fc.bigInt({ min: -100n, max: 100n });

export const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.record({
    slot: fc.nat(7),
    type: fc.constantFrom('top_up', 'withdrawal_freeze', 'withdrawal_capture', 'transfer', 'account_change', 'raise'),
    change: fc.record({ available: amount, frozen: amount, fees: amount }),
    days: fc.constantFrom(0, 0, 0, 1, 3),
    // several entries of one instant
    milliseconds: fc.constantFrom(0, 1, 1_000, 3_600_000),
  }),
  { maxLength: 30 },
);

export const timeZone = 'Asia/Shanghai';
const dayMs = 86_400_000;

export class StatementBooks {
  readonly table: Table;
  readonly entries: Entry[] = [];
  readonly #commit: (writes: readonly Write[]) => Promise<{ readonly committed: boolean }>;
  #now = noon.getTime();
  #days = 0;
  #count = 0;

  constructor() {
    const client = createMemoryStore([{ name: 'ledger' }]);
    this.table = { client, name: 'ledger' };
    this.#commit = committer(client, { random: () => 0, sleepMs: async () => undefined });
  }

  static async of(history: readonly Event[], facts: NewAccount = settlement('S', 3)): Promise<StatementBooks> {
    const books = new StatementBooks();
    await books.#add(openingEntries(facts, today));
    for (const event of history) await books.happen(event);
    return books;
  }

  get source() {
    return { table: this.table, timeZone };
  }

  get account(): Account {
    return accountOf(this.#head(0));
  }

  /** The end of the day that is open now. */
  get businessDate(): AccountingDate {
    return day(new Date(Date.parse(`${today}T00:00:00Z`) + this.#days * dayMs).toISOString().slice(0, 10));
  }

  async happen({ slot, type, change, days, milliseconds, description }: Event): Promise<void> {
    this.#days += days;
    this.#now += days * dayMs + milliseconds;
    const { slots } = this.account;
    if (type === 'raise') {
      if (slots === 8) return;
      const first = this.#head(0);
      const terms = { ...first.terms, slots: slots + 1 };
      const opened = { ...first, slot: slots, seq: 0, after: noBalances, hash: firstPreviousHash };
      await this.#add([first, opened].map((head) => this.#next(head, { type: 'account_change', terms })));
    } else if (type === 'account_change') {
      await this.#add([this.#next(this.#head(0), { type })]);
    } else {
      await this.#add([this.#next(this.#head(slot % slots), { type, change, description })]);
    }
  }

  /** What a list of all entries says, oldest first. */
  lines(): StatementLine[] {
    let balances = noBalances;
    return this.entries
      .toSorted(
        (left, right) => compare(left.postedAt, right.postedAt) || left.slot - right.slot || left.seq - right.seq,
      )
      .map((entry) => {
        balances = addBalances(balances, entry.change);
        return { entry, balancesAfter: balances };
      });
  }

  #head(slot: number): Entry {
    const head = this.entries.findLast((entry) => entry.slot === slot);
    if (!head) throw new Error(`there is no slot ${slot}`);
    return head;
  }

  #next(head: Entry, facts: Pick<Entry, 'type'> & Partial<Pick<Entry, 'change' | 'terms' | 'description'>>): Entry {
    const { change = noBalances } = facts;
    this.#count += 1;
    return sealEntry({
      ...head,
      terms: head.terms,
      ...facts,
      postingId: postingId(`${this.#count}`),
      accountingDate: this.businessDate,
      postedAt: new Date(this.#now).toISOString(),
      seq: head.seq + 1,
      change,
      after: addBalances(head.after, change),
      previousHash: head.hash,
    });
  }

  async #add(entries: readonly Entry[]): Promise<void> {
    const { committed } = await this.#commit(entries.map((entry) => putEntry(this.table, entry)));
    if (!committed) throw new Error('an entry was there already');
    this.entries.push(...entries);
  }
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
