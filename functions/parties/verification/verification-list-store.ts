/** An institution's verifications, newest first, from the index `by-institution`, which lags behind writes by moments. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { InstitutionId } from '../../kernel/ids.ts';
import { type Merged, mergeNewest, type Stretch } from '../../kernel/merge-newest.ts';
import type { PageRequest } from '../../kernel/page.ts';
import { fromItem, toItem } from '../../kernel/table.ts';
import type { Parties } from '../parties.ts';
import type { Verification } from './verification.ts';
import { createdKeyOf, verificationFromItem } from './verification-store.ts';

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

/** Where a filter's attribute stands; the words are DynamoDB's own. */
const paths = { kind: '#kind', status: '#status', accountId: '#accountId', channel: '#route.#channel' } as const;

/** About 1 KiB each: 13 read units per 100 of them looked through, matching or not. */
export function listVerifications(parties: Parties, request: VerificationListRequest): Promise<Merged<Verification>> {
  const newest = [request.after, request.until?.toISOString()].filter((bound) => bound !== undefined).sort()[0] ?? '~';
  const readOn = (after: string) => readStretch(parties, request, after);
  return mergeNewest([readOn], { after: newest, limit: request.limit, maximumRounds });
}

async function readStretch(
  { table }: Parties,
  { institutionId, filter, from }: VerificationListRequest,
  after: string,
): Promise<Stretch<Verification>> {
  const oldest = from?.toISOString() ?? ' ';
  if (oldest > after) return { items: [] };
  const given = (Object.keys(paths) as (keyof typeof paths)[]).filter((name) => filter[name] !== undefined); // its own keys
  const names = new Set(given.flatMap((name) => (name === 'channel' ? ['route', 'channel'] : [name])));
  const { Items: found = [], LastEvaluatedKey: last } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'by-institution',
      // both ends are taken in, and `after` itself is dropped below
      KeyConditionExpression: 'listing = :listing AND createdKey BETWEEN :oldest AND :newest',
      ...(given.length > 0 && {
        FilterExpression: given.map((name) => `${paths[name]} = :${name}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [`#${name}`, name])),
      }),
      ExpressionAttributeValues: toItem({
        ':listing': institutionId,
        ':oldest': oldest,
        ':newest': after,
        ...Object.fromEntries(given.map((name) => [`:${name}`, filter[name]])),
      }),
      ScanIndexForward: false,
      Limit: stretchItems,
    }),
  );
  const verifications = found.map((item) => verificationFromItem(fromItem(item)));
  return {
    items: verifications.map((item) => ({ key: createdKeyOf(item), item })).filter(({ key }) => key !== after),
    lookedThrough: last && String(fromItem(last)['createdKey']),
  };
}
