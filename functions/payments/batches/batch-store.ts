/**
 * Batches of withdrawals in the table of payments.
 *
 * | pk | sk | what | unfinished (pk, sk), until it is sent |
 * | --- | --- | --- | --- |
 * | `BATCH#<id>` | `BATCH` | where it stands, and which lines were refused | `batch`, `createdKey` = `<createdAt>#<id>` |
 * | `BATCH#<id>` | `LINES` | its lines as they were asked for, never changed: 40 KiB at most | |
 * | `BATCH#<id>` | `ORDER#<sequence>` | an order to a channel, with the attempts that it carries | |
 *
 * The payments of its lines are items of their own, found by their references.
 */
import type { Put } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { AccountId, BatchId, BindingId, InstitutionId } from '../../kernel/ids.ts';
import { currencySchema, money } from '../../kernel/money.ts';
import { type Item, putIf, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type CommitWrites, write } from '../../kernel/write.ts';
import type { PaymentRefusal } from '../create-payment.ts';
import { type Batch, type BatchLine, type BatchOrder, batchStatuses } from './batch.ts';

const keyOf = (id: BatchId) => ({ pk: `BATCH#${id}`, sk: 'BATCH' });
const linesKeyOf = (id: BatchId) => ({ pk: `BATCH#${id}`, sk: 'LINES' });
const orderKeyOf = (id: BatchId, sequence: number) => ({
  pk: `BATCH#${id}`,
  sk: `ORDER#${String(sequence).padStart(2, '0')}`,
});

const listName = 'batch';

export interface StoredBatch {
  readonly batch: Batch;
  readonly lines: readonly BatchLine[];
  readonly orders: readonly BatchOrder[];
}

/** 2 write units for each KiB, of which 200 lines have some 36, and 1 for the index. @returns false when it is there already */
export async function insertBatch(
  { table, commit }: { readonly table: Table; readonly commit: CommitWrites },
  batch: Batch,
  lines: readonly BatchLine[],
): Promise<boolean> {
  const plain = lines.map(({ amount: { amount, currency }, ...line }) => ({ ...line, amount, currency }));
  const { committed } = await commit([
    write({
      Put: {
        TableName: table.name,
        Item: toItem(itemFromBatch(batch)),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }),
    write({ Put: { TableName: table.name, Item: toItem({ ...linesKeyOf(batch.id), lines: plain }) } }),
  ]);
  return committed;
}

/** 1 write unit for each KiB, and the index's. @returns false when anything has changed since `from` was read */
export const replaceBatch = (table: Table, from: Batch, to: Batch): Promise<boolean> =>
  putItemIf(table, itemFromBatch(to), {
    ConditionExpression: 'version = :version',
    ExpressionAttributeValues: toItem({ ':version': from.version }),
  });

/** @returns false when the batch has an order of this number */
export const insertOrder = (table: Table, id: BatchId, order: BatchOrder): Promise<boolean> =>
  putItemIf(
    table,
    { ...orderKeyOf(id, order.sequence), ...order },
    { ConditionExpression: 'attribute_not_exists(pk)' },
  );

/** Its answer has reached the payments. */
export async function markAnswered(table: Table, id: BatchId, order: BatchOrder): Promise<void> {
  await putItemIf(
    table,
    { ...orderKeyOf(id, order.sequence), ...order, state: 'answered' },
    { ConditionExpression: 'attribute_exists(pk)' },
  );
}

type Condition = Pick<Put, 'ConditionExpression' | 'ExpressionAttributeValues'>;

const putItemIf = (table: Table, item: Item, condition: Condition): Promise<boolean> =>
  putIf(table, { TableName: table.name, Item: toItem(item), ...condition });

/** Strongly consistent; 1 read unit for each 4 KiB: ten for 200 lines. */
export async function readBatch(table: Table, id: BatchId): Promise<StoredBatch | undefined> {
  const items = await queryItems(table, { keys: 'pk = :pk', values: { ':pk': keyOf(id).pk } });
  const head = items.find(({ sk }) => sk === 'BATCH');
  const lines = items.find(({ sk }) => sk === 'LINES');
  if (!head || !lines) return undefined;
  return {
    batch: batchSchema.parse(head),
    lines: linesSchema.parse(lines).lines,
    orders: items.filter(({ sk }) => String(sk).startsWith('ORDER#')).map((item) => orderSchema.parse(item)),
  };
}

/** Those that were not sent, and were left alone since then. A moment behind; half a read unit for some twenty. */
export async function unsentBatches(
  table: Table,
  { before, limit }: { readonly before: Date; readonly limit: number },
): Promise<BatchId[]> {
  const items = await queryItems(table, {
    index: 'unfinished',
    keys: 'unfinished = :list AND createdKey < :before',
    filter: 'changedAt < :before',
    values: { ':list': listName, ':before': before.toISOString() },
    limit,
  });
  return items.map(({ pk }) => String(pk).slice('BATCH#'.length) as BatchId); // we wrote it
}

const instant = z.iso.datetime().transform((text) => new Date(text));
const text = <Branded extends string>() => z.string().transform((value) => value as Branded); // we wrote it

const batchSchema = z.object({
  id: text<BatchId>(),
  institutionId: text<InstitutionId>(),
  reference: z.string(),
  operationId: z.string(),
  status: z.enum(batchStatuses),
  createdAt: instant,
  changedAt: instant,
  takenUntil: instant,
  refusals: z.record(z.string(), z.object({ refused: text<PaymentRefusal>(), detail: z.string() })),
  version: z.bigint().transform(Number),
});

const linesSchema = z.object({
  lines: z.array(
    z
      .object({
        place: z.bigint().transform(Number),
        accountId: text<AccountId>(),
        amount: z.bigint(),
        currency: currencySchema,
        bindingId: text<BindingId>(),
        reference: z.string(),
      })
      .transform(({ amount, currency, ...line }): BatchLine => ({ ...line, amount: money(amount, currency) })),
  ),
});

const orderSchema = z.object({
  sequence: z.bigint().transform(Number),
  channel: z.string(),
  merchantNo: z.string(),
  channelOrderNos: z.array(z.string()),
  state: z.enum(['sending', 'answered']),
});

function itemFromBatch(batch: Batch): Item {
  const { id, createdAt, changedAt, takenUntil, status } = batch;
  return {
    ...keyOf(id),
    ...batch,
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
    takenUntil: takenUntil.toISOString(),
    ...(status !== 'sent' && { unfinished: listName, createdKey: `${createdAt.toISOString()}#${id}` }),
  };
}
