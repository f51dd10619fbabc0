/**
 * Merchant numbers (商户号) that institutions hold at channels.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `MERCHANT#<channel>#<merchantNo>` | `MERCHANT` | the merchant: a number belongs to one settlement account |
 * | `INSTITUTION#<id>` | `MERCHANT#<priority, 6 digits>#<channel>#<merchantNo>` | the same, an institution's in routing order |
 * | `CHANNEL#<channel>` | `MERCHANT#<merchantNo>` | the same, a channel's |
 */
import * as z from 'zod';
import { type AccountId, type InstitutionId, idSchema } from '../kernel/ids.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { getItem, type Item, type Key, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { type ChannelId, channelIdSchema } from './catalogue.ts';

interface Store {
  readonly table: Table;
}

export const merchantStatuses = ['active', 'suspended'] as const;

/** A suspended merchant number takes no new orders; those that lie there are still followed up. */
export type MerchantStatus = (typeof merchantStatuses)[number];

export interface Merchant {
  readonly channel: ChannelId;
  readonly merchantNo: string;
  readonly institutionId: InstitutionId;
  /** the settlement account that mirrors this merchant number */
  readonly accountId: AccountId;
  readonly currency: Currency;
  /** 0 to 999999; the lowest is tried first */
  readonly priority: number;
  readonly status: MerchantStatus;
  /** in which its statements come; absent: in any of its channel's */
  readonly statementFormats?: readonly string[] | undefined;
  /** the credentials themselves lie in Secrets Manager */
  readonly credentials?: CredentialsNote | undefined;
  readonly registeredAt: Date;
}

/** What the table knows of credentials: enough to tell two of them apart. */
export interface CredentialsNote {
  /** the first half of the SHA-256 of names and values, in hexadecimal digits */
  readonly fingerprint: string;
  /** client id of the operator */
  readonly setBy: string;
  readonly setAt: string;
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
  status: z.enum(merchantStatuses),
  statementFormats: z.array(z.string()).optional(),
  credentials: z.object({ fingerprint: z.string(), setBy: z.string(), setAt: z.string() }).optional(),
  registeredAt: z.iso.datetime().transform((text) => new Date(text)),
});

/**
 * Three writes of a transaction; the first is broken where the merchant number is registered already, for whatever
 * institution. 6 write units.
 *
 * @throws RangeError for a priority that would not sort.
 */
export const registerMerchantWrites = (store: Store, merchant: Merchant): readonly Write[] =>
  keysOf(merchant).map((key) => putWrite(store, key, merchant, 'attribute_not_exists(pk)'));

/**
 * For the transaction that records the change, which is what keeps two changes apart. 6 write units, 8 for another
 * priority.
 *
 * @throws RangeError for a priority that would not sort.
 */
export function changeMerchantWrites(store: Store, before: Merchant, after: Merchant): readonly Write[] {
  const moved = keysOf(before).filter(({ sk }) => !keysOf(after).some((key) => key.sk === sk));
  return [
    ...moved.map((key) => write({ Delete: { TableName: store.table.name, Key: toItem(key) } })),
    ...keysOf(after).map((key) => putWrite(store, key, after)),
  ];
}

/** Each merchant is stored whole under each of them. */
function keysOf({ channel, merchantNo, institutionId, priority }: Merchant): readonly Key[] {
  if (!Number.isInteger(priority) || priority < 0 || priority > highestPriority) {
    throw new RangeError(`a priority of ${priority} is not between 0 and ${highestPriority}`);
  }
  const place = `MERCHANT#${priority.toString().padStart(6, '0')}#${channel}#${merchantNo}`;
  return [
    merchantKey(channel, merchantNo),
    { pk: institutionKey(institutionId), sk: place },
    { pk: channelKey(channel), sk: `MERCHANT#${merchantNo}` },
  ];
}

const putWrite = ({ table }: Store, key: Key, merchant: Merchant, ConditionExpression?: string): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...key, ...merchant, registeredAt: merchant.registeredAt.toISOString() }),
      ...(ConditionExpression !== undefined && { ConditionExpression }),
    },
  });

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

/** A channel's merchant numbers, of all institutions. One read unit per 4 KiB, about ten of them. */
export async function merchantsAt(
  { table }: Store,
  channel: string,
  { limit, after }: PageRequest,
): Promise<Page<Merchant>> {
  const items = await queryItems(table, {
    keys: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
    values: {
      ':pk': channelKey(channel),
      ...(after !== undefined && { ':after': `MERCHANT#${after.slice(channel.length + 1)}` }),
    },
    limit: limit + 1,
  });
  return pageOf(items.map(fromStored), limit, ({ merchantNo }) => `${channel}/${merchantNo}`);
}

const merchantKey = (channel: string, merchantNo: string) => ({
  pk: `MERCHANT#${channel}#${merchantNo}`,
  sk: 'MERCHANT',
});

const channelKey = (channel: string): string => `CHANNEL#${channel}`;

const institutionKey = (institutionId: InstitutionId): string => `INSTITUTION#${institutionId}`;

const fromStored = (item: Item): Merchant => storedMerchantSchema.parse(item);
