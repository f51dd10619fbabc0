/** 分录: one link of an account's chain. The last link's balances are the balances of the chain. */
import { createHash } from 'node:crypto';
import type { AccountId } from '../kernel/ids.ts';
import type { Balances } from './account.ts';
import type { PostingFacts } from './posting.ts';

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

export interface UnsealedEntry extends EntryPlace, PostingFacts {
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
export function hashEntry(entry: UnsealedEntry): string {
  const fields = [
    entry.accountId,
    entry.slot,
    entry.seq,
    entry.postingId,
    entry.type,
    entry.transactionId ?? null,
    entry.description ?? null,
    entry.accountingDate,
    entry.belongsTo ?? null,
    entry.postedAt,
    `${entry.change.available}`,
    `${entry.change.frozen}`,
    `${entry.after.available}`,
    `${entry.after.frozen}`,
    entry.previousHash,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

export const sealEntry = (entry: UnsealedEntry): Entry => ({ ...entry, hash: hashEntry(entry) });

/** The state of a chain before its next entry. */
export interface Head extends Chain {
  /** absent while the chain is empty */
  readonly last: Entry | undefined;
}
