/**
 * Institutions (机构) and their own accounts.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `INSTITUTION#<id>` | `INSTITUTION` | the institution |
 * | `INSTITUTIONS` | `<id>` | lists them by time |
 * | `INSTITUTION#<id>` | `ACCOUNT#<accountId>` | an institution account (机构账户): who asked for it, and whether it is open; its money is the ledger's |
 */
import * as z from 'zod';
import { type AccountId, type ApprovalId, type InstitutionId, idSchema, type VerificationId } from '../kernel/ids.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { getItem, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Parties } from './parties.ts';
import type { ProposedStatus } from './states.ts';

export interface Institution {
  readonly id: InstitutionId;
  readonly name: string;
  readonly status: ProposedStatus;
  readonly approvalId: ApprovalId;
  readonly createdAt: string;
  /** client id of the operator */
  readonly createdBy: string;
  /** by which enterprise verification it was last proved */
  readonly verification?: InstitutionProof | undefined;
}

export interface InstitutionProof {
  readonly verificationId: VerificationId;
  readonly companyName: string;
  readonly verifiedAt: string;
}

export interface InstitutionAccount {
  readonly id: AccountId;
  readonly institutionId: InstitutionId;
  readonly currency: Currency;
  readonly status: ProposedStatus;
  readonly approvalId: ApprovalId;
  readonly createdAt: string;
}

const statusSchema = z.enum(['proposed', 'active', 'rejected']);

const institutionSchema = z.object({
  id: idSchema('inst'),
  name: z.string(),
  status: statusSchema,
  approvalId: idSchema('appr'),
  createdAt: z.string(),
  createdBy: z.string(),
  verification: z
    .object({ verificationId: idSchema('ver'), companyName: z.string(), verifiedAt: z.string() })
    .optional(),
});

const accountSchema = z.object({
  id: idSchema('acct'),
  institutionId: idSchema('inst'),
  currency: currencySchema,
  status: statusSchema,
  approvalId: idSchema('appr'),
  createdAt: z.string(),
});

const listingSchema = z.object({ sk: idSchema('inst') });
const listing = 'INSTITUTIONS';
const accountPrefix = 'ACCOUNT#';

const institutionKey = (id: string) => ({ pk: `INSTITUTION#${id}`, sk: 'INSTITUTION' });
const accountKey = (institutionId: string, id: string) => ({
  pk: `INSTITUTION#${institutionId}`,
  sk: `${accountPrefix}${id}`,
});

/** 1 read unit. */
export async function findInstitution({ table }: Parties, id: InstitutionId): Promise<Institution | undefined> {
  const item = await getItem(table, institutionKey(id));
  return item && institutionSchema.parse(item);
}

/** Newest first. 1 read unit each. */
export async function listInstitutions(parties: Parties, { limit, after }: PageRequest): Promise<Page<Institution>> {
  const found = await queryItems(parties.table, {
    keys: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :after',
    values: { ':pk': listing, ...(after !== undefined && { ':after': after }) },
    limit: limit + 1,
    newestFirst: true,
  });
  const { items, nextCursor } = pageOf(
    found.map((item) => listingSchema.parse(item)),
    limit,
    ({ sk }) => sk,
  );
  const institutions = await Promise.all(items.map(({ sk }) => findInstitution(parties, sk)));
  return { items: institutions.filter((each) => each !== undefined), nextCursor }; // institutions are never deleted
}

/** The first is broken where the institution is stored already. */
export const addInstitutionWrites = ({ table }: Parties, institution: Institution): readonly Write[] => [
  put(table, { ...institutionKey(institution.id), ...institution }),
  put(table, { pk: listing, sk: institution.id }),
];

/** 1 read unit. */
export async function findInstitutionAccount(
  { table }: Parties,
  institutionId: InstitutionId,
  id: AccountId,
): Promise<InstitutionAccount | undefined> {
  const item = await getItem(table, accountKey(institutionId, id));
  return item && accountSchema.parse(item);
}

/** Oldest first. 1 read unit per 15 or so. */
export async function listInstitutionAccounts(
  { table }: Parties,
  institutionId: InstitutionId,
  { limit, after }: PageRequest,
): Promise<Page<InstitutionAccount>> {
  const found = await queryItems(table, {
    keys: 'pk = :pk AND sk BETWEEN :from AND :to',
    values: {
      ':pk': accountKey(institutionId, '').pk,
      // a place and one more character: the page begins behind it
      ':from': after === undefined ? accountPrefix : `${accountPrefix}${after} `,
      ':to': `${accountPrefix}~`,
    },
    limit: limit + 1,
  });
  return pageOf(
    found.map((item) => accountSchema.parse(item)),
    limit,
    ({ id }) => id,
  );
}

/** Broken where the account is stored already. */
export const addInstitutionAccountWrite = ({ table }: Parties, account: InstitutionAccount): Write =>
  put(table, { ...accountKey(account.institutionId, account.id), ...account });

interface StatusChange {
  readonly from: ProposedStatus;
  readonly to: ProposedStatus;
}

/** Compare-and-set on the state. */
export const moveInstitutionWrite = ({ table }: Parties, id: string, change: StatusChange): Write =>
  move(table, institutionKey(id), change);

/** For the transaction in which a corporate account of the institution is proved; the last proof is the one that shows. */
export const proveInstitutionWrite = ({ table }: Parties, id: InstitutionId, proof: InstitutionProof): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(institutionKey(id)),
      UpdateExpression: 'SET verification = :proof',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: toItem({ ':proof': proof }),
    },
  });

/** Compare-and-set on the state. */
export const moveInstitutionAccountWrite = (
  { table }: Parties,
  account: { readonly institutionId: string; readonly id: string },
  change: StatusChange,
): Write => move(table, accountKey(account.institutionId, account.id), change);

const put = (table: Table, item: object): Write =>
  write({ Put: { TableName: table.name, Item: toItem(item), ConditionExpression: 'attribute_not_exists(pk)' } });

const move = (table: Table, key: object, { from, to }: StatusChange): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(key),
      UpdateExpression: 'SET #status = :to',
      ConditionExpression: '#status = :from',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toItem({ ':from': from, ':to': to }),
    },
  });
