/**
 * Differences, each in the versions of the statement that showed it.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DAY#<channel>#<merchantNo>#<date>` | `DIFF#<id>#<version that found it, 6 digits>` | the difference as `case.ts` has it; once it is open, listing `all`, institutionId and listKey |
 * | `DIFF#<id>` | `DAY` | channel, merchantNo, date: where a difference stands, by its id alone |
 *
 * Version 0 is a channel's word before any statement ({@link putOpenWrites}). listKey is `case#<dueAt>#<id>#<version>` while
 * it is in suspense and `closed#<at>#<id>#<version>` after that, in the indexes of `batch-store.ts`, whose own keys begin
 * with a digit.
 */
import * as z from 'zod';
import { severities } from '../channels/index.ts';
import { type ApprovalId, type DifferenceId, idSchema } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Difference, LinePlace } from './cases/case.ts';
import { caseEvents, differenceStates, inSuspense } from './cases/case-states.ts';
import { channelAnswerStatuses } from './cases/channel-answer.ts';
import { resolutionSchema } from './cases/resolution.ts';
import { differenceFactsSchema } from './match-file.ts';
import { type Series, type StatementDay, seriesKey, statementDaySchema } from './statement-key.ts';

export type { Difference } from './cases/case.ts';

/** As a version finds it, before anything is posted. */
export type FoundDifference = Pick<
  Difference,
  'id' | 'facts' | 'digest' | 'openedIn' | 'settlementAccountId' | 'currency' | 'foundAt'
>;

const keyOf = ({ series, id, openedIn }: Pick<Difference, 'series' | 'id' | 'openedIn'>) => ({
  pk: seriesKey(series),
  sk: `DIFF#${id}#${openedIn.toString().padStart(6, '0')}`,
});

const placeKey = (id: DifferenceId) => ({ pk: `DIFF#${id}`, sk: 'DAY' });

export const foundDifference = (series: StatementDay, found: FoundDifference): Difference => ({
  ...found,
  series,
  state: 'found',
  revision: 1,
  history: [],
});

/**
 * Puts what a version found; a repeat of the step puts what it finds now. Broken where it is booked already, which stays as it is. 2
 * writes, of 2 and 4 write units.
 */
export function putFoundWrites(table: Table, series: StatementDay, found: FoundDifference): readonly Write[] {
  const difference = foundDifference(series, found);
  return [
    write({ Put: { TableName: table.name, Item: placeItem(difference) } }),
    write({
      Put: {
        TableName: table.name,
        Item: toItem(itemFromDifference(difference)),
        ConditionExpression: 'attribute_not_exists(pk) OR #state = :found',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: toItem({ ':found': 'found' }),
      },
    }),
  ];
}

/** One that is open from its start, with its posting: part of the transaction that posts it. */
export const putOpenWrites = (table: Table, difference: Difference): readonly Write[] => [
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromDifference(difference)),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }),
  write({ Put: { TableName: table.name, Item: placeItem(difference) } }),
];

/** Compare-and-set on what was read: part of the transaction that posts what the change means. 4 write units, 4 of indexes. */
export const changeWrite = (table: Table, before: Difference, after: Difference): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromDifference(after)),
      ConditionExpression: 'revision = :revision',
      ExpressionAttributeValues: toItem({ ':revision': before.revision }),
    },
  });

/**
 * Notes that a later version's file shows it at another line. Whoever has read it before must read it anew. 4 write units, and
 * 4 of indexes.
 */
export const moveWrite = (table: Table, difference: Difference, place: LinePlace): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(keyOf(difference)),
      UpdateExpression: 'SET movedTo = list_append(if_not_exists(movedTo, :none), :place) ADD revision :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: toItem({ ':none': [], ':place': [place], ':one': 1 }),
    },
  });

/** All differences of a day in all versions. One read unit per 4 KiB, about three of them. */
export async function differencesOfDay(table: Table, series: Series): Promise<Difference[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :prefix)',
    values: { ':pk': seriesKey(series), ':prefix': 'DIFF#' },
  });
  return items.map(differenceFromItem);
}

/** One difference, as each version that found it did, the oldest first. 1 read unit. */
export async function differencesNamed(table: Table, series: Series, id: DifferenceId): Promise<Difference[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :prefix)',
    values: { ':pk': seriesKey(series), ':prefix': `DIFF#${id}#` },
  });
  return items.map(differenceFromItem);
}

