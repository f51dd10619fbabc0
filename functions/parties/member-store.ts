/**
 * Members: end users of an institution, each with one account.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `MEMBER#<accountId>` | `MEMBER` | the member; identity, where given: the number masked, and name and number sealed |
 * | `INSTITUTION#<id>#MEMBERS` | `<externalUserId>` | accountId: lists an institution's members |
 */
import * as z from 'zod';
import { type AccountId, type InstitutionId, idSchema, type VerificationId } from '../kernel/ids.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { getItem, queryItems, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Parties } from './parties.ts';
import type { Sealed } from './personal-data.ts';

export interface Member {
  readonly accountId: AccountId;
  readonly institutionId: InstitutionId;
  /** the institution's own name for its user */
  readonly externalUserId: string;
  readonly currency: Currency;
  readonly createdAt: string;
  /** the operation that opened it: a retry of it recognises its own work */
  readonly operationId: string;
  readonly identity?: VerifiedIdentity | undefined;
}

/** A name and an identity number that belong together, by a channel's word. */
export interface VerifiedIdentity {
  readonly idNumberMasked: string;
  readonly verifiedBy: string;
  readonly verifiedAt: string;
  readonly verificationId: VerificationId;
}

const memberSchema = z.object({
  accountId: idSchema('acct'),
  institutionId: idSchema('inst'),
  externalUserId: z.string(),
  currency: currencySchema,
  createdAt: z.string(),
  operationId: z.string(),
  identity: z
    .object({
      idNumberMasked: z.string(),
      verifiedBy: z.string(),
      verifiedAt: z.string(),
      verificationId: idSchema('ver'),
    })
    .optional(),
});

const listingSchema = z.object({ sk: z.string(), accountId: idSchema('acct') });

const memberKey = (accountId: AccountId) => ({ pk: `MEMBER#${accountId}`, sk: 'MEMBER' });
const listingKey = (institutionId: InstitutionId, externalUserId: string) => ({
  pk: `INSTITUTION#${institutionId}#MEMBERS`,
  sk: externalUserId,
});

/** 1 read unit. */
export async function findMember({ table }: Parties, accountId: AccountId): Promise<Member | undefined> {
  const item = await getItem(table, memberKey(accountId));
  return item && memberSchema.parse(item);
}

/** By the institution's own names. 1 read unit each. */
export async function listMembers(
  parties: Parties,
  institutionId: InstitutionId,
  { limit, after }: PageRequest,
): Promise<Page<Member>> {
  const found = await queryItems(parties.table, {
    keys: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
    values: { ':pk': listingKey(institutionId, '').pk, ...(after !== undefined && { ':after': after }) },
    limit: limit + 1,
  });
  const { items, nextCursor } = pageOf(
    found.map((item) => listingSchema.parse(item)),
    limit,
    ({ sk }) => sk,
  );
  const members = await Promise.all(items.map(({ accountId }) => findMember(parties, accountId)));
  return { items: members.filter((member) => member !== undefined), nextCursor }; // members are never deleted
}

/** Broken where the institution has a member of that name. 4 write units. */
export const addMemberWrites = ({ table }: Parties, member: Member, sealed?: Sealed): readonly Write[] =>
  [
    { ...memberKey(member.accountId), ...member, sealed },
    { ...listingKey(member.institutionId, member.externalUserId), accountId: member.accountId },
  ].map((item) =>
    write({
      Put: { TableName: table.name, Item: toItem(item), ConditionExpression: 'attribute_not_exists(pk)' },
    }),
  );
