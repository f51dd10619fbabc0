/** An institution's verifications, newest first, from the index `by-institution`, which lags behind writes by moments. */
import type { InstitutionId } from '../../kernel/ids.ts';
import { readListing } from '../../kernel/listing.ts';
import { type Merged, mergeNewest } from '../../kernel/merge-newest.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { Parties } from '../parties.ts';
import type { Verification } from './verification.ts';
import { verificationFromItem } from './verification-store.ts';

export interface VerificationFilter {
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
  readonly accountId?: string | undefined;
  readonly channel?: string | undefined;
}

/** `after` is a key of `createdKeyOf`, as `continueAfter` gives it. */
export interface VerificationListRequest extends PageRequest {
  readonly institutionId: InstitutionId;
  readonly filter: VerificationFilter;
  /** created at or after */
  readonly from?: Date | undefined;
  /** created before */
  readonly until?: Date | undefined;
}

/** So many items are looked through at a time, and so many times for one answer. */
const stretchItems = 100;
const maximumRounds = 12;

/** About 1 KiB each: 13 read units per 100 of them looked through, matching or not. */
export function listVerifications(
  { table }: Parties,
  { institutionId, filter, from, until, after, limit }: VerificationListRequest,
): Promise<Merged<Verification>> {
  const oldest = from?.toISOString() ?? ' ';
  const newest = [after, until?.toISOString()].filter((bound) => bound !== undefined).sort()[0] ?? '~';
  if (oldest > newest) return Promise.resolve({ items: [] });
  const { channel, ...own } = filter;
  const wanted = {
    ...{ index: 'by-institution', listing: institutionId, sortKey: 'createdKey', oldest },
    ...{ filter: { ...own, 'route.channel': channel }, limit: stretchItems },
  };
  const readOn = (place: string) => readListing(table, { ...wanted, after: place }, verificationFromItem);
  return mergeNewest([readOn], { after: newest, limit, maximumRounds });
}
