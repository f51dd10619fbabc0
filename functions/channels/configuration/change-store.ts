/**
 * The record of changes: who changed what, when, from what, to what and why. It is written in the transaction of the change
 * itself. The changes of one thing are numbered 1, 2, 3 … without a gap, also over its deletion, and the last number is
 * the thing's version: a change is conditional on the absence of its number, so two writers can't both be the next one, and
 * on that of its operation, so a retry can't make it twice. Operations sort by when they were first asked for.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `CHANGES#<kind>#<id>` | `<version, 10 digits>` | the change |
 * | `CHANGES` | `<operationId>` | the same, all changes by time |
 */
import * as z from 'zod';
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';

export interface Change {
  /** a kind of configuration, or `merchants` */
  readonly kind: string;
  readonly id: string;
  /** 1 for the first change of a thing */
  readonly version: number;
  /** absent before a thing was made */
  readonly before?: unknown;
  /** absent where it was deleted */
  readonly after?: unknown;
  /** client id of the operator */
  readonly changedBy: string;
  readonly changedAt: string;
  readonly reason?: string | undefined;
  readonly operationId: string;
}

const jsonText = z.string().transform((text): unknown => JSON.parse(text));

const storedSchema = z.object({
  kind: z.string(),
  id: z.string(),
  version: z.bigint().transform(Number),
  before: jsonText.optional(),
  after: jsonText.optional(),
  changedBy: z.string(),
  changedAt: z.string(),
  reason: z.string().optional(),
  operationId: z.string(),
});

const fromStored = (item: Item): Change => storedSchema.parse(item);

const partitionOf = (kind: string, id: string): string => `CHANGES#${kind}#${id}`;
const versionKey = (version: number): string => version.toString().padStart(10, '0');
const everything = 'CHANGES';

/** Two writes, 2 write units each and KiB: one is broken where the version is taken, the other where the operation is done. */
export const recordChangeWrites = (table: Table, change: Change): readonly Write[] => {
  const { before, after, ...facts } = change;
  const attributes = {
    ...facts,
    ...(before !== undefined && { before: JSON.stringify(before) }),
    ...(after !== undefined && { after: JSON.stringify(after) }),
  };
  return [
    { pk: partitionOf(change.kind, change.id), sk: versionKey(change.version) },
    { pk: everything, sk: change.operationId },
  ].map((key) =>
    write({
      Put: {
        TableName: table.name,
        Item: toItem({ ...key, ...attributes }),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }),
  );
};

/** What an earlier try of the same operation changed. 1 read unit. */
export async function changeOfOperation(table: Table, operationId: string): Promise<Change | undefined> {
  const item = await getItem(table, { pk: everything, sk: operationId });
  return item && fromStored(item);
}

/** 1 read unit. */
export async function lastChange(table: Table, kind: string, id: string): Promise<Change | undefined> {
  const [item] = await queryItems(table, {
    keys: 'pk = :pk',
    values: { ':pk': partitionOf(kind, id) },
    limit: 1,
    newestFirst: true,
  });
  return item && fromStored(item);
}

/** Newest first: one thing's, or all that there are. 1 read unit per 4 KiB. */
export async function listChanges(
  table: Table,
  of: { readonly kind: string; readonly id: string } | 'everything',
  { limit, after }: PageRequest,
): Promise<Page<Change>> {
  const found = await queryItems(table, {
    keys: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :after',
    values: {
      ':pk': of === 'everything' ? everything : partitionOf(of.kind, of.id),
      ...(after !== undefined && { ':after': after }),
    },
    limit: limit + 1,
    newestFirst: true,
  });
  return pageOf(found.map(fromStored), limit, (change) =>
    of === 'everything' ? change.operationId : versionKey(change.version),
  );
}
