/**
 * Outages that control asked for: of a whole channel or of one merchant, for a while, of all orders or of some.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `OUTAGE#<channel>` | merchant number, `*` for all | mode, perMille, until, expiresAt |
 */

import { createHash } from 'node:crypto';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { getItem, type Table, toItem } from '../../kernel/table.ts';
import type { ServedChannel, ServedMerchant } from '../channels-served.ts';

type Store = { readonly table: Table };

/** `refuse`: `channel_busy`, at once. `time_out`: no answer in time, and nothing arrives. */
export const outageModes = ['refuse', 'time_out'] as const;

export type OutageMode = (typeof outageModes)[number];

export interface Outage {
  readonly mode: OutageMode;
  /** of a thousand orders, so many meet it; which ones follows from their numbers */
  readonly perMille: number;
  readonly until: Date;
}

const outageSchema = z.object({
  mode: z.enum(outageModes),
  perMille: z.bigint().transform(Number),
  until: z.iso.datetime().transform((text) => new Date(text)),
});

/** What is out: a channel, or one merchant number there. */
export interface OutageScope {
  readonly channel: ServedChannel;
  readonly merchantNo?: string | undefined;
}

export async function beginOutage({ table }: Store, scope: OutageScope, outage: Outage): Promise<void> {
  const item = {
    ...outageKey(scope),
    ...outage,
    until: outage.until.toISOString(),
    expiresAt: Math.ceil(outage.until.getTime() / 1000),
  };
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: toItem(item) }));
}

export async function endOutage({ table }: Store, scope: OutageScope): Promise<void> {
  await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: toItem(outageKey(scope)) }));
}

/**
 * How something new meets an outage, if it does. Two read units.
 *
 * @param number of the order or request: the same number meets the same fate
 */
export async function outageMet(
  { table, now }: Store & { readonly now: Date },
  { channel, merchantNo }: ServedMerchant,
  number: string,
): Promise<OutageMode | undefined> {
  const items = await Promise.all([
    getItem(table, outageKey({ channel })),
    getItem(table, outageKey({ channel, merchantNo })),
  ]);
  return items
    .flatMap((item) => (item ? [outageSchema.parse(item)] : []))
    .find(({ perMille, until }) => until > now && thousandth(number) < perMille)?.mode;
}

const thousandth = (number: string): number => createHash('sha256').update(number).digest().readUInt32BE() % 1_000;

const outageKey = ({ channel, merchantNo = '*' }: OutageScope) => ({ pk: `OUTAGE#${channel}`, sk: merchantNo });
