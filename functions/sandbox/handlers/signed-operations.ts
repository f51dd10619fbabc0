/** Serves signed POSTs: checks the signature, parses, performs one operation, signs the answer. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import {
  allowedSkewSeconds,
  hmacKey,
  type SignatureCheck,
  type Signer,
  signatureHeaders,
  signResponse,
  verifyRequest,
} from '../../kernel/message-signature.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { type Table, toItem } from '../../kernel/table.ts';
import { log } from '../../runtime/log.ts';
import { merchantSchema, type ServedMerchant } from '../channels-served.ts';
import { putIfNew } from '../conditional-update.ts';
import { type Dialect, dialectOf, json } from '../messages/dialect.ts';
import { type Keyring, keysOf } from '../messages/keys.ts';
import { merchantIn } from '../messages/merchant-header.ts';

export interface Gate {
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly table: Table;
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

type Operation = (input: unknown) => Promise<Reply>;

/** Whom we speak to, and how. */
interface Caller {
  readonly dialect: Dialect;
  readonly signer: Signer;
  readonly check?: SignatureCheck;
  /** absent for the control side, which speaks of any merchant */
  readonly merchant?: ServedMerchant;
}

/** An operation whose input is parsed at the door; a refusal is answered 409 with its code. */
export const operation =
  <Input extends z.ZodType>(schema: Input, perform: (input: z.infer<Input>) => Promise<object | Refusal>): Operation =>
  async (input) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      const errors = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
      return { status: 400, body: { error: 'invalid_request', errors } };
    }
    const answer = await perform(parsed.data);
    return isRefusal(answer)
      ? { status: 409, body: { error: answer.refused, detail: answer.detail } }
      : { status: 200, body: answer };
  };

/** Calls of the control side: JSON, signed with the shared secret. @param operations by path, such as `/control/days` */
export const serveControl = (gate: () => Gate, operations: Readonly<Record<string, Operation>>) =>
  serve(gate, operations, control);

/** Calls of merchants, each in its channel's dialect and with its own key. @param operations by path, such as `/v1/collections` */
export const serveMerchants = (gate: () => Gate, operations: Readonly<Record<string, Operation>>) =>
  serve(gate, operations, async (keyring, event) => {
    const merchant = merchantIn(event.headers);
    // without a name nobody is believed, and the answer is signed as for a stranger of the JSON dialect
    if (!merchant) return { ...(await control(keyring)), check: { isSignatureOf: () => false } };
    return { dialect: dialectOf(merchant.channel), merchant, ...(await keysOf(keyring, merchant)) };
  });

async function control({ sharedSecret }: Keyring): Promise<Caller> {
  const key = hmacKey(await sharedSecret());
  return { dialect: json, signer: key, check: key };
}

const serve =
  (
    gate: () => Gate,
    operations: Readonly<Record<string, Operation>>,
    identify: (keyring: Keyring, event: APIGatewayProxyEventV2) => Promise<Caller>,
  ) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const nonce = event.headers[signatureHeaders.nonce] ?? '';
    try {
      const { clock, keyring } = gate();
      const caller = await identify(keyring, event);
      const { status, body } = await reply(gate(), caller, event, operations);
      const text = await caller.dialect.write('response', body);
      const signature = signResponse(caller.signer, { status, body: text }, { sentAt: clock(), nonce });
      return { statusCode: status, headers: { 'content-type': caller.dialect.contentType, ...signature }, body: text };
    } catch (error) {
      // answered without a signature, as a broken gateway would: the caller knows nothing then
      log.error('the operation failed', { path: event.rawPath, error: error as Error });
      return { statusCode: 500, body: '' };
    }
  };

async function reply(
  gate: Gate,
  { dialect, check, merchant }: Caller,
  event: APIGatewayProxyEventV2,
  operations: Readonly<Record<string, Operation>>,
): Promise<Reply> {
  if (!check) return { status: 401, body: { error: 'merchant_unknown' } };
  const body = bodyOf(event);
  const request = { method: event.requestContext.http.method, path: event.rawPath, body };
  const verification = verifyRequest(check, request, event.headers, gate.clock());
  if (!verification.verified) return { status: 401, body: { error: verification.reason } };
  if (!(await isFirstUse(gate, verification.nonce))) return { status: 401, body: { error: 'replayed' } };

  const perform = Object.hasOwn(operations, event.rawPath) ? operations[event.rawPath] : undefined;
  if (!perform) return { status: 404, body: { error: 'not_found' } };
  const input = await dialect.read('request', body);
  if (input === undefined) return { status: 400, body: { error: 'invalid_request' } };
  if (merchant && !speaksFor(merchant, input)) return { status: 403, body: { error: 'another_merchant' } };
  return perform(input);
}

/** What is not readable as a merchant is refused by its operation, with the field's name. */
function speaksFor(merchant: ServedMerchant, input: unknown): boolean {
  const named = merchantSchema.safeParse(input);
  return !named.success || (named.data.channel === merchant.channel && named.data.merchantNo === merchant.merchantNo);
}

export const bodyOf = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;

/** Remembers a nonce for as long as its time stamp could be accepted: `NONCE#<nonce>` / `NONCE`. One write unit. */
function isFirstUse({ table, clock }: Pick<Gate, 'table' | 'clock'>, nonce: string): Promise<boolean> {
  const expiresAt = Math.ceil(clock().getTime() / 1000) + 2 * allowedSkewSeconds;
  return putIfNew(table, toItem({ pk: `NONCE#${nonce}`, sk: 'NONCE', expiresAt }));
}
