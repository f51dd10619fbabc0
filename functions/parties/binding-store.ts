/**
 * Bindings (绑卡, 对公账户绑定). Numbers are sealed, and forgotten when the binding ends.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `BINDING#<id>` | `BINDING` | the binding; sealed: the number and its holder |
 * | `CARD#<keyed hash of account and number>` | `CARD` | bindingId: an account has a number bound at most once |
 * | `MEMBER#<accountId>` | `BINDING#<id>` | lists an account's bindings by time |
 *
 * Index `by-due`, sparse: `due` = `bindings`, `dueKey` = `<when a pending one is given up>#<id>`.
 */
import * as z from 'zod';
import { type AccountId, type BindingId, idSchema } from '../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { getItem, type Item, queryItems, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { type Agreements, type Binding, bindingKinds, type CodeSteps, cardTypes } from './binding.ts';
import type { Parties } from './parties.ts';
import { type Sealed, sealedSchema } from './personal-data.ts';
import { bindingStatuses } from './states.ts';

const bindingSchema = z.object({
  id: idSchema('bind'),
  kind: z.enum(bindingKinds),
  institutionId: idSchema('inst'),
  accountId: idSchema('acct'),
  status: z.enum(bindingStatuses),
  cardMasked: z.string(),
  cardHash: z.string(),
  bank: z.string().optional(),
  cardType: z.enum(cardTypes).optional(),
  agreements: z
    .record(z.string(), z.object({ merchantNo: z.string(), agreementNo: z.string() }))
    .transform((agreements) => agreements as Agreements), // keyed by channel when it was written
  codes: z
    .record(z.string(), z.object({ merchantNo: z.string(), expiresAt: z.string(), tries: z.coerce.number() }))
    .transform((codes) => codes as CodeSteps), // keyed by channel when it was written
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  confirmedBy: z.string().optional(),
  unboundAt: z.string().optional(),
  unboundBy: z.string().optional(),
  version: z.coerce.number(),
});

const guardSchema = z.object({ bindingId: idSchema('bind') });
const listingSchema = z.object({
  sk: z.string().transform((sk) => idSchema('bind').parse(sk.slice(listingPrefix.length))),
});

const listingPrefix = 'BINDING#';
const bindingKey = (id: BindingId) => ({ pk: `BINDING#${id}`, sk: 'BINDING' });
const guardKey = (cardHash: string) => ({ pk: `CARD#${cardHash}`, sk: 'CARD' });
const listingKey = (accountId: AccountId, id: string) => ({ pk: `MEMBER#${accountId}`, sk: `${listingPrefix}${id}` });

/** 1 read unit. */
export async function findBinding({ table }: Parties, id: BindingId): Promise<Binding | undefined> {
  const item = await getItem(table, bindingKey(id));
  return item && bindingSchema.parse(item);
}

/** With its number sealed, which is forgotten when it ends. 1 read unit. */
export async function findSealedBinding(
  { table }: Parties,
  id: BindingId,
): Promise<{ readonly binding: Binding; readonly sealed: Sealed | undefined } | undefined> {
  const item = await getItem(table, bindingKey(id));
  if (!item) return undefined;
  const { sealed } = z.object({ sealed: sealedSchema.optional() }).parse(item);
  return { binding: bindingSchema.parse(item), sealed };
}

/** The binding, pending or active, that holds a number of an account. 2 read units. */
export async function findBindingOfCard(parties: Parties, cardHash: string): Promise<Binding | undefined> {
  const guard = await getItem(parties.table, guardKey(cardHash));
  return guard && findBinding(parties, guardSchema.parse(guard).bindingId);
}

