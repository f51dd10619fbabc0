import { merchantSchema, type ServedMerchant } from '../channels-served.ts';

/** Names whose key has signed: `<channel>/<merchant number>`. */
export const merchantHeader = 'channel-merchant';

/** @returns undefined for what names no merchant of ours */
export function merchantIn(headers: Readonly<Record<string, string | undefined>>): ServedMerchant | undefined {
  const [channel, merchantNo, ...more] = (headers[merchantHeader] ?? '').split('/');
  const merchant = merchantSchema.safeParse({ channel, merchantNo });
  return merchant.success && more.length === 0 ? merchant.data : undefined;
}
