/** 分录: one link of an account's chain. The last link's balances are the balances of the chain. */
import { createHash } from 'node:crypto';
import type { AccountId } from '../kernel/ids.ts';
import {
  type Account,
  type AccountFacts,
  addBalances,
  type Balances,
  noBalances,
  onNormalSides,
  type Terms,
} from './account.ts';
import type { Move, PostingFacts } from './posting.ts';

/** One of an account's chains. */
export interface Chain {
  readonly accountId: AccountId;
  /** 0 unless the account is spread over several chains */
  readonly slot: number;
}

/** The place of an entry: its chain and its number there, counted from 1. */
export interface EntryPlace extends Chain {
  readonly seq: number;
}

export const chainName = ({ accountId, slot }: Chain): string => `${accountId}#${slot}`;

export const placeOf = ({ accountId, slot, seq }: EntryPlace): EntryPlace => ({ accountId, slot, seq });

/** The terms that hold from an entry on, and the number of the entry that set them. */
export interface DatedTerms extends Terms {
  readonly since: number;
}

export interface UnsealedEntry extends EntryPlace, PostingFacts {
  readonly account: AccountFacts;
  readonly terms: DatedTerms;
  /** minor units, positive on the account's normal side */
  readonly change: Balances;
  readonly after: Balances;
  /** the hash of the entry before it, {@link firstPreviousHash} for entry 1 */
  readonly previousHash: string;
}

export interface Entry extends UnsealedEntry {
  readonly hash: string;
}

export const firstPreviousHash = '0'.repeat(64);

/**
 * Lower-case hex of the SHA-256 of the UTF-8 of a JSON array without spaces: the fields below in their order, absent
 * ones as null, amounts as decimal text, so that any language can check it. The README shows one.
 */
export function hashEntry({ account, terms, change, after, ...entry }: UnsealedEntry): string {
  const fields = [
    [entry.accountId, entry.slot, entry.seq],
    [entry.postingId, entry.type, entry.transactionId ?? null, entry.description ?? null, entry.by ?? null],
    [entry.accountingDate, entry.belongsTo ?? null, entry.postedAt],
    [account.kind, account.subject, account.currency, account.institutionId ?? null, account.openedAt],
    [terms.status, terms.floor === null ? null : `${terms.floor}`, terms.slots, terms.since],
    [`${change.available}`, `${change.frozen}`, `${change.fees}`],
    [`${after.available}`, `${after.frozen}`, `${after.fees}`],
    entry.previousHash,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

export const sealEntry = (entry: UnsealedEntry): Entry => ({ ...entry, hash: hashEntry(entry) });

/** The entry that lengthens a chain: what stands at its end stays, but for what is given. */
export const entryAfter = (
  head: Entry,
  facts: PostingFacts,
  { change = noBalances, terms = head.terms }: { readonly change?: Balances; readonly terms?: DatedTerms },
): Entry =>
  sealEntry({
    ...facts,
    accountId: head.accountId,
    slot: head.slot,
    seq: head.seq + 1,
    account: head.account,
    terms,
    change,
    after: addBalances(head.after, change),
    previousHash: head.hash,
  });

/** What an entry does to its account, counted with debits positive. */
export const moveOf = ({ accountId, account, change }: Entry): Move => ({
  accountId,
  currency: account.currency,
  ...onNormalSides(account, change),
});

/** The account as an entry of any of its chains tells of it. */
export const accountOf = ({ accountId, account, terms }: Entry): Account => {
  const { status, floor, slots } = terms;
  return { id: accountId, ...account, status, floor, slots };
};
