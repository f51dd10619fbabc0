/**
 * Differences, each in the versions of the statement that showed it.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DAY#<channel>#<merchantNo>#<date>` | `DIFF#<id>#<version that found it, 6 digits>` | facts, digest, state, openedIn, closedIn, postingId, reversalPostingId, settlementAccountId, currency |
 *
 * Version 0 is a channel's word before any statement ({@link putOpenWrite}).
 *
 * `found` → `open` with its posting → `superseded` with the reversal, by a corrected file; or `found` → `superseded`
 * where the version that found it never came to post it.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type AccountId, type DifferenceId, idSchema, type PostingId } from '../kernel/ids.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { type Item, isConditionFailed, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { DifferenceFacts } from './difference.ts';
import { differenceFactsSchema } from './match-file.ts';
import { type Series, seriesKey } from './statement-key.ts';

export const differenceStates = ['found', 'open', 'superseded'] as const;

export type DifferenceState = (typeof differenceStates)[number];

export interface Difference {
  readonly id: DifferenceId;
  readonly facts: DifferenceFacts;
  readonly digest: string;
  readonly state: DifferenceState;
  /** the version of the statement that found it */
  readonly openedIn: number;
  /** the version that no longer showed it */
  readonly closedIn?: number | undefined;
  readonly settlementAccountId: AccountId;
  readonly currency: Currency;
  readonly postingId?: PostingId | undefined;
  readonly reversalPostingId?: PostingId | undefined;
  readonly foundAt: Date;
}

type Place = Pick<Difference, 'id' | 'openedIn'>;

const keyOf = (series: Series, { id, openedIn }: Place) => ({
  pk: seriesKey(series),
  sk: `DIFF#${id}#${openedIn.toString().padStart(6, '0')}`,
});

/** Puts what a version found; a repeat of the step leaves what is there. 1 write unit. */
export async function putFound(table: Table, series: Series, difference: Difference): Promise<void> {
  const { facts, foundAt, ...rest } = difference;
  try {
    await table.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: toItem({ ...keyOf(series, difference), ...rest, facts, foundAt: foundAt.toISOString() }),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

/** One that is open from its start, with its posting: part of the transaction that posts it. */
export function putOpenWrite(table: Table, series: Series, difference: Omit<Difference, 'state'>): Write {
  const { foundAt, ...rest } = difference;
  return write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...keyOf(series, difference), ...rest, state: 'open', foundAt: foundAt.toISOString() }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });
}

/** `found` → `open`: part of the transaction that posts it. */
export const openWrite = (table: Table, series: Series, place: Place, postingId: PostingId | undefined): Write =>
  stateWrite(table, series, place, { from: 'found', to: 'open', facts: postingId ? { postingId } : {} });

/** `open` → `superseded`: part of the transaction that reverses its posting. */
export const supersedeWrite = (
  table: Table,
  series: Series,
  place: Place,
  closed: { readonly from: DifferenceState; readonly closedIn: number; readonly reversalPostingId?: PostingId },
): Write => {
  const { from, ...facts } = closed;
  return stateWrite(table, series, place, { from, to: 'superseded', facts });
};

function stateWrite(
  table: Table,
  series: Series,
  place: Place,
  change: { readonly from: DifferenceState; readonly to: DifferenceState; readonly facts: object },
): Write {
  const facts = Object.entries(change.facts);
  return write({
    Update: {
      TableName: table.name,
      Key: toItem(keyOf(series, place)),
      UpdateExpression: ['SET #state = :to', ...facts.map(([name]) => `${name} = :${name}`)].join(', '),
      ConditionExpression: '#state = :from',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: toItem({
        ':from': change.from,
        ':to': change.to,
        ...Object.fromEntries(facts.map(([name, value]) => [`:${name}`, value])),
      }),
    },
  });
}

/** All differences of a day in all versions. One read unit per 4 KiB, about six of them. */
export async function differencesOfDay(table: Table, series: Series): Promise<Difference[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :prefix)',
    values: { ':pk': seriesKey(series), ':prefix': 'DIFF#' },
  });
  return items.map(differenceFromItem);
}

/** One difference, as each version that found it did. 1 read unit. */
export async function differencesNamed(table: Table, series: Series, id: DifferenceId): Promise<Difference[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :prefix)',
    values: { ':pk': seriesKey(series), ':prefix': `DIFF#${id}#` },
  });
  return items.map(differenceFromItem);
}

/** What one version showed, by id: found by it or an earlier one, and not closed by it or an earlier one. */
export async function differencesOfVersion(
  table: Table,
  series: Series,
  request: {
    readonly version: number;
    readonly type?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<{ readonly differences: readonly Difference[]; readonly continueAfter?: string }> {
  const { version, type, after, limit } = request;
  const items = await queryItems(table, {
    keys: 'pk = :pk AND sk BETWEEN :first AND :last',
    filter: [
      'openedIn <= :version AND (attribute_not_exists(closedIn) OR closedIn > :version)',
      ...(type === undefined ? [] : ['facts.#type = :type']),
    ].join(' AND '),
    ...(type !== undefined && { names: { '#type': 'type' } }),
    values: {
      ':pk': seriesKey(series),
      ':first': after === undefined ? 'DIFF#' : `DIFF#${after}~`,
      ':last': 'DIFF#~',
      ':version': version,
      ...(type !== undefined && { ':type': type }),
    } satisfies Item,
    limit: limit + 1,
  });
  const differences = items.slice(0, limit).map(differenceFromItem);
  const last = differences.at(-1);
  return { differences, ...(items.length > limit && last && { continueAfter: last.id }) };
}

/** For the audit, which reads the whole table. */
export const isDifferenceItem = (item: Item): boolean => String(item['sk']).startsWith('DIFF#');

const storedSchema = z.object({
  id: idSchema('diff'),
  facts: differenceFactsSchema,
  digest: z.string(),
  state: z.enum(differenceStates),
  openedIn: z.coerce.number(),
  closedIn: z.coerce.number().optional(),
  settlementAccountId: idSchema('acct'),
  currency: currencySchema,
  postingId: idSchema('post').optional(),
  reversalPostingId: idSchema('post').optional(),
  foundAt: z.iso.datetime().transform((text) => new Date(text)),
});

/** @throws ZodError for an item that is no difference */
export const differenceFromItem = (item: Item): Difference => storedSchema.parse(item);
