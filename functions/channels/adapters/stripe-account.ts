/**
 * One merchant's account at Stripe: its credentials, and a call to it by Stripe's own SDK. The SDK weighs more than a
 * whole function of ours and is loaded at the first call: docs/decisions/0016
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { currencySchema } from '../../kernel/money.ts';
import type { MerchantReference, Unknown } from '../channel-adapter.ts';
import type { MerchantCredentials } from '../credentials/merchant-credentials.ts';

export interface StripeDependencies {
  /** as {@link StripeCredentials} */
  readonly merchantCredentials: MerchantCredentials;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** where Stripe is, if not in the world: a test's */
  readonly server?: { readonly protocol: 'http'; readonly host: string; readonly port: number };
}

/** What an operator stores for a merchant number. */
const credentialsSchema = z.object({
  /** `sk_live_…`, or a restricted key that may write payments, sessions, refunds and transfers and read the balance */
  secretKey: z.string().regex(/^[!-~]{8,255}$/),
  /** `whsec_…`, of the endpoint that calls us back */
  webhookSecret: z.string().regex(/^[!-~]{8,255}$/),
  /** in which payouts are made: an account at Stripe has a balance in each currency */
  currency: currencySchema,
  /** where a payer comes back to who had to prove himself to his bank; without it there is no quick payment */
  returnUrl: z.url().optional(),
});

export type StripeCredentials = z.infer<typeof credentialsSchema>;

export interface StripeAccount {
  readonly credentials: StripeCredentials;
  /** gives up when the time is over that one operation of the adapter has, with all that it asks */
  readonly sdk: Stripe;
}

/**
 * @returns undefined where there are no credentials that could be used
 * @throws Error where they can't be read: nothing was sent then
 */
export async function openAccount(
  dependencies: StripeDependencies,
  merchant: MerchantReference,
): Promise<StripeAccount | undefined> {
  const credentials = await readCredentials(dependencies, merchant);
  if (!credentials) return undefined;
  const { default: Sdk } = await import('stripe');
  const deadline = AbortSignal.timeout(dependencies.timeoutMs);
  const sdk = new Sdk(credentials.secretKey, {
    ...dependencies.server,
    // an order goes out once, and what became of it is asked for: so no retries, nor the SDK's client by Node's `http`,
    // which sends once more by itself when the connection is cut
    maxNetworkRetries: 0,
    httpClient: Sdk.createFetchHttpClient((url, request) =>
      fetch(url, { ...request, redirect: 'error', signal: deadline }),
    ),
    telemetry: false,
  });
  return { credentials, sdk };
}

/** Credentials that lack something are none: an operator's mistake, which he sees by every order being refused. */
export async function readCredentials(
  { merchantCredentials }: Pick<StripeDependencies, 'merchantCredentials'>,
  merchant: MerchantReference,
  freshness: 'kept' | 'renewed' = 'kept',
): Promise<StripeCredentials | undefined> {
  return credentialsSchema.safeParse(await merchantCredentials(merchant, freshness)).data;
}

/** `rejected` is Stripe's word that it did not do it; all else that is no answer of the schema is `unknown`. */
export type StripeAnswer<Body> = { readonly outcome: 'answered'; readonly body: Body } | StripeRejection | Unknown;

export interface StripeRejection {
  readonly outcome: 'rejected';
  /** `card`: the payer's bank said no. `request`: Stripe did. `used_number`: the number stands for another request. */
  readonly by: 'card' | 'request' | 'used_number';
  readonly code: string;
  readonly paymentIntent?: string;
}

/** @param ask makes one call of the SDK */
export async function askStripe<Schema extends z.ZodType>(
  { sdk }: StripeAccount,
  schema: Schema,
  ask: (stripe: Stripe) => Promise<{ readonly lastResponse: { readonly statusCode: number } }>,
): Promise<StripeAnswer<z.output<Schema>>> {
  try {
    const answer = await ask(sdk);
    if (answer.lastResponse.statusCode !== 200) return unknown(`an answer of status ${answer.lastResponse.statusCode}`);
    const parsed = schema.safeParse(answer);
    return parsed.success
      ? { outcome: 'answered', body: parsed.data }
      : unknown('an answer that makes no sense, or to another request');
  } catch (error) {
    return rejectionOf(error);
  }
}

export const unknown = (cause: string): Unknown => ({ outcome: 'unknown', cause });

const codeSchema = z
  .string()
  .regex(/^[a-z0-9_]{1,64}$/)
  .optional()
  .catch(undefined);

const rejectionSchemas = z.union([
  z
    .object({
      type: z.literal('StripeCardError'),
      rawType: z.literal('card_error'),
      code: codeSchema,
      decline_code: codeSchema,
      payment_intent: z
        .object({ id: z.string().max(64) })
        .optional()
        .catch(undefined),
    })
    .transform(({ code, decline_code, payment_intent }) => ({
      by: 'card' as const,
      code: decline_code ?? code ?? 'card_declined',
      ...(payment_intent && { paymentIntent: payment_intent.id }),
    })),
  z
    .object({
      type: z.literal('StripeInvalidRequestError'),
      rawType: z.literal('invalid_request_error'),
      code: codeSchema,
    })
    .transform(({ code }) => ({ by: 'request' as const, code: code ?? 'invalid_request' })),
  z
    .object({ type: z.literal('StripeIdempotencyError') })
    .transform(() => ({ by: 'used_number' as const, code: 'used_number' })),
]);

/** What the SDK calls an error of the line, of the key, of Stripe itself or of too many calls says nothing of the order. */
function rejectionOf(error: unknown): StripeRejection | Unknown {
  const rejection = rejectionSchemas.safeParse(error);
  if (rejection.success) return { outcome: 'rejected', ...rejection.data };
  const type = z.object({ type: z.string().regex(/^[A-Za-z0-9]{1,64}$/) }).safeParse(error);
  return unknown(type.success ? `no answer to the order: ${type.data.type}` : 'no answer to the order');
}
