/**
 * The sandbox's books.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `ORDER#<channel>#<merchantNo>#<orderNo>` | `ORDER` | the order and its state |
 * | `DAY#<channel>#<merchantNo>#<date>` | `<orderNo>#<kind>` | a line of that day's statement, written with its order |
 */
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { currencySchema } from '../../kernel/money.ts';
import { getItem, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import { merchantSchema, orderProducts, type ServedMerchant } from '../channels-served.ts';
import { updateIf } from '../conditional-update.ts';
import { lineKinds, type StatementLine } from '../statements/statement-line.ts';
import { orderBehaviourNames } from '../test-cards.ts';
import {
  type AwaitingOrder,
  type Denial,
  denials,
  type EndedOrder,
  type Order,
  type OrderReference,
  type SucceededOrder,
  statementDay,
} from './order.ts';

type Store = { readonly table: Table };

const timeSchema = z.iso.datetime().transform((text) => new Date(text));
const referenceSchema = merchantSchema.extend({ orderNo: z.string() });
const factsSchema = referenceSchema.extend({
  kind: z.enum(['collection', 'payout', 'refund']),
  amount: z.bigint(),
  currency: currencySchema,
  product: z.enum(orderProducts).optional(),
  agreementNo: z.string().optional(),
  callbackUrl: z.string().optional(),
  refundOf: z.string().optional(),
});

const orderSchema = z.discriminatedUnion('state', [
  factsSchema.extend({
    state: z.literal('succeeded'),
    tradeNo: z.string(),
    completedAt: timeSchema,
    fee: z.bigint(),
    feeBasisPoints: z.bigint(),
    toldProcessing: z.boolean(),
    processingQueries: z.bigint().transform(Number),
    endsAt: timeSchema.optional(),
    refundable: z.bigint().optional(),
    returnUrl: z.string().optional(),
    returnsAt: timeSchema.optional(),
    denial: z.enum(denials).optional(),
  }),
  factsSchema.extend({
    state: z.literal('refused'),
    reason: z.string(),
    retryElsewhere: z.boolean(),
    endsAt: timeSchema.optional(),
    returnUrl: z.string().optional(),
  }),
  factsSchema.extend({
    state: z.literal('awaiting'),
    awaits: z.enum(['code', 'payer']),
    behaviour: z.enum(orderBehaviourNames),
    codeTriesLeft: z.bigint().transform(Number),
    expiresAt: timeSchema.optional(),
    returnUrl: z.string().optional(),
  }),
  referenceSchema.extend({ state: z.literal('closed') }),
]);

const lineSchema = z.object({
  kind: z.enum(lineKinds),
  merchantNo: z.string(),
  orderNo: z.string(),
  tradeNo: z.string(),
  amount: z.bigint(),
  currency: currencySchema,
  fee: z.bigint(),
  feeBasisPoints: z.bigint(),
  status: z.literal('succeeded'),
  completedAt: timeSchema,
  original: z.object({ orderNo: z.string(), tradeNo: z.string() }).optional(),
});

export async function findOrder({ table }: Store, reference: OrderReference): Promise<Order | undefined> {
  const item = await getItem(table, orderKey(reference));
  return item && orderSchema.parse(item);
}

/** Books an order whose number is new; the first write is broken where it is not. */
export function bookOrderWrites({ table }: Store, order: Order, lines: readonly StatementLine[]): readonly Write[] {
  return [
    write({
      Put: {
        TableName: table.name,
        Item: toItem({ ...orderKey(order), ...withTimesAsText(order) }),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }),
    ...lines.map((line) => putLine(table, order, line)),
  ];
}

/** Ends an order that waits for its payer; the first write is broken where it ended in the meantime. */
export function endAwaitingWrites(
  { table }: Store,
  ended: EndedOrder,
  lines: readonly StatementLine[],
): readonly Write[] {
  return [
    write({
      Put: {
        TableName: table.name,
        Item: toItem({ ...orderKey(ended), ...withTimesAsText(ended) }),
        ConditionExpression: '#state = :awaiting',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: toItem({ ':awaiting': 'awaiting' }),
      },
    }),
    ...lines.map((line) => putLine(table, ended, line)),
  ];
}

/** Counts a wrong code. @returns false where there was no try left, or nothing waits any more. One write unit. */
export async function countWrongCode({ table }: Store, { codeTriesLeft, ...order }: AwaitingOrder): Promise<boolean> {
  return updateIf(table, {
    Key: toItem(orderKey(order)),
    UpdateExpression: 'SET codeTriesLeft = codeTriesLeft - :one',
    ConditionExpression: 'codeTriesLeft = :left AND codeTriesLeft > :one AND #state = :awaiting',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: toItem({ ':one': 1, ':left': codeTriesLeft, ':awaiting': 'awaiting' }),
  });
}

/** Takes a refund's amount from what may still be given back; broken where that is less. */
export const takeRefundable = ({ table }: Store, payment: OrderReference, amount: bigint): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(orderKey(payment)),
      UpdateExpression: 'SET refundable = refundable - :amount',
      ConditionExpression: 'refundable >= :amount',
      ExpressionAttributeValues: toItem({ ':amount': amount }),
    },
  });

