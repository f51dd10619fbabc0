import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import * as z from 'zod';
import { refuse } from '../../functions/kernel/refusal.ts';
import { created, noContent, ok } from '../../functions/runtime/answer.ts';
import { httpHandler } from '../../functions/runtime/http.ts';
import { defineRoute } from '../../functions/runtime/route.ts';

const tableName = `Idempotency-${process.pid}-${Date.now()}`;

beforeAll(async () => {
  process.env['IDEMPOTENCY_TABLE'] = tableName;
  await new DynamoDBClient({}).send(
    new CreateTableCommand({
      TableName: tableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});

const makeThing = defineRoute({
  method: 'POST',
  path: '/v1/things/{id}',
  summary: 'Make a thing',
  callers: ['institution'],
  params: z.object({ id: z.string().regex(/^t\d+$/) }),
  body: z.strictObject({ name: z.string().min(1), size: z.int() }),
  answers: { 201: z.object({ name: z.string(), made: z.int() }) },
});

const removeThing = defineRoute({
  method: 'DELETE',
  path: '/v1/things/{id}',
  summary: 'Remove a thing',
  callers: ['institution'],
  params: makeThing.params ?? z.never(),
  query: z.object({ version: z.coerce.number() }),
  answers: { 204: null },
});

let effects = 0;
const operations: string[] = [];
let beforeMaking: () => Promise<void> = async () => undefined;

const handler = httpHandler(makeThing, async ({ body, operationId }) => {
  operations.push(operationId);
  await beforeMaking();
  if (body.name === 'refused') return refuse('not_found', 'There is no such thing.');
  effects += 1;
  return created({ name: body.name, made: effects, secret: 'never shown' });
});

const remover = httpHandler(removeThing, async () => noContent());

type Event = APIGatewayProxyEventV2WithLambdaAuthorizer<unknown>;

const institution = { kind: 'institution', clientId: 'client-1', institutionId: 'inst_A' };

async function call(request: {
  readonly key?: string;
  readonly body?: unknown;
  readonly caller?: unknown;
  readonly id?: string;
  readonly query?: Record<string, string>;
  readonly handler?: (event: Event, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
}): Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Record<string, unknown> }> {
  const event = {
    requestContext: { requestId: 'request-1', authorizer: { lambda: request.caller ?? institution } },
    headers: request.key === undefined ? {} : { 'idempotency-key': request.key },
    pathParameters: { id: request.id ?? 't1' },
    queryStringParameters: request.query,
    body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body ?? { name: 'n', size: 1 }),
    isBase64Encoded: false,
  } as unknown as Event; // the fields that the stack reads
  const serve = request.handler ?? handler;
  const result = (await serve(event, {} as Context)) as APIGatewayProxyStructuredResultV2;
  return {
    status: result.statusCode,
    headers: result.headers ?? {},
    body: result.body ? JSON.parse(result.body) : {},
  };
}

let keys = 0;
const newKey = () => `key-${++keys}`;

describe('who may call', () => {
  test('a request that the authorizer could not place gets 401 with the reason, as a problem', async () => {
    const answer = await call({ caller: { kind: 'nobody', reason: 'the token has expired' } });
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      code: 'unauthenticated',
      detail: 'the token has expired',
      requestId: 'request-1',
    });
  });

  test('a context that our authorizer never writes is nobody', async () => {
    for (const caller of [undefined, null, {}, { kind: 'root' }, { kind: 'institution', clientId: 'x' }]) {
      expect((await call({ caller: caller ?? {} })).status).toBe(401);
    }
  });

  test('the wrong kind of caller gets 403', async () => {
    const answer = await call({ caller: { kind: 'operator', clientId: 'o' } });
    expect([answer.status, answer.body['code']]).toEqual([403, 'forbidden']);
  });
});

