/**
 * Shard files: one JSON array a line, in this order of fields.
 *
 * | file | fields |
 * | --- | --- |
 * | channel rows | lineNumber, kind, ourReference, channelReference, amount, fee, currency, status, at, settlementReference, remittance |
 * | own rows | paymentId, kind, channelOrderNo, channelTradeNo, amount, fee, currency, status, completedAt, batchReference |
 *
 * Amounts are digits in minor units, `at` is RFC 3339. Channel rows are sharded by our reference, by the channel's where
 * there is none; own rows by the channel order number.
 */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import type { Expectation } from './expectation.ts';
import { lineKinds, lineStatuses, type StatementLine } from './statement-line.ts';

/** What is staged of a line: the raw text stays in the statement, where the line number finds it. */
export type StagedLine = Omit<StatementLine, 'raw'>;

export const encodeLine = (line: StagedLine): string =>
  JSON.stringify([
    line.lineNumber,
    line.kind,
    line.ourReference,
    line.channelReference,
    `${line.amount}`,
    `${line.fee}`,
    line.currency,
    line.status,
    line.at.toISOString(),
    line.settlementReference ?? '',
    line.remittance ?? '',
  ]);

const amountText = z.string().transform((digits) => BigInt(digits));

export const stagedLineSchema = z
  .tuple([
    z.int(),
    z.enum(lineKinds),
    z.string(),
    z.string(),
    amountText,
    amountText,
    currencySchema,
    z.enum(lineStatuses),
    z.string().transform((text) => new Date(text)),
    z.string(),
    z.string(),
  ])
  .transform(
    ([
      lineNumber,
      kind,
      ourReference,
      channelReference,
      amount,
      fee,
      currency,
      status,
      at,
      settlementReference,
      remittance,
    ]): StagedLine => ({
      lineNumber,
      kind,
      ourReference,
      channelReference,
      amount,
      fee,
      currency,
      status,
      at,
      ...(settlementReference && { settlementReference }),
      ...(remittance && { remittance }),
    }),
  );

export const encodeExpectation = (row: Expectation): string =>
  JSON.stringify([
    row.paymentId,
    row.kind,
    row.channelOrderNo,
    row.channelTradeNo,
    `${row.amount}`,
    `${row.fee}`,
    row.currency,
    row.status,
    row.completedAt?.toISOString() ?? '',
    row.batchReference ?? '',
  ]);

export const expectationSchema = z
  .tuple([
    idSchema('pay'),
    z.enum(lineKinds),
    z.string(),
    z.string(),
    amountText,
    amountText,
    currencySchema,
    z.enum(['succeeded', 'processing', 'failed']),
    z.string(),
    z.string(),
  ])
  .transform(
    ([
      paymentId,
      kind,
      channelOrderNo,
      channelTradeNo,
      amount,
      fee,
      currency,
      status,
      completedAt,
      batchReference,
    ]): Expectation => ({
      paymentId,
      kind,
      channelOrderNo,
      channelTradeNo,
      amount,
      fee,
      currency,
      status,
      ...(completedAt && { completedAt: new Date(completedAt) }),
      ...(batchReference && { batchReference }),
    }),
  );

/** Reads a shard file's rows. */
export const decodeRows = <Row>(text: string, schema: z.ZodType<Row>): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));

/** FNV-1a, 32 bits: spreads evenly, needs no allocation, and is the same on every machine. */
export function shardOf(key: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % shards;
}

export const lineShardKey = ({ ourReference, channelReference }: StagedLine): string =>
  ourReference || channelReference;
