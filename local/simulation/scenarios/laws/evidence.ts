/** What the laws are held against: the tables as the run has left them, and what callers were told on the way. */
import type { AccountId, HoldId, PaymentId, PostingId } from '../../../../functions/kernel/ids.ts';
import { fromItem } from '../../../../functions/kernel/table.ts';
import type { Close } from '../../../../functions/ledger/close/close.ts';
import { chainName, type Entry } from '../../../../functions/ledger/entry.ts';
import { entryFromItem, isEntryItem } from '../../../../functions/ledger/entry-store.ts';
import type { Hold } from '../../../../functions/ledger/holds/hold.ts';
import { holdFromItem, isHoldItem } from '../../../../functions/ledger/holds/hold-store.ts';
import { postingFromItem, type StoredPosting } from '../../../../functions/ledger/posting-store.ts';
import type { Payment } from '../../../../functions/payments/index.ts';
import { isPaymentItem, paymentFromItem } from '../../../../functions/payments/payment-store.ts';
import type { Attributes } from '../../memory-store.ts';
import type { Center } from '../center.ts';
import type { SimulatedChannel } from '../channel.ts';
import type { Wiring } from '../function-fleet.ts';
import type { Journal } from '../journal.ts';
import type { Look } from '../readers.ts';
import type { Operation } from '../record.ts';

export interface Evidence {
  /** whether, faults at an end, everything went through that was left to do */
  readonly rested: boolean;
  readonly center: Center;
  readonly channel: SimulatedChannel;
  readonly journal: Journal;
  readonly operations: readonly Operation[];
  readonly looks: readonly Look[];
  readonly closes: readonly Close[];
  readonly books: Books;
  /** reads the tables, and meets no fault */
  readonly payments: Wiring['payments'];
}

/** The final tables. */
export interface Books {
  /** each in the order of its numbers */
  readonly chains: ReadonlyMap<string, readonly Entry[]>;
  /** all entries that name a posting */
  readonly entriesOf: ReadonlyMap<PostingId, readonly Entry[]>;
  readonly postings: ReadonlyMap<PostingId, StoredPosting>;
  readonly holds: ReadonlyMap<HoldId, Hold>;
  readonly payments: ReadonlyMap<PaymentId, Payment>;
}

export function readBooks(ledger: readonly Attributes[], paymentItems: readonly Attributes[]): Books {
  const chains = new Map<string, Entry[]>();
  const entriesOf = new Map<PostingId, Entry[]>();
  const postings = new Map<PostingId, StoredPosting>();
  const holds = new Map<HoldId, Hold>();
  for (const item of ledger.map(fromItem)) {
    if (isEntryItem(item)) {
      const entry = entryFromItem(item);
      add(chains, chainName(entry), entry);
      add(entriesOf, entry.postingId, entry);
    } else if (isHoldItem(item)) {
      const hold = holdFromItem(item);
      holds.set(hold.id, hold);
    } else if (item['sk'] === 'POSTING') {
      const posting = postingFromItem(item);
      postings.set(posting.postingId, posting);
    }
  }
  for (const chain of chains.values()) chain.sort((left, right) => left.seq - right.seq);
  const payments = paymentItems.map(fromItem).filter(isPaymentItem).map(paymentFromItem);
  return { chains, entriesOf, postings, holds, payments: new Map(payments.map((payment) => [payment.id, payment])) };
}

function add<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** What all slots of an account hold together. */
export function finalBalances(
  { chains }: Books,
  accountId: AccountId,
): { available: bigint; frozen: bigint; fees: bigint } {
  const sum = { available: 0n, frozen: 0n, fees: 0n };
  for (const [name, chain] of chains) {
    const last = chain.at(-1);
    if (!last || !name.startsWith(`${accountId}#`)) continue;
    sum.available += last.after.available;
    sum.frozen += last.after.frozen;
    sum.fees += last.after.fees;
  }
  return sum;
}