describe('what comes in', () => {
  test('every wrong field is named at once', async () => {
    const answer = await call({ key: newKey(), body: { name: '', size: 1.5, extra: true } });
    expect(answer.status).toBe(400);
    const fields = (answer.body['errors'] as { field: string }[]).map((error) => error.field);
    expect(fields).toEqual(['body.name', 'body.size', 'body']);
  });

  test.each(['', '{', 'null', '[]', '"x"', '{"name":"n","size":9007199254740993}'])(
    '%j is 400, never 500',
    async (body) => {
      expect((await call({ key: newKey(), body })).status).toBe(400);
    },
  );

  test.each(['1.5', '1.0', '1e0', '99.99999999999999999', '9007199254740993', '-0.0'])(
    'the number %s is refused at its place, not rounded',
    async (number) => {
      const answer = await call({ key: newKey(), body: `{"name":"n","size":${number}}` });
      expect([answer.status, answer.body['errors']]).toMatchObject([400, [{ field: 'body.size' }]]);
    },
  );

  test.each(['\\ud800', '\\u0000', 'a\\u202eb', 'a\ufffdb'])('the text %j is refused at its place', async (name) => {
    const answer = await call({ key: newKey(), body: `{"name":"${name}","size":1}` });
    expect([answer.status, answer.body['errors']]).toMatchObject([400, [{ field: 'body.name' }]]);
  });

  test('a body that looks like a problem is no problem', async () => {
    const answer = await call({ key: newKey(), body: { name: 'n', size: 1, problem: {}, status: 200 } });
    expect(answer.status).toBe(400);
  });

  test('a query parameter that the route does not know is refused by name', async () => {
    const answer = await call({ key: newKey(), query: { staus: 'failed' } });
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
  });

  test('an id that is none is 404, like one that names nothing', async () => {
    expect((await call({ key: newKey(), id: '../t1' })).status).toBe(404);
  });

  test.each([3_000, 30_000])('a body that goes %i levels deep is 400, never 500', async (levels) => {
    const deep = '['.repeat(levels) + ']'.repeat(levels);
    for (const body of [deep, `{"name":${deep},"size":1}`]) {
      expect((await call({ key: newKey(), body })).status).toBe(400);
    }
  });

  test('a body past 64 KiB is 413', async () => {
    expect((await call({ key: newKey(), body: { name: 'x'.repeat(70_000), size: 1 } })).status).toBe(413);
  });

  test('a write without a usable Idempotency-Key is 400 and names the header', async () => {
    for (const key of [undefined, '', 'with space', 'x'.repeat(129), '键']) {
      const answer = await call(key === undefined ? {} : { key });
      expect(answer.status).toBe(400);
      expect(answer.body['errors']).toMatchObject([{ field: 'headers.idempotency-key' }]);
    }
  });
});

describe('an Idempotency-Key', () => {
  test('gives a repeat the first answer, marked, without a second effect, whatever the order of its fields', async () => {
    const key = newKey();
    const first = await call({ key, body: { name: 'a', size: 1 } });
    const before = effects;
    const again = await call({ key, body: '{ "size": 1, "name": "a" }' });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(effects).toBe(before);
  });

  test('answers through the schema: what it does not name never leaves', async () => {
    expect((await call({ key: newKey() })).body).not.toHaveProperty('secret');
  });

  test('with another body, or for another object of the same path, is 422', async () => {
    const key = newKey();
    await call({ key });
    for (const other of [
      { key, body: { name: 'b', size: 1 } },
      { key, id: 't2' },
    ]) {
      expect((await call(other)).body['code']).toBe('idempotency_mismatch');
    }
  });

  test('with another version to delete is 422', async () => {
    const key = newKey();
    const remove = (version: string) => call({ key, handler: remover, query: { version } });
    expect((await remove('1')).status).toBe(204);
    expect((await remove('1')).headers['idempotency-replayed']).toBe('true');
    expect((await remove('2')).body['code']).toBe('idempotency_mismatch');
  });

  test('belongs to one institution: another may use the same key', async () => {
    const key = newKey();
    await call({ key });
    const other = await call({
      key,
      caller: { ...institution, institutionId: 'inst_B' },
      body: { name: 'b', size: 1 },
    });
    expect(other.status).toBe(201);
  });

  test('keeps a refusal: the key is burnt', async () => {
    const key = newKey();
    const body = { name: 'refused', size: 1 };
    const first = await call({ key, body });
    const again = await call({ key, body });
    expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([404, 404, 'true']);
  });

  test('that fails on our side is free again, and the retry goes on under the same operation', async () => {
    const key = newKey();
    beforeMaking = () => Promise.reject(new Error('the disk is on fire'));
    const failed = await call({ key });
    beforeMaking = async () => undefined;
    const retried = await call({ key });
    expect([failed.status, failed.body['code'], retried.status]).toEqual([500, 'internal_error', 201]);
    expect(JSON.stringify(failed.body)).not.toContain('fire');
    expect(operations.at(-1)).toBe(operations.at(-2));
  });

  test('lets fifty requests at once have one effect and one answer', async () => {
    const key = newKey();
    const before = effects;
    const answers = await Promise.all(Array.from({ length: 50 }, () => call({ key, body: { name: 'once', size: 1 } })));
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
    expect(effects).toBe(before + 1);
  });

  test('whose first request still runs after a while is 409 with a time to come back', async () => {
    const key = newKey();
    let finish: () => void = () => undefined;
    beforeMaking = () => new Promise((resolve) => (finish = resolve));
    const first = call({ key });
    await new Promise((resolve) => setTimeout(resolve, 100));
    beforeMaking = async () => undefined;
    const second = await call({ key });
    finish();
    expect([second.status, second.body['code'], second.headers['retry-after']]).toEqual([
      409,
      'idempotency_in_progress',
      '1',
    ]);
    expect((await first).status).toBe(201);
  });
});

test('a read needs no key', async () => {
  const read = httpHandler(
    defineRoute({
      method: 'GET',
      path: '/v1/things',
      summary: 'List',
      callers: ['operator'],
      answers: { 200: z.object({}) },
    }),
    async () => ok({}),
  );
  const event = {
    requestContext: { requestId: 'r', authorizer: { lambda: { kind: 'operator', clientId: 'o' } } },
    headers: {},
  } as unknown as Event; // the fields that the stack reads
  expect(await read(event, {} as Context)).toMatchObject({ statusCode: 200, body: '{}' });
});
