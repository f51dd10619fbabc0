/**
 * Card bindings (绑卡). Card and identity numbers are sealed, and forgotten when the binding ends.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `BINDING#<id>` | `BINDING` | the binding; sealed: number, holder, identity number and mobile |
 * | `CARD#<keyed hash of account and number>` | `CARD` | bindingId: a member has a card bound at most once |
 * | `MEMBER#<accountId>` | `BINDING#<id>` | lists a member's bindings by time |
 */
import * as z from 'zod';
import type { ChannelId } from '../channels/index.ts';
import { type AccountId, type BindingId, type InstitutionId, idSchema } from '../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { getItem, queryItems, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Parties } from './parties.ts';
import type { Sealed } from './personal-data.ts';
import { type BindingStatus, bindingStatuses } from './states.ts';

/** What a channel agreed to: payments name it and never the card. */
export interface Agreement {
  readonly merchantNo: string;
  readonly agreementNo: string;
}

export type Agreements = Readonly<Record<ChannelId, Agreement>>;

export interface Binding {
  readonly id: BindingId;
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly status: BindingStatus;
  readonly cardMasked: string;
  /** keyed hash of account and card number */
  readonly cardHash: string;
  readonly agreements: Agreements;
  readonly createdAt: string;
  readonly unboundAt?: string | undefined;
  /** the operation that unbound it: a retry of it recognises its own work */
  readonly unboundBy?: string | undefined;
}

const bindingSchema = z.object({
  id: idSchema('bind'),
  institutionId: idSchema('inst'),
  accountId: idSchema('acct'),
  status: z.enum(bindingStatuses),
  cardMasked: z.string(),
  cardHash: z.string(),
  agreements: z
    .record(z.string(), z.object({ merchantNo: z.string(), agreementNo: z.string() }))
    .transform((agreements) => agreements as Agreements), // keyed by channel when it was written
  createdAt: z.string(),
  unboundAt: z.string().optional(),
  unboundBy: z.string().optional(),
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

/** The binding, pending or active, that holds a card of a member. 2 read units. */
export async function findBindingOfCard(parties: Parties, cardHash: string): Promise<Binding | undefined> {
  const guard = await getItem(parties.table, guardKey(cardHash));
  return guard && findBinding(parties, guardSchema.parse(guard).bindingId);
}

/** A member's bindings, oldest first, ended ones included. 1 read unit each. */
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

/** Broken where the member has the card bound, or a binding of it pending. 6 write units and more for what is sealed. */
export const addBindingWrites = ({ table }: Parties, binding: Binding, sealed: Sealed): readonly Write[] =>
  [
    { ...bindingKey(binding.id), ...binding, sealed },
    { ...guardKey(binding.cardHash), bindingId: binding.id },
    listingKey(binding.accountId, binding.id),
  ].map((item) =>
    write({
      Put: { TableName: table.name, Item: toItem(item), ConditionExpression: 'attribute_not_exists(pk)' },
    }),
  );

/** Compare-and-set on the state, with what the channels agreed to. */
export const activateBindingWrite = (
  { table }: Parties,
  change: {
    readonly id: BindingId;
    readonly from: BindingStatus;
    readonly to: BindingStatus;
    readonly agreements: Agreements;
  },
): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(bindingKey(change.id)),
      UpdateExpression: 'SET #status = :to, agreements = :agreements',
      ConditionExpression: '#status = :from',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toItem({ ':from': change.from, ':to': change.to, ':agreements': change.agreements }),
    },
  });

/** Compare-and-set on the state; the sealed numbers are forgotten and the card is free to be bound again. */
export const endBindingWrites = (
  { table }: Parties,
  binding: Pick<Binding, 'id' | 'cardHash'>,
  change: {
    readonly from: BindingStatus;
    readonly to: BindingStatus;
    readonly unbound?: { readonly at: string; readonly operationId: string };
  },
): readonly Write[] => [
  write({
    Update: {
      TableName: table.name,
      Key: toItem(bindingKey(binding.id)),
      UpdateExpression: `SET #status = :to${change.unbound ? ', unboundAt = :at, unboundBy = :operation' : ''} REMOVE sealed`,
      ConditionExpression: '#status = :from',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toItem({
        ':from': change.from,
        ':to': change.to,
        ':at': change.unbound?.at,
        ':operation': change.unbound?.operationId,
      }),
    },
  }),
  write({
    Delete: {
      TableName: table.name,
      Key: toItem(guardKey(binding.cardHash)),
      ConditionExpression: 'bindingId = :id',
      ExpressionAttributeValues: toItem({ ':id': binding.id }),
    },
  }),
];
