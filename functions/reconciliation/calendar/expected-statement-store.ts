/**
 * What is noted of statements that are expected: nothing, as long as all is well.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DAY#<channel>#<merchantNo>#<date>` | `EXPECTED` | channel, merchantNo, date, owner, accountId, dueAt, missingSince, arrivedAt, lateSeconds, reconciliationId, confirmation; index `by-listing`: listing `expected`, listKey `<date>#<channel>#<merchantNo>` |
 */
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { type AccountId, type InstitutionId, idSchema, type ReconciliationId } from '../../kernel/ids.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import { headKey } from '../day-store.ts';
import { type StatementDay, seriesKey } from '../statement-key.ts';

export interface ExpectationNote extends StatementDay {
  readonly owner: InstitutionId;
  /** the settlement account */
  readonly accountId: AccountId;
  readonly dueAt: Date;
  /** since when its absence is on record */
  readonly missingSince?: Date | undefined;
  /** when it came after that */
  readonly arrivedAt?: Date | undefined;
  readonly lateSeconds?: number | undefined;
  readonly reconciliationId?: ReconciliationId | undefined;
  readonly confirmation?: EmptyConfirmation | undefined;
}

/** That no file comes because nothing happened. */
export interface EmptyConfirmation {
  /** who says so: an operator's signature, `channel`, or `calendar` where an empty day has no file */
  readonly by: string;
  readonly at: Date;
  readonly note?: string | undefined;
}

const keyOf = (day: StatementDay) => ({ pk: seriesKey(day), sk: 'EXPECTED' });

export const isExpectationNote = (item: Item): boolean => item['sk'] === 'EXPECTED';

const instant = z.iso.datetime().transform((text) => new Date(text));

const noteSchema: z.ZodType<ExpectationNote> = z.object({
  channel: z.string(),
  merchantNo: z.string(),
  date: z.string().transform((text) => text as AccountingDate), // our own store wrote it
  owner: idSchema('inst'),
  accountId: idSchema('acct'),
  dueAt: instant,
  missingSince: instant.optional(),
  arrivedAt: instant.optional(),
  lateSeconds: z.coerce.number().optional(),
  reconciliationId: idSchema('recon').optional(),
  confirmation: z.object({ by: z.string(), at: instant, note: z.string().optional() }).optional(),
});

export const expectationNoteFromItem = (item: Item): ExpectationNote => noteSchema.parse(item);

/** 1 read unit. */
export async function readExpectationNote(table: Table, day: StatementDay): Promise<ExpectationNote | undefined> {
  const item = await getItem(table, keyOf(day));
  return item && expectationNoteFromItem(item);
}

/** Those of some days, both included, as the index had them a moment ago. Half a read unit per 4 KiB, about ten notes. */
export async function listExpectationNotes(
  table: Table,
  { from, to }: { readonly from: AccountingDate; readonly to: AccountingDate },
): Promise<readonly ExpectationNote[]> {
  const items = await queryItems(table, {
    index: 'by-listing',
    keys: 'listing = :listing AND listKey BETWEEN :from AND :to',
    // `~` sorts behind every character of a key
    values: { ':listing': 'expected', ':from': from, ':to': `${to}~` },
  });
  return items.map(expectationNoteFromItem);
}

type Facts = Pick<ExpectationNote, keyof StatementDay | 'owner' | 'accountId' | 'dueAt'>;

const attributesOf = ({ channel, merchantNo, date, owner, accountId, dueAt }: Facts) => ({
  channel,
  merchantNo,
  date,
  owner,
  accountId,
  dueAt: dueAt.toISOString(),
  listing: 'expected',
  listKey: `${date}#${channel}#${merchantNo}`,
});

/**
 * Broken where anything is noted already, and where a file has come since. 4 write units and one of the index.
 *
 * @param seen the newest version of the day, which is not the file that is expected: it was turned away, or tells of half a day
 */
export const missingWrites = (
  table: Table,
  facts: Facts,
  { since, seen }: { readonly since: Date; readonly seen: number | undefined },
): readonly Write[] => [
  nothingCame(table, facts, seen),
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...keyOf(facts), ...attributesOf(facts), missingSince: since.toISOString() }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }),
];

/** Broken where it is confirmed already, and where a file has come. 4 write units and one of the index. */
export function confirmEmptyWrites(table: Table, facts: Facts, { at, ...said }: EmptyConfirmation): readonly Write[] {
  const attributes = { ...attributesOf(facts), confirmation: { ...said, at: at.toISOString() } };
  const names = Object.keys(attributes);
  return [
    nothingCame(table, facts),
    write({
      Update: {
        TableName: table.name,
        Key: toItem(keyOf(facts)),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: 'attribute_not_exists(confirmation)',
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: toItem(
          Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
        ),
      },
    }),
  ];
}

const nothingCame = (table: Table, day: StatementDay, seen?: number): Write =>
  write({
    ConditionCheck: {
      TableName: table.name,
      Key: toItem(headKey(day)),
      ...(seen === undefined
        ? { ConditionExpression: 'attribute_not_exists(latestVersion)' }
        : {
            ConditionExpression: 'latestVersion = :seen',
            ExpressionAttributeValues: toItem({ ':seen': seen }),
          }),
    },
  });

export interface Arrived {
  /** as it was read; a note that was made since breaks the write */
  readonly known: ExpectationNote | undefined;
  readonly at: Date;
  readonly reconciliationId: ReconciliationId;
}

/**
 * For the transaction that registers a file: what was missing has come. No absence can be put on record at the moment in which
 * it ends: either this write is broken, or the one that puts it there.
 */
export function arrivalWrite(table: Table, day: StatementDay, { known, at, reconciliationId }: Arrived): Write {
  const place = { TableName: table.name, Key: toItem(keyOf(day)) };
  if (!known) return write({ ConditionCheck: { ...place, ConditionExpression: 'attribute_not_exists(pk)' } });
  if (!known.missingSince || known.arrivedAt) {
    return write({ ConditionCheck: { ...place, ConditionExpression: 'attribute_exists(pk)' } });
  }
  return write({
    Update: {
      ...place,
      UpdateExpression: 'SET arrivedAt = :at, lateSeconds = :late, reconciliationId = :reconciliation',
      ConditionExpression: 'attribute_not_exists(arrivedAt)',
      ExpressionAttributeValues: toItem({
        ':at': at.toISOString(),
        ':late': Math.round((at.getTime() - known.dueAt.getTime()) / 1_000),
        ':reconciliation': reconciliationId,
      }),
    },
  });
}