/** Moves a payout's return to another time, as long as it is where it was read. */
export function returnPayoutWrites({ table }: Store, payout: SucceededOrder, line: StatementLine): readonly Write[] {
  const planned = payout.returnsAt?.toISOString();
  return [
    write({
      Update: {
        TableName: table.name,
        Key: toItem(orderKey(payout)),
        UpdateExpression: 'SET returnsAt = :at',
        ConditionExpression: planned ? 'returnsAt = :planned' : 'attribute_not_exists(returnsAt)',
        ExpressionAttributeValues: toItem({
          ':at': line.completedAt.toISOString(),
          ...(planned && { ':planned': planned }),
        }),
      },
    }),
    ...(payout.returnsAt && statementDay(payout.returnsAt) !== statementDay(line.completedAt)
      ? [write({ Delete: { TableName: table.name, Key: toItem(lineKey(payout, line, payout.returnsAt)) } })]
      : []),
    putLine(table, payout, line),
  ];
}

/** Counts one query of an order that is told `processing`. @returns false where the truth is due. One write unit. */
export const countProcessingQuery = ({ table }: Store, reference: OrderReference): Promise<boolean> =>
  updateIf(table, {
    Key: toItem(orderKey(reference)),
    UpdateExpression: 'SET processingQueries = processingQueries - :one',
    ConditionExpression: 'processingQueries >= :one',
    ExpressionAttributeValues: toItem({ ':one': 1 }),
  });

/** @returns false for an order that has not succeeded. One write unit. */
export const denySucceeded = ({ table }: Store, reference: OrderReference, denial: Denial): Promise<boolean> =>
  updateIf(table, {
    Key: toItem(orderKey(reference)),
    UpdateExpression: 'SET denial = :denial',
    ConditionExpression: '#state = :succeeded',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: toItem({ ':denial': denial, ':succeeded': 'succeeded' }),
  });

/** All that a merchant's statement of a day lists, by order number. */
export async function linesOfDay(
  { table }: Store,
  merchant: ServedMerchant,
  date: AccountingDate,
): Promise<StatementLine[]> {
  const items = await queryItems(table, { keys: 'pk = :pk', values: { ':pk': dayKey(merchant, date) } });
  return items.map((item) => lineSchema.parse(item));
}

const putLine = (table: Table, merchant: ServedMerchant, line: StatementLine): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...lineKey(merchant, line, line.completedAt), ...withTimesAsText(line) }),
    },
  });

const orderKey = ({ channel, merchantNo, orderNo }: OrderReference) => ({
  pk: `ORDER#${channel}#${merchantNo}#${orderNo}`,
  sk: 'ORDER',
});

const dayKey = ({ channel, merchantNo }: ServedMerchant, date: AccountingDate): string =>
  `DAY#${channel}#${merchantNo}#${date}`;

const lineKey = (merchant: ServedMerchant, line: StatementLine, at: Date) => ({
  pk: dayKey(merchant, statementDay(at)),
  sk: `${line.orderNo}#${line.kind}`,
});

const withTimesAsText = (facts: object): object =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
