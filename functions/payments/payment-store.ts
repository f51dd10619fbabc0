/**
 * Payments in DynamoDB, one item each.
 *
 * | pk | sk | by-institution (pk, sk) | by-expected-day (pk, sk) | unfinished (pk, sk), while it is open |
 * | --- | --- | --- | --- | --- |
 * | `PAYMENT#<id>` | `PAYMENT` | `listing` = `<institution>#<shard>`, `createdKey` = `<createdAt>#<id>` | `expectedDay` = `<channel>#<merchantNo>#<day>#<shard>`, `channelOrderNo` | `unfinished` = `payment#<shard>`, `createdKey` |
 */
import type { Put } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { productSchema, reservationSchema } from '../channels/index.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import type { AccountId, BindingId, InstitutionId, PaymentId } from '../kernel/ids.ts';
import { currencySchema, money } from '../kernel/money.ts';
import { getItem, type Item, putIf, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { expectedDayKey, shardOf } from './expected-day.ts';
import { changeSources, channelOperations, failureCodes, type Payment, paymentKinds } from './payment.ts';
import { isOpen, paymentEvents, paymentStatuses } from './payment-states.ts';

const keyOf = (id: PaymentId) => ({ pk: `PAYMENT#${id}`, sk: 'PAYMENT' });

/** Sorts an institution's payments by time, and names one. */
export const createdKeyOf = (payment: Pick<Payment, 'createdAt' | 'id'>): string =>
  `${payment.createdAt.toISOString()}#${payment.id}`;

/**
 * An institution's payments lie in so many partitions of the index: every payment is written there twice, and in the order
 * of time, so that one partition would end at 500 payments a second.
 */
export const listingShards = 8;

export const listingOf = (institutionId: InstitutionId, shard: number): string => `${institutionId}#${shard}`;

/** Open payments lie in so many partitions of the index of unfinished things: each is written there once and taken out once. */
export const openShards = 4;

export const openListOf = (shard: number): string => `payment#${shard}`;

/** Strongly consistent; 1 read unit. */
export async function readPayment(table: Table, id: PaymentId): Promise<Payment | undefined> {
  const item = await getItem(table, keyOf(id));
  return item && paymentFromItem(item);
}

/** Broken when the payment is there already. 2 write units, and 1 for each index. */
export const insertPaymentWrite = (table: Table, payment: Payment): Write => write({ Put: insertion(table, payment) });

/** As {@link insertPaymentWrite} on its own, for half of the price. @returns false when the payment is there already. */
export const insertPayment = (table: Table, payment: Payment): Promise<boolean> =>
  putIf(table, insertion(table, payment));

/** Broken when anything has changed since `from` was read. 2 write units, and 1 to 2 for each index. */
export const replacePaymentWrite = (table: Table, from: Payment, to: Payment): Write =>
  write({ Put: replacement(table, from, to) });

/** As {@link replacePaymentWrite} on its own. @returns false when anything has changed since `from` was read. */
export const replacePayment = (table: Table, from: Payment, to: Payment): Promise<boolean> =>
  putIf(table, replacement(table, from, to));

const insertion = (table: Table, payment: Payment): Put => ({
  TableName: table.name,
  Item: toItem(itemFromPayment(payment)),
  ConditionExpression: 'attribute_not_exists(pk)',
});

const replacement = (table: Table, from: Payment, to: Payment): Put => ({
  TableName: table.name,
  Item: toItem(itemFromPayment(to)),
  ConditionExpression: '#status = :status AND #version = :version',
  ExpressionAttributeNames: { '#status': 'status', '#version': 'version' },
  ExpressionAttributeValues: toItem({ ':status': from.status, ':version': from.version }),
});

/** Our own item: ids and dates were checked when it was written. */
const text = <Branded extends string>() => z.string().transform((value) => value as Branded);
const instant = z.iso.datetime().transform((value) => new Date(value));
const count = z.bigint().transform(Number);

const callSchema = z.object({
  operation: z.enum(channelOperations),
  outcome: z.enum(['succeeded', 'refused', 'refused_here', 'awaiting_payer', 'accepted', 'not_found', 'unknown']),
  code: z.string().exactOptional(),
  durationMs: count,
});

const actionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('code') }),
  z.object({
    type: z.literal('redirect'),
    method: z.enum(['GET', 'POST']),
    url: z.string(),
    fields: z.record(z.string(), z.string()).exactOptional(),
  }),
]);

