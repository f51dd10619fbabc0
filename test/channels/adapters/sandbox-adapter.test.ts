import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { channelIdSchema } from '../../../functions/channels/catalogue.ts';
import { sandboxAdapter, sandboxEndpoint } from '../../../functions/channels/index.ts';
import { hmacKey, signatureHeaders, signResponse } from '../../../functions/kernel/message-signature.ts';
import { money } from '../../../functions/kernel/money.ts';

const secret = 'a secret of both sides';
const order = {
  channel: channelIdSchema.parse('sandbox-bank'),
  merchantNo: '1601959334',
  channelOrderNo: '01JZ8Q4T6M3V9X5B7N1K2R0C8D1',
  amount: money(10_000n, 'CNY'),
  agreementNo: 'AGREEMENT-SECRET',
  product: 'withholding' as const,
  callbackUrl: 'https://center.example/v1/channels/sandbox-bank/callbacks',
};
const unknown = { outcome: 'unknown', cause: expect.any(String) };

interface Behaviour {
  readonly status?: number;
  readonly body: string;
  readonly signedWith?: string;
  readonly signedBody?: string;
  readonly nonce?: string;
  readonly headers?: Record<string, string>;
  readonly delayMs?: number;
}

let server: Server | undefined;
let received: { path: string; body: string; headers: NodeJS.Dict<string | string[]> }[] = [];

/** A counterparty that answers in one way, over real HTTP. */
async function counterparty(behaviour: Behaviour): Promise<string> {
  received = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: Buffer.concat(parts).toString(), headers: request.headers });
      const { status = 200, body, signedWith = secret, signedBody = body } = behaviour;
      const nonce = behaviour.nonce ?? String(request.headers[signatureHeaders.nonce]);
      const signature = signResponse(hmacKey(signedWith), { status, body: signedBody }, { sentAt: new Date(), nonce });
      setTimeout(
        () => response.writeHead(status, { ...signature, ...behaviour.headers }).end(body),
        behaviour.delayMs ?? 0,
      );
    });
  });
  await new Promise<void>((ready) => server?.listen(0, 'localhost', ready));
  const address = server.address() as AddressInfo; // a server that listens on a port has one
  return `http://localhost:${address.port}`;
}

const adapterTo = async (behaviour: Behaviour) =>
  sandboxAdapter(
    sandboxEndpoint({ baseUrl: await counterparty(behaviour), secret: async () => secret, timeoutMs: 300 }),
  );

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const good = JSON.stringify({ outcome: 'succeeded', tradeNo: '4200', completedAt: '2026-11-22T10:15:30+08:00' });

describe('the sandbox adapter', () => {
  test('believes a signed answer', async () => {
    const adapter = await adapterTo({ body: good });
    expect(await adapter.collect(order)).toEqual({
      outcome: 'succeeded',
      channelTradeNo: '4200',
      completedAt: new Date('2026-11-22T02:15:30Z'),
    });
  });

  test('sends the amount in minor units and nothing that was not asked for', async () => {
    const adapter = await adapterTo({ body: good });
    await adapter.collect(order);
    expect(received.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/v1/collections', { ...order, amount: 10_000, currency: 'CNY' }],
    ]);
  });

  test.each<[string, Behaviour]>([
    ['an answer that somebody else signed', { body: good, signedWith: 'another secret' }],
    ['an answer that was altered on the way', { body: good, signedBody: '{"outcome":"refused"}' }],
    ['the answer to another request', { body: good, nonce: 'n-another-0123456789' }],
    ['an answer without a signature', { body: good, headers: { [signatureHeaders.signature]: '' } }],
    ['a signed fault', { body: good, status: 500 }],
    ['a signed complaint', { body: '{"error":"invalid_request"}', status: 400 }],
    ['a redirect', { body: good, status: 307, headers: { location: 'http://localhost:1/' } }],
    ['no JSON', { body: 'Bad Gateway' }],
    ['an empty body', { body: '' }],
    ['another outcome', { body: '{"outcome":"done"}' }],
    ['a success without a trade number', { body: '{"outcome":"succeeded","completedAt":"2026-11-22T10:15:30+08:00"}' }],
    ['a success without a time', { body: '{"outcome":"succeeded","tradeNo":"4200"}' }],
    ['a refusal with a sentence', { body: '{"outcome":"refused","reason":"Card 62…05","retryElsewhere":false}' }],
    ['a refusal that leaves open whether it is final', { body: '{"outcome":"refused","reason":"limit"}' }],
    ['not found, which is no answer to an order', { body: '{"outcome":"not_found"}' }],
    ['an answer that comes too late', { body: good, delayMs: 600 }],
  ])('knows nothing after %s, and asks once', async (_what, behaviour) => {
    const adapter = await adapterTo(behaviour);
    const answer = await adapter.collect(order);
    expect(answer).toEqual(unknown);
    expect(received).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toMatch(/AGREEMENT-SECRET|a secret of both sides|62…05/);
  });

  test('does not call at all without its secret', async () => {
    const baseUrl = await counterparty({ body: good });
    const unable = async () => {
      throw new Error('no access to the secret');
    };
    await expect(sandboxAdapter(sandboxEndpoint({ baseUrl, secret: unable })).collect(order)).rejects.toThrow('access');
    expect(received).toEqual([]);
  });
});
