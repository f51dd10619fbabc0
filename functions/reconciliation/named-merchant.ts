/** The merchant number that an operator names, which must be registered: a slip of the keyboard has no statements either. */
import { type Channels, findMerchant, type Merchant } from '../channels/index.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { StatementDay } from './statement-key.ts';

/**
 * 1 read unit.
 *
 * @param field of the request that names it
 */
export async function findNamedMerchant(
  channels: Pick<Channels, 'table'>,
  { channel, merchantNo }: Pick<StatementDay, 'channel' | 'merchantNo'>,
  field: `body.${string}`,
): Promise<Merchant | Refusal<'unknown_merchant'>> {
  const merchant = await findMerchant(channels, channel, merchantNo);
  if (merchant) return merchant;
  return {
    refused: 'unknown_merchant',
    detail: `No settlement account has the merchant number ${merchantNo} at the channel ${channel}.`,
    errors: [{ field, message: `${channel}/${merchantNo} is not registered` }],
  };
}
