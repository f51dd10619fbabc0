/**
 * Verdicts, and the small transfers that an enterprise verification sends to a corporate account.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `VERIFICATION#<channel>#<merchantNo>#<requestNo>` | `VERIFICATION` | the verdict |
 * | `TRANSFERS#<hash of the account number>` | `<at>#<requestNo>` | channel, merchantNo, requestNo, amount, currency, at |
 */
import * as z from 'zod';
import { bareId, idFrom } from '../../kernel/ids.ts';
import { currencySchema, type Money } from '../../kernel/money.ts';
import { getItem, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import { merchantSchema, type ServedMerchant } from '../channels-served.ts';

type Store = { readonly table: Table };

export interface VerificationReference extends ServedMerchant {
  readonly requestNo: string;
}

const verdictSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('succeeded') }),
  z.object({ outcome: z.literal('refused'), reason: z.string(), retryElsewhere: z.boolean() }),
]);

export type Verdict = z.infer<typeof verdictSchema>;

const transferSchema = merchantSchema.extend({
  requestNo: z.string(),
  amount: z.bigint(),
  currency: currencySchema,
  at: z.string(),
});

export type SmallTransfer = z.infer<typeof transferSchema>;

export async function findVerdict({ table }: Store, reference: VerificationReference): Promise<Verdict | undefined> {
  const item = await getItem(table, verdictKey(reference));
  return item && verdictSchema.parse(item['verdict']);
}

/** Broken where there is a verdict on that request. */
export const keepVerdict = ({ table }: Store, reference: VerificationReference, verdict: Verdict): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...verdictKey(reference), verdict }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

export const keepTransfer = (
  { table }: Store,
  { channel, merchantNo, requestNo }: VerificationReference,
  { accountNumber, transfer, at }: { readonly accountNumber: string; readonly transfer: Money; readonly at: Date },
): Write => {
  const facts: SmallTransfer = { channel, merchantNo, requestNo, ...transfer, at: at.toISOString() };
  const key = { pk: transfersKey(accountNumber), sk: `${facts.at}#${requestNo}` };
  return write({ Put: { TableName: table.name, Item: toItem({ ...key, ...facts }) } });
};

/** What came in on an account, oldest first, as its bank statement would show it. */
export async function transfersTo({ table }: Store, accountNumber: string): Promise<SmallTransfer[]> {
  const items = await queryItems(table, { keys: 'pk = :pk', values: { ':pk': transfersKey(accountNumber) } });
  return items.map((item) => transferSchema.parse(item));
}

const verdictKey = ({ channel, merchantNo, requestNo }: VerificationReference) => ({
  pk: `VERIFICATION#${channel}#${merchantNo}#${requestNo}`,
  sk: 'VERIFICATION',
});

const transfersKey = (accountNumber: string): string => `TRANSFERS#${bareId(idFrom('account', accountNumber))}`;