/** An account's bindings, oldest first, ended ones included. 1 read unit each. */
export async function listBindings(
  parties: Parties,
  accountId: AccountId,
  { limit, after }: PageRequest,
): Promise<Page<Binding>> {
  const found = await queryItems(parties.table, {
    // `MEMBER`, the member itself in the same partition, sorts behind all of its bindings
    keys: 'pk = :pk AND sk BETWEEN :from AND :to',
    values: {
      ':pk': listingKey(accountId, '').pk,
      // a place and one more character: the page begins behind it
      ':from': after === undefined ? listingPrefix : `${listingPrefix}${after} `,
      ':to': `${listingPrefix}~`,
    },
    limit: limit + 1,
  });
  const { items, nextCursor } = pageOf(
    found.map((item) => listingSchema.parse(item)),
    limit,
    ({ sk }) => sk,
  );
  const bindings = await Promise.all(items.map(({ sk }) => findBinding(parties, sk)));
  return { items: bindings.filter((binding) => binding !== undefined), nextCursor }; // bindings are never deleted
}

const dueBindings = 'bindings';

const dueOf = ({ id, expiresAt }: Binding): Item =>
  expiresAt === undefined ? {} : { due: dueBindings, dueKey: `${expiresAt}#${id}` };

/** Broken where the account has the number bound, or a binding of it pending. 8 write units and more for what is sealed. */
export const addBindingWrites = ({ table }: Parties, binding: Binding, sealed: Sealed): readonly Write[] =>
  [
    { ...bindingKey(binding.id), ...binding, ...dueOf(binding), sealed },
    { ...guardKey(binding.cardHash), bindingId: binding.id },
    listingKey(binding.accountId, binding.id),
  ].map((item) =>
    write({
      Put: { TableName: table.name, Item: toItem(item), ConditionExpression: 'attribute_not_exists(pk)' },
    }),
  );

/** Broken where it has changed since it was read. Of one that ends the number is forgotten, and free to be bound again. */
export function changeBindingWrites({ table }: Parties, from: Pick<Binding, 'version'>, to: Binding): readonly Write[] {
  const ends = to.status !== 'pending' && to.status !== 'active';
  const { id, status, agreements, codes, expiresAt, confirmedBy, unboundAt, unboundBy, version, ...unchanging } = to;
  const { due, dueKey } = dueOf(to);
  const values = { status, agreements, codes, expiresAt, confirmedBy, unboundAt, unboundBy, version, due, dueKey };
  const names = Object.keys(values) as (keyof typeof values)[]; // its own keys
  const set = names.filter((name) => values[name] !== undefined).map((name) => `#${name} = :${name}`);
  const remove = names.filter((name) => values[name] === undefined).map((name) => `#${name}`);
  const update = write({
    Update: {
      TableName: table.name,
      Key: toItem(bindingKey(id)),
      UpdateExpression: `SET ${set.join(', ')} REMOVE ${[...remove, ...(ends ? ['sealed'] : [])].join(', ')}`,
      ConditionExpression: '#version = :was',
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: toItem({
        ...Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
        ':was': from.version,
      }),
    },
  });
  return ends ? [update, freeNumberWrite({ table }, { id, cardHash: unchanging.cardHash })] : [update];
}

const freeNumberWrite = ({ table }: Parties, { id, cardHash }: Pick<Binding, 'id' | 'cardHash'>): Write =>
  write({
    Delete: {
      TableName: table.name,
      Key: toItem(guardKey(cardHash)),
      ConditionExpression: 'bindingId = :id',
      ExpressionAttributeValues: toItem({ ':id': id }),
    },
  });

/** For a transaction that relies on a binding's being active. 2 write units. */
export const activeBindingCheck = ({ table }: Parties, id: BindingId): Write =>
  write({
    ConditionCheck: {
      TableName: table.name,
      Key: toItem(bindingKey(id)),
      ConditionExpression: '#status = :active',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toItem({ ':active': 'active' }),
    },
  });

const dueSchema = z.object({ dueKey: z.string() });

/** Pending ones whose time is over. Half a read unit per 4 KiB. */
export async function overdueBindingIds(
  { table }: Parties,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly BindingId[]> {
  const found = await queryItems(table, {
    index: 'by-due',
    keys: 'due = :due AND dueKey <= :now',
    values: { ':due': dueBindings, ':now': `${now.toISOString()}~` },
    limit,
  });
  return found.map((item) => idSchema('bind').parse(dueSchema.parse(item).dueKey.split('#')[1]));
}
