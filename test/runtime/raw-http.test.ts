import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { refuse } from '../../functions/kernel/refusal.ts';
import { type RawRequest, rawHandler } from '../../functions/runtime/raw-http.ts';

const event = (facts: Partial<APIGatewayProxyEventV2>) =>
  ({
    routeKey: 'POST /v1/channels/{channel}/callbacks',
    headers: {},
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1' },
    pathParameters: { channel: 'sandbox-bank' },
    ...facts,
    // what the handler looks at, and no more
  }) as unknown as APIGatewayProxyEventV2;

const call = (handle: (request: RawRequest) => ReturnType<Parameters<typeof rawHandler>[1]>, facts: object) =>
  rawHandler({ maximumBodyBytes: 10 }, handle)(event(facts), {} as Context); // a context that nobody looks at

const echo = async ({ body }: RawRequest) => ({ contentType: 'text/xml', body: `<${body}>` });

describe('what comes without a token', () => {
  test('is handed on as it is, and answered in the words that it gets', async () => {
    expect(await call(echo, { body: '{"a":1}' })).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/xml', 'cache-control': 'no-store' },
      body: '<{"a":1}>',
    });
  });

  test('in base64 is read as the text that it stands for', async () => {
    const body = Buffer.from('支付').toString('base64');
    expect(await call(echo, { body, isBase64Encoded: true })).toMatchObject({ body: '<支付>' });
  });

  test('may be as long as is allowed, counted in bytes, and no longer', async () => {
    expect(await call(echo, { body: 'x'.repeat(10) })).toMatchObject({ statusCode: 200 });
    expect(await call(echo, { body: 'x'.repeat(11) })).toMatchObject({ statusCode: 413 });
    expect(await call(echo, { body: '支'.repeat(4) })).toMatchObject({ statusCode: 413 });
    const body = Buffer.from('x'.repeat(11)).toString('base64');
    expect(await call(echo, { body, isBase64Encoded: true })).toMatchObject({ statusCode: 413 });
  });

  test('may be nothing at all', async () => {
    expect(await call(echo, {})).toMatchObject({ statusCode: 200, body: '<>' });
  });

  test('is refused with a problem, and a fault tells nothing of itself', async () => {
    const refused = await call(async () => refuse('callback_rejected', 'It proves nothing.'), { body: '' });
    expect(refused).toMatchObject({ statusCode: 401, headers: { 'content-type': 'application/problem+json' } });
    const failed = await call(
      async () => {
        throw new Error('the secret is 42');
      },
      { body: '' },
    );
    expect(failed).toMatchObject({ statusCode: 500 });
    expect(JSON.stringify(failed)).not.toContain('42');
  });
});
