/** Where the movements of a business day stand in the index `by-day`, spread over shards. */
import { createHash } from 'node:crypto';
import type { AccountingDate } from '../kernel/clock.ts';
import type { InstitutionId } from '../kernel/ids.ts';
import { chainName, type Entry } from './entry.ts';

/** An index partition takes 1 000 writes a second, so a day of sixteen takes sixteen thousand. */
export const dayShards = 16;

/** The center's own accounts of no institution sort behind all institutions. */
const ownerless = 'none';

const ownerOf = (institutionId: InstitutionId | undefined): string => institutionId ?? ownerless;

/** By chain, so that a busy account's slots lie in several shards and each chain in one. */
const shardOf = (chain: string): number => createHash('sha256').update(chain).digest().readUInt8(0) % dayShards;

export const dayKey = (date: AccountingDate, shard: number): string => `${date}#${String(shard).padStart(2, '0')}`;

/** The attributes that put an entry into the index: its day's shard, and its place there by institution and chain. */
export function dayOf(entry: Pick<Entry, 'accountId' | 'slot' | 'seq' | 'accountingDate' | 'account'>) {
  const chain = chainName(entry);
  return {
    day: dayKey(entry.accountingDate, shardOf(chain)),
    dayPlace: `${ownerOf(entry.account.institutionId)}#${chain}#${String(entry.seq).padStart(12, '0')}`,
  };
}

/** What the places of an institution's entries begin with. */
export const placesOf = (institutionId: InstitutionId): string => `${institutionId}#`;
