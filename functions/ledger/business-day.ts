/** Where the movements of a business day stand in the index `by-day`, spread over shards. */
import { createHash } from 'node:crypto';
import type { AccountingDate } from '../kernel/clock.ts';
import type { InstitutionId } from '../kernel/ids.ts';
import { type Chain, chainName, type Entry } from './entry.ts';

/** An index partition takes 1 000 writes a second, so a day of sixteen takes sixteen thousand. */
export const dayShards = 16;

/** The center's own accounts of no institution sort behind all institutions. */
export const ownerless = 'none';

/** Whose books an account belongs to: an institution's, or the center's own. */
export type Owner = InstitutionId | typeof ownerless;

export const ownerOf = (institutionId: InstitutionId | undefined): Owner => institutionId ?? ownerless;

/** By chain, so that a busy account's slots lie in several shards and each chain in one. */
const shardOf = (chain: string): number => createHash('sha256').update(chain).digest().readUInt8(0) % dayShards;

export const dayKey = (date: AccountingDate, shard: number): string => `${date}#${String(shard).padStart(2, '0')}`;

/** Where a chain's entries stand within their shard. */
export const chainPlace = (chain: Chain & { readonly owner: Owner }): string => `${chain.owner}#${chainName(chain)}#`;

type Placed = Pick<Entry, 'accountId' | 'slot' | 'seq' | 'account'>;

/** By owner, account, slot and number. */
export const placeOfEntry = (entry: Placed): string =>
  `${chainPlace({ ...entry, owner: ownerOf(entry.account.institutionId) })}${String(entry.seq).padStart(12, '0')}`;

/** The attributes that put an entry into the index: its day's shard, and its place there by owner and chain. */
export const dayOf = (entry: Placed & Pick<Entry, 'accountingDate'>) => ({
  day: dayKey(entry.accountingDate, shardOf(chainName(entry))),
  dayPlace: placeOfEntry(entry),
});

/** The first and the last place that an owner's entries can have, or anyone's entries. */
export const placesOf = (owner: Owner | undefined): readonly [first: string, last: string] =>
  // `$` is the character after `#`; letters and digits lie between a space and a tilde
  owner === undefined ? [' ', '~'] : [`${owner}#`, `${owner}$`];

/** The first place after this one. */
export const placeAfter = (place: string): string => `${place} `;
