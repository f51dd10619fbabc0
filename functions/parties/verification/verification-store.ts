/**
 * Verifications, and which facts are proved.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `VERIFICATION#<id>` | `VERIFICATION` | the verification; of an enterprise that is not yet confirmed, its facts sealed |
 * | `FACTS#<keyed hash of institution and facts>` | `FACTS` | verificationId, until: the success that proves them |
 *
 * Index `by-institution`: `listing` = institutionId, `createdKey` = `<createdAt>#<id>`. Index `by-due`, sparse: `due` =
 * `verifications`, `dueKey` = `<when it is looked at again>#<id>`.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import type { VerificationId } from '../../kernel/ids.ts';
import { idSchema } from '../../kernel/ids.ts';
import { type Currency, currencySchema, type Money, money } from '../../kernel/money.ts';
import { getItem, type Item, isConditionFailed, queryItems, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import type { Parties } from '../parties.ts';
import { type Sealed, sealedSchema } from '../personal-data.ts';
import { type Verification, verificationKinds } from './verification.ts';
import { verificationEvents, verificationStatuses } from './verification-states.ts';

const callSchema = z.object({
  operation: z.enum(['verify', 'queryVerification']),
  code: z.string(),
  durationMs: z.coerce.number(),
});

const itemSchema = z
  .object({
    id: idSchema('ver'),
    institutionId: idSchema('inst'),
    kind: z.enum(verificationKinds),
    accountId: idSchema('acct').optional(),
    status: z.enum(verificationStatuses),
    masked: z.record(z.string(), z.string()),
    factsHash: z.string(),
    operationId: z.string(),
    route: z.object({ channel: z.string(), merchantNo: z.string(), settlementAccountId: idSchema('acct') }).optional(),
    attempt: z.coerce.number(),
    cost: z.bigint(),
    fee: z.bigint(),
    currency: currencySchema,
    cachedFrom: idSchema('ver').optional(),
    createdAt: z.string(),
    completedAt: z.string().optional(),
    accountingDate: z
      .string()
      .transform((text) => text as AccountingDate) // the ledger's, when it was written
      .optional(),
    amountHash: z.string().optional(),
    expiresAt: z.string().optional(),
    wrongAmounts: z.coerce.number(),
    failure: z.object({ code: z.string(), reason: z.string() }).optional(),
    bindingId: idSchema('bind').optional(),
    version: z.coerce.number(),
    history: z.array(
      z.object({
        event: z.enum(verificationEvents),
        at: z.string(),
        channel: z.string().optional(),
        call: callSchema.optional(),
        by: z.string().optional(),
      }),
    ),
  })
  .transform(({ cost, fee, currency, ...rest }): Verification => {
    const amounts: { readonly cost: Money; readonly fee: Money } = {
      cost: money(cost, currency),
      fee: money(fee, currency),
    };
    return { ...rest, ...amounts };
  });

const verificationKey = (id: VerificationId) => ({ pk: `VERIFICATION#${id}`, sk: 'VERIFICATION' });
const factsKey = (factsHash: string) => ({ pk: `FACTS#${factsHash}`, sk: 'FACTS' });

export const createdKeyOf = ({ createdAt, id }: Pick<Verification, 'createdAt' | 'id'>): string => `${createdAt}#${id}`;

/** How long after it was stored a verification without a verdict is asked about for the first time. */
const firstLookMs = 30_000;

/** When somebody has to look at it again; nobody has to at what has ended. */
function dueAt({ status, createdAt, expiresAt }: Verification): string | undefined {
  if (status === 'processing') return new Date(Date.parse(createdAt) + firstLookMs).toISOString();
  return status === 'awaiting_confirmation' ? expiresAt : undefined;
}

const dueVerifications = 'verifications';

export function itemFromVerification(verification: Verification, sealed?: Sealed): Item {
  const { cost, fee, ...facts } = verification;
  const due = dueAt(verification);
  return {
    ...verificationKey(verification.id),
    ...facts,
    cost: cost.amount,
    fee: fee.amount,
    currency: cost.currency satisfies Currency,
    listing: verification.institutionId,
    createdKey: createdKeyOf(verification),
    ...(due && { due: dueVerifications, dueKey: `${due}#${verification.id}` }),
    sealed,
  };
}

export const isVerificationItem = (item: Item): boolean => item['sk'] === 'VERIFICATION';

export const verificationFromItem = (item: Item): Verification => itemSchema.parse(item);

/** 1 read unit. */
export async function findVerification({ table }: Parties, id: VerificationId): Promise<Verification | undefined> {
  const item = await getItem(table, verificationKey(id));
  return item && verificationFromItem(item);
}

/** With the facts of an enterprise, which are forgotten when it ends. 1 read unit. */
export async function findSealedVerification(
  { table }: Parties,
  id: VerificationId,
): Promise<{ readonly verification: Verification; readonly sealed: Sealed | undefined } | undefined> {
  const item = await getItem(table, verificationKey(id));
  if (!item) return undefined;
  const { sealed } = z.object({ sealed: sealedSchema.optional() }).parse(item);
  return { verification: verificationFromItem(item), sealed };
}

/** Broken where the operation has stored one already. 8 write units with its index entries. */
export const addVerificationWrite = ({ table }: Parties, verification: Verification, sealed?: Sealed): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromVerification(verification, sealed)),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

/** Broken where it has changed since it was read. What was sealed stays only where it is given again. */
export const replaceVerificationWrite = (
  { table }: Parties,
  from: Pick<Verification, 'version'>,
  to: Verification,
  sealed?: Sealed,
): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromVerification(to, sealed)),
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: toItem({ ':version': from.version }),
    },
  });

const provedSchema = z.object({ verificationId: idSchema('ver'), until: z.string() });

/** The success that still proves these facts. 1 read unit. */
export async function findProof({ table }: Parties, factsHash: string, now: Date): Promise<VerificationId | undefined> {
  const item = await getItem(table, factsKey(factsHash));
  const proof = item && provedSchema.parse(item);
  return proof && proof.until > now.toISOString() ? proof.verificationId : undefined;
}

/** The newest success is the one that is remembered. */
export const proofWrite = ({ table }: Parties, { factsHash, id }: Verification, until: Date): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...factsKey(factsHash), verificationId: id, until: until.toISOString() }),
    },
  });

const dueSchema = z.object({ dueKey: z.string() });

/** What is to be looked at by now, longest due first. Half a read unit per 4 KiB. */
export async function dueVerificationIds(
  { table }: Parties,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly VerificationId[]> {
  const found = await queryItems(table, {
    index: 'by-due',
    keys: 'due = :due AND dueKey <= :now',
    values: { ':due': dueVerifications, ':now': `${now.toISOString()}~` },
    limit,
  });
  return found.map((item) => idSchema('ver').parse(dueSchema.parse(item).dueKey.split('#')[1]));
}

/** Looked at again later, so that many silent ones do not stand before all others. 2 write units, and 4 for the index. */
export async function postponeVerification(
  { table }: Parties,
  { id, version }: Pick<Verification, 'id' | 'version'>,
  until: Date,
): Promise<void> {
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem(verificationKey(id)),
        UpdateExpression: 'SET dueKey = :next',
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: toItem({ ':next': `${until.toISOString()}#${id}`, ':version': version }),
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error; // it has changed, and says itself when it is due
  }
}