const itemSchema = z.object({
  id: text<PaymentId>(),
  kind: z.enum(paymentKinds),
  product: productSchema,
  institutionId: text<InstitutionId>(),
  accountId: text<AccountId>(),
  bindingId: text<BindingId>().exactOptional(),
  bank: z.string().exactOptional(),
  originalId: text<PaymentId>().exactOptional(),
  batchNo: z.string().exactOptional(),
  reference: z.string(),
  operationId: z.string(),
  amount: z.bigint(),
  fee: z.bigint(),
  currency: currencySchema,
  charges: z.array(z.object({ amount: z.bigint(), payer: z.enum(['member', 'institution']) })).exactOptional(),
  status: z.enum(paymentStatuses),
  failure: z.object({ code: z.enum(failureCodes), reason: z.string() }).exactOptional(),
  attempt: count,
  channel: z.string(),
  merchantNo: z.string(),
  settlementAccountId: text<AccountId>(),
  channelOrderNo: z.string(),
  channelTradeNo: z.string().exactOptional(),
  reservations: z.array(reservationSchema).exactOptional(),
  action: actionSchema.exactOptional(),
  returnUrl: z.string().exactOptional(),
  expiresAt: instant.exactOptional(),
  refunded: z.bigint().exactOptional(),
  refunding: z.bigint().exactOptional(),
  accountingDate: text<AccountingDate>(),
  balancesAfter: z.object({ available: z.bigint(), frozen: z.bigint() }).exactOptional(),
  statementDay: text<AccountingDate>(),
  createdAt: instant,
  completedAt: instant.exactOptional(),
  version: count,
  history: z.array(
    z.object({
      event: z.enum(paymentEvents),
      at: instant,
      source: z.enum(changeSources),
      call: callSchema.exactOptional(),
      abandoned: z
        .object({ channel: z.string(), merchantNo: z.string(), channelOrderNo: z.string(), reason: z.string() })
        .exactOptional(),
      refundId: text<PaymentId>().exactOptional(),
      claim: z.enum(['succeeded', 'failed']).exactOptional(),
      channelOrderNo: z.string().exactOptional(),
    }),
  ),
});

export const isPaymentItem = (item: Item): boolean => item['sk'] === 'PAYMENT';

/** @throws ZodError for an item that is no payment of ours. */
export function paymentFromItem(item: Item): Payment {
  const { amount, fee, currency, ...rest } = itemSchema.parse(item);
  return { ...rest, amount: money(amount, currency), fee: money(fee, currency) };
}

const lastChangeOf = ({ history, createdAt }: Payment): string => (history.at(-1)?.at ?? createdAt).toISOString();

export function itemFromPayment(payment: Payment): Item {
  const { channel, merchantNo, channelOrderNo, statementDay: day } = payment;
  const shard = shardOf(channelOrderNo);
  return {
    ...keyOf(payment.id),
    listing: listingOf(payment.institutionId, shard % listingShards),
    createdKey: createdKeyOf(payment),
    expectedDay: expectedDayKey({ channel, merchantNo, day, shard }),
    ...(isOpen(payment.status) && { unfinished: openListOf(shard % openShards), changedAt: lastChangeOf(payment) }),
    ...payment,
    amount: payment.amount.amount,
    fee: payment.fee.amount,
    currency: payment.amount.currency,
    createdAt: payment.createdAt.toISOString(),
    completedAt: payment.completedAt?.toISOString(),
    expiresAt: payment.expiresAt?.toISOString(),
    history: payment.history.map((change) => ({ ...change, at: change.at.toISOString() })),
  };
}
