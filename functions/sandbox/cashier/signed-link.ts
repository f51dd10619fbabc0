/** How a payer's browser is sent to us: by fields that its merchant has signed, in a link or in a posted form. */
import * as z from 'zod';
import { areSignedFacts } from '../../kernel/message-signature.ts';
import { merchantSchema } from '../channels-served.ts';
import { type Keyring, keysOf } from '../messages/keys.ts';

export const cashierFieldsSchema = merchantSchema.extend({
  channelOrderNo: z.string().regex(/^[A-Za-z0-9]{1,32}$/),
  signature: z.string().max(1_000),
});

export type CashierFields = z.infer<typeof cashierFieldsSchema>;

export async function areFieldsSigned(
  keyring: Keyring,
  { channel, merchantNo, channelOrderNo, signature }: CashierFields,
): Promise<boolean> {
  const { check } = await keysOf(keyring, { channel, merchantNo });
  return check !== undefined && areSignedFacts(check, 'cashier', [channel, merchantNo, channelOrderNo], signature);
}
