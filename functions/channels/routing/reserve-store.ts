/**
 * Merchant reserves (备付金).
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `RESERVES` | `<channel>#<merchantNo>` | the reserve as it was last told |
 * | `RESERVE#<channel>#<merchantNo>` | `TOLD#<epoch, 9 digits>` | the same, for who told what when; `expiresAt` |
 * | `RESERVE#<channel>#<merchantNo>` | `LOW#<epoch, 9 digits>` | the event `reserve.low`, once for each telling; `expiresAt` |
 *
 * What payouts have taken lies in a counter for each telling (`counter-store.ts`). A new telling closes the counter of the one
 * before in the same transaction, so that nothing is taken from a balance that is no longer believed.
 */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { currencySchema, type Money, money } from '../../kernel/money.ts';
import { getItem, type Item, putIf, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import { channelIdSchema } from '../catalogue.ts';
import type { Merchant } from '../merchant-store.ts';
import { slotKey } from './counter-store.ts';
import type { CounterUse } from './counters.ts';
import { type Reserve, reserveCounter, reserveSlots } from './reserve.ts';

type Store = { readonly table: Table };

const list = 'RESERVES';
const placeOf = (channel: string, merchantNo: string): string => `${channel}#${merchantNo}`;

/** 1 read unit. @returns undefined where nobody has told a balance: then payouts are not held to one. */
export async function findReserve({ table }: Store, channel: string, merchantNo: string): Promise<Reserve | undefined> {
  const item = await getItem(table, { pk: list, sk: placeOf(channel, merchantNo) });
  return item && fromItem(item);
}

/** All of them, by channel and merchant number. 1 read unit for about twenty. */
export async function listReserves({ table }: Store): Promise<readonly Reserve[]> {
  const items = await queryItems(table, { keys: 'pk = :pk', values: { ':pk': list } });
  return items.map(fromItem);
}

const closedDays = 62;
const toldDays = 400;

const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000);

const eventKey = (event: 'TOLD' | 'LOW', { channel, merchantNo, epoch }: Reserve) => ({
  pk: `RESERVE#${placeOf(channel, merchantNo)}`,
  sk: `${event}#${String(epoch).padStart(9, '0')}`,
});

/**
 * A new telling, and the end of the one before. Broken where another telling came first or, with `use`, where a payout has taken
 * anything since `use` was read. 20 write units, 4 for the first telling.
 */
export function tellReserveWrites(
  { table }: Store,
  { before, after, use }: { readonly before?: Reserve | undefined; readonly after: Reserve; readonly use?: CounterUse },
): readonly Write[] {
  const head = write({
    Put: {
      TableName: table.name,
      Item: toItem(toStored(after)),
      ...(before
        ? { ConditionExpression: 'epoch = :epoch', ExpressionAttributeValues: toItem({ ':epoch': before.epoch }) }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  });
  const told = write({
    Put: {
      TableName: table.name,
      Item: toItem({
        ...toStored(after),
        ...eventKey('TOLD', after),
        expiresAt: secondsOf(after.toldAt) + toldDays * 86_400,
      }),
    },
  });
  if (!before) return [head, told];
  const closing = Array.from({ length: reserveSlots }, (_, slot) => closeWrite(table, before, slot, after.toldAt, use));
  return [head, told, ...closing];
}

function closeWrite(table: Table, before: Reserve, slot: number, at: Date, use: CounterUse | undefined): Write {
  const used = use?.used.get(slot);
  const condition = used === undefined ? 'attribute_not_exists(used)' : 'used = :used';
  return write({
    Update: {
      TableName: table.name,
      Key: toItem(slotKey(reserveCounter(before).key, slot)),
      UpdateExpression: 'SET closedAt = :at, expiresAt = :expiry',
      ...(use && { ConditionExpression: condition }),
      ExpressionAttributeValues: toItem({
        ':at': at.toISOString(),
        ':expiry': secondsOf(at) + closedDays * 86_400,
        ':used': use && used,
      }),
    },
  });
}

/** 备付金不足: what lies at a channel has gone below what its owner wants there. */
export interface LowReserve {
  readonly reserve: Reserve;
  readonly left: Money;
  readonly at: Date;
  /** whose merchant number it is */
  readonly owner: Pick<Merchant, 'institutionId' | 'accountId'>;
}

/** Stores that a reserve is low, for whoever tells others of it. 1 write unit. @returns false where this telling's was stored before. */
export function putLowReserve({ table }: Store, low: LowReserve): Promise<boolean> {
  const { reserve, left, at, owner } = low;
  return putIf(table, {
    TableName: table.name,
    Item: toItem({
      ...toStored(reserve),
      ...eventKey('LOW', reserve),
      ...owner,
      left: left.amount,
      at: at.toISOString(),
      expiresAt: secondsOf(at) + 90 * 86_400,
    }),
    ConditionExpression: 'attribute_not_exists(pk)',
  });
}

const itemSchema = z.object({
  channel: channelIdSchema,
  merchantNo: z.string(),
  epoch: z.bigint().transform(Number),
  balance: z.bigint(),
  currency: currencySchema,
  lowWater: z.bigint().optional(),
  toldAt: z.iso.datetime().transform((text) => new Date(text)),
  toldBy: z.string(),
});

const lowSchema = z.object({
  left: z.bigint(),
  institutionId: idSchema('inst'),
  accountId: idSchema('acct'),
  at: z.iso.datetime().transform((text) => new Date(text)),
});

/** For whoever reads the table's stream. */
export const isLowReserveItem = (item: Item): boolean => String(item['sk']).startsWith('LOW#');

/** @throws ZodError for another item */
export function lowReserveFromItem(item: Item): LowReserve {
  const reserve = fromItem(item);
  const { left, at, ...owner } = lowSchema.parse(item);
  return { reserve, left: money(left, reserve.balance.currency), at, owner };
}

function fromItem(item: Item): Reserve {
  const { balance, currency, ...rest } = itemSchema.parse(item);
  return { ...rest, balance: money(balance, currency) };
}

const toStored = (reserve: Reserve): object => ({
  pk: list,
  sk: placeOf(reserve.channel, reserve.merchantNo),
  ...reserve,
  balance: reserve.balance.amount,
  currency: reserve.balance.currency,
  toldAt: reserve.toldAt.toISOString(),
});
