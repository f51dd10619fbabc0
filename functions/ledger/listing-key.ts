/** Where an internal transaction stands in the index `by-institution`: among those of its institution, by time. */
import type { HoldId, InstitutionId, PostingId } from '../kernel/ids.ts';

/** An index partition takes 1 000 writes a second, so an institution of eight makes eight thousand transfers. */
const listingShards = 8;

const shardOf = (id: PostingId | HoldId): number => (id.codePointAt(id.length - 1) ?? 0) % listingShards;

const listingOf = (institutionId: InstitutionId, shard: number): string => `${institutionId}#${shard}`;

/** @param at RFC 3339 in UTC, milliseconds */
export const listingKey = (
  institutionId: InstitutionId,
  { at, id }: { readonly at: string; readonly id: PostingId | HoldId },
) => ({ listing: listingOf(institutionId, shardOf(id)), listKey: `${at}#${id}` });

export const listingsOf = (institutionId: InstitutionId): readonly string[] =>
  Array.from({ length: listingShards }, (_, shard) => listingOf(institutionId, shard));

/** Whose an item is that stands in the index. */
export const institutionOfListing = (listing: string): InstitutionId =>
  listing.slice(0, listing.indexOf('#')) as InstitutionId; // we wrote it