/** By its id alone: as the newest version that found it did. 2 read units. */
export async function readDifference(table: Table, id: DifferenceId): Promise<Difference | undefined> {
  const place = await getItem(table, placeKey(id));
  return place && (await differencesNamed(table, statementDaySchema.parse(place), id)).at(-1);
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

const placeItem = ({ id, series: { channel, merchantNo, date } }: Difference) =>
  toItem({ ...placeKey(id), channel, merchantNo, date });

function itemFromDifference(difference: Difference): Item {
  const { series, foundAt, openedAt, urgency, resolved, history, channelAnswer, ...facts } = difference;
  return {
    ...keyOf(difference),
    ...facts,
    ...series,
    foundAt: foundAt.toISOString(),
    openedAt: openedAt?.toISOString(),
    ...(channelAnswer && { channelAnswer: { ...channelAnswer, askedAt: channelAnswer.askedAt?.toISOString() } }),
    ...(urgency && { severity: urgency.severity, dueAt: urgency.dueAt.toISOString() }),
    ...(resolved && { resolved: { ...resolved, at: resolved.at.toISOString() } }),
    history: history.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
    ...listingOf(difference),
  };
}

function listingOf({ id, openedIn, state, urgency, history }: Difference) {
  const at = history.at(-1)?.at;
  if (!urgency || !at) return {};
  const place = inSuspense(state) ? `case#${urgency.dueAt.toISOString()}` : `closed#${at.toISOString()}`;
  return { listing: 'all', listKey: `${place}#${id}#${openedIn}` };
}

const instant = z.iso.datetime().transform((text) => new Date(text));
const count = z.coerce.number();
/** Our own item: it was checked when it was written. */
const approvalId = z.string().transform((text) => text as ApprovalId);
const channelAnswer = z.object({
  status: z.enum(channelAnswerStatuses),
  askedAt: instant.optional(),
  amount: z.object({ amount: z.coerce.bigint(), currency: currencySchema }).optional(),
  channelReference: z.string().optional(),
  detail: z.string().optional(),
});
const moves = z.object({ gross: z.coerce.bigint(), fee: z.coerce.bigint() });
const resolution = z.record(z.string(), z.unknown()).transform((stored) =>
  // all numbers of the table are bigint
  resolutionSchema.parse(typeof stored['hours'] === 'bigint' ? { ...stored, hours: Number(stored['hours']) } : stored),
);

const storedSchema = z
  .object({
    ...statementDaySchema.shape,
    id: idSchema('diff'),
    facts: differenceFactsSchema,
    digest: z.string(),
    state: z.enum(differenceStates),
    openedIn: count,
    closedIn: count.optional(),
    keptIn: count.optional(),
    movedTo: z.array(z.object({ version: count, lineNumber: count.optional() })).optional(),
    settlementAccountId: idSchema('acct'),
    currency: currencySchema,
    institutionId: idSchema('inst').optional(),
    severity: z.enum(severities).optional(),
    dueAt: instant.optional(),
    postingId: idSchema('post').optional(),
    reversalPostingId: idSchema('post').optional(),
    channelAnswer: channelAnswer.optional(),
    foundAt: instant,
    openedAt: instant.optional(),
    proposal: z.object({ approvalId, resolution: resolution.optional(), moves: moves.optional() }).optional(),
    resolved: z
      .object({ resolution, at: instant, postingId: idSchema('post').optional(), moves: moves.optional() })
      .optional(),
    revision: count,
    history: z.array(
      z.object({
        event: z.enum(caseEvents),
        at: instant,
        by: z.string().optional(),
        reason: z.string().optional(),
        approvalId: approvalId.optional(),
        policy: z.object({ id: z.string(), version: count }).optional(),
        resolution: resolution.optional(),
        moves: moves.optional(),
        postingId: idSchema('post').optional(),
        version: count.optional(),
      }),
    ),
  })
  .transform(
    ({ channel, merchantNo, date, severity, dueAt, ...facts }): Difference => ({
      ...facts,
      series: { channel, merchantNo, date },
      ...(severity && dueAt && { urgency: { severity, dueAt } }),
    }),
  );

/** @throws ZodError for an item that is no difference */
export const differenceFromItem = (item: Item): Difference => storedSchema.parse(item);
