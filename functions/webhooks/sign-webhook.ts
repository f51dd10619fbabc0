/** Signatures by Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
import { createHmac } from 'node:crypto';
import { keyOfSecret } from './webhook-secret.ts';

export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * @param id stays the same for every try, so that a receiver takes each event once
 * @param sentAt of this try: receivers turn away what is older than some minutes
 * @param secrets one signature for each; a receiver needs to know one of them
 */
export function signWebhook(
  { id, sentAt, body }: { readonly id: string; readonly sentAt: Date; readonly body: string },
  secrets: readonly string[],
): SignedHeaders {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', keyOfSecret(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${hmac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
