import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { allowedSkewSeconds, hmacKey, rsaSigner, type Signer, signNotice } from '../../kernel/message-signature.ts';
import { type Dialect, dialectOf, xml } from '../messages/dialect.ts';
import { type Keyring, keysOf } from '../messages/keys.ts';
import { merchantHeader } from '../messages/merchant-header.ts';
import type { Callback, CallbackReception } from './callback.ts';

export interface Postman {
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly sleepMs: (milliseconds: number) => Promise<unknown>;
}

/** In seconds, tries and pauses together, within what a caller of ours waits. */
const timeoutMs = 3_000;
const pausesMs = [300, 1_000] as const;

/** What a merchant answers who has heard; in XML the same as text. */
const heardSchema = z.object({ received: z.union([z.literal(true), z.literal('true')]) });

/** Posts a callback until it is heard, three times at most; after that the merchant finds out by a query. */
export async function postCallback(postman: Postman, callback: Callback): Promise<CallbackReception> {
  for (let attempts = 1; ; attempts++) {
    const reception = await postOnce(postman, callback);
    const pauseMs = pausesMs[attempts - 1];
    // a spoilt message stays spoilt
    if (reception.heard || pauseMs === undefined || callback.spoilt) return { ...reception, attempts };
    await postman.sleepMs(pauseMs);
  }
}

async function postOnce(
  { keyring, clock }: Postman,
  { channel, merchantNo, callbackUrl, messageNo, events, spoilt }: Callback,
): Promise<Omit<CallbackReception, 'attempts'>> {
  const dialect = dialectOf(channel);
  const said = spoilt === 'unreadable' ? events.map((event) => ({ ...event, kind: 'rumour' })) : events;
  const body = await dialect.write('notice', { channel, merchantNo, messageNo, events: said });
  const signer =
    spoilt === 'wrong_signature' ? strangersSigner(dialect) : (await keysOf(keyring, { channel, merchantNo })).signer;
  const sentAt = spoilt === 'stale' ? new Date(clock().getTime() - 2 * allowedSkewSeconds * 1000) : clock();
  try {
    const response = await fetch(callbackUrl, {
      method: 'POST',
      headers: {
        'content-type': dialect.contentType,
        [merchantHeader]: `${channel}/${merchantNo}`,
        ...signNotice(signer, body, { sentAt, nonce: messageNo }),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const heard = response.ok && heardSchema.safeParse(await dialect.read('response', await response.text())).success;
    return { heard, status: response.status };
  } catch {
    return { heard: false };
  }
}

function strangersSigner(dialect: Dialect): Signer {
  if (dialect !== xml) return hmacKey(randomBytes(32).toString('hex'));
  const encoding = { type: 'pkcs8', format: 'pem' } as const;
  return rsaSigner(generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export(encoding).toString());
}
