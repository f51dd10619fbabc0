/** Where an internal transaction stands in the index `by-institution`: among those of its institution, by time. */
import type { HoldId, InstitutionId, PostingId } from '../kernel/ids.ts';

/** @param at RFC 3339 in UTC, milliseconds */
export const listingKey = (
  institutionId: InstitutionId,
  { at, id }: { readonly at: string; readonly id: PostingId | HoldId },
) => ({ listing: institutionId, listKey: `${at}#${id}` });
