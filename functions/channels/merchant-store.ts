/**
 * Merchant numbers (商户号) that institutions hold at channels.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `MERCHANT#<channel>#<merchantNo>` | `MERCHANT` | the merchant: a number belongs to one settlement account |
 * | `INSTITUTION#<id>` | `MERCHANT#<priority, 6 digits>#<channel>#<merchantNo>` | the same, listed in routing order |
 */
import * as z from 'zod';
import { type AccountId, type InstitutionId, idSchema } from '../kernel/ids.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { getItem, type Item, queryItems, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { type ChannelId, channelIdSchema } from './catalogue.ts';
import type { Channels } from './channels.ts';

type Store = Pick<Channels, 'table'>;

export interface Merchant {
  readonly channel: ChannelId;
  readonly merchantNo: string;
  readonly institutionId: InstitutionId;
  /** the settlement account that mirrors this merchant number */
  readonly accountId: AccountId;
  readonly currency: Currency;
  /** 0 to 999999; the lowest is tried first */
  readonly priority: number;
  readonly registeredAt: Date;
}

/** What channels issue as merchant numbers; part of statement keys and of our own keys. */
export const merchantNoSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, underscores or hyphens')
  .meta({ description: 'merchant number that the channel issued', example: '1601959334' });

export const highestPriority = 999_999;

const storedMerchantSchema = z.object({
  channel: channelIdSchema,
  merchantNo: merchantNoSchema,
  institutionId: idSchema('inst'),
  accountId: idSchema('acct'),
  currency: currencySchema,
  priority: z.bigint().transform(Number),
  registeredAt: z.iso.datetime().transform((text) => new Date(text)),
});

/**
 * Two writes of a transaction; the first is broken where the merchant number is registered already, for whatever
 * institution. 4 write units.
 *
 * @throws RangeError for a priority that would not sort.
 */
export function registerMerchantWrites({ table }: Store, merchant: Merchant): readonly Write[] {
  const { channel, merchantNo, institutionId, priority } = merchant;
  if (!Number.isInteger(priority) || priority < 0 || priority > highestPriority) {
    throw new RangeError(`a priority of ${priority} is not between 0 and ${highestPriority}`);
  }
  const facts = { ...merchant, registeredAt: merchant.registeredAt.toISOString() };
  const place = `MERCHANT#${priority.toString().padStart(6, '0')}#${channel}#${merchantNo}`;
  return [merchantKey(channel, merchantNo), { pk: institutionKey(institutionId), sk: place }].map((key) =>
    write({
      Put: {
        TableName: table.name,
        Item: toItem({ ...key, ...facts }),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }),
  );
}

/** One read unit. */
export async function findMerchant(
  { table }: Store,
  channel: string,
  merchantNo: string,
): Promise<Merchant | undefined> {
  const item = await getItem(table, merchantKey(channel, merchantNo));
  return item && fromStored(item);
}

/** An institution's merchant numbers in ascending priority, then by channel. One read unit per 4 KiB, about ten of them. */
export async function merchantsOf({ table }: Store, institutionId: InstitutionId): Promise<Merchant[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :merchant)',
    values: { ':pk': institutionKey(institutionId), ':merchant': 'MERCHANT#' },
  });
  return items.map(fromStored);
}

const merchantKey = (channel: string, merchantNo: string) => ({
  pk: `MERCHANT#${channel}#${merchantNo}`,
  sk: 'MERCHANT',
});

const institutionKey = (institutionId: InstitutionId): string => `INSTITUTION#${institutionId}`;

const fromStored = (item: Item): Merchant => storedMerchantSchema.parse(item);
