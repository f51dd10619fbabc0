/** Serves signed POSTs: checks the signature, parses, performs one operation, signs the answer. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { allowedSkewSeconds, signatureHeaders, signResponse, verifyRequest } from '../../kernel/message-signature.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { isConditionFailed, type Table, toItem } from '../../kernel/table.ts';
import { log } from '../../runtime/log.ts';

export interface Gate {
  readonly secret: () => Promise<string>;
  readonly clock: Clock;
  readonly table: Table;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

type Operation = (input: unknown) => Promise<Reply>;

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

/** @param operations by path, such as `/v1/collections` */
export const serveSigned =
  (gate: () => Gate, operations: Readonly<Record<string, Operation>>) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { clock, ...rest } = gate();
    const nonce = event.headers[signatureHeaders.nonce] ?? '';
    try {
      const secret = await rest.secret();
      const { status, body } = await reply({ clock, ...rest, secret }, event, operations);
      const text = JSON.stringify(body, amountsAsNumbers);
      const signature = signResponse(secret, { status, body: text }, { sentAt: clock(), nonce });
      return { statusCode: status, headers: { 'content-type': 'application/json', ...signature }, body: text };
    } catch (error) {
      // answered without a signature, as a broken gateway would: the caller knows nothing then
      log.error('the operation failed', { path: event.rawPath, error: error as Error });
      return { statusCode: 500, body: '' };
    }
  };

async function reply(
  gate: Omit<Gate, 'secret'> & { readonly secret: string },
  event: APIGatewayProxyEventV2,
  operations: Readonly<Record<string, Operation>>,
): Promise<Reply> {
  const body = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  const request = { method: event.requestContext.http.method, path: event.rawPath, body };
  const verification = verifyRequest(gate.secret, request, event.headers, gate.clock());
  if (!verification.verified) return { status: 401, body: { error: verification.reason } };
  if (!(await isFirstUse(gate, verification.nonce))) return { status: 401, body: { error: 'replayed' } };

  const perform = Object.hasOwn(operations, event.rawPath) ? operations[event.rawPath] : undefined;
  if (!perform) return { status: 404, body: { error: 'not_found' } };
  const input = parseJson(body);
  return 'broken' in input ? { status: 400, body: { error: 'invalid_request' } } : perform(input.value);
}

/** Remembers a nonce for as long as its time stamp could be accepted: `NONCE#<nonce>` / `NONCE`. One write unit. */
async function isFirstUse({ table, clock }: Pick<Gate, 'table' | 'clock'>, nonce: string): Promise<boolean> {
  const expiresAt = Math.ceil(clock().getTime() / 1000) + 2 * allowedSkewSeconds;
  try {
    await table.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: toItem({ pk: `NONCE#${nonce}`, sk: 'NONCE', expiresAt }),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

function parseJson(text: string): { readonly value: unknown } | { readonly broken: true } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { broken: true };
  }
}

/** Amounts came in as JSON integers or are sums of such, so they fit; past 2^53 − 1 the operation fails. */
function amountsAsNumbers(_name: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('an amount passes 2^53 − 1 minor units');
  return number;
}
