import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { webhookPoster } from '../../functions/webhooks/send-webhook.ts';

const here = { onThisMachine: true };
const elapsed = () => performance.now();
const post = webhookPoster(here, elapsed);

let servers: Server[] = [];

afterEach(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
});

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // it listens on a port
}

const requestTo = (url: string) => ({ url, headers: { 'webhook-id': 'evt_1' }, body: '{"type":"webhook.test"}' });

describe('a request to a receiver', () => {
  test('carries the body and its headers as they are', async () => {
    let seen: unknown;
    const port = await listen(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { 'webhook-id': id, 'content-type': type } = request.headers;
      seen = [request.method, request.url, id, type, Buffer.concat(chunks).toString()];
      response.writeHead(200).end();
    });
    expect(await post(requestTo(`http://127.0.0.1:${port}/hooks?a=b`))).toEqual({
      statusCode: 200,
      durationMs: expect.any(Number),
    });
    expect(seen).toEqual(['POST', '/hooks?a=b', 'evt_1', 'application/json', '{"type":"webhook.test"}']);
  });

  test('does not follow a redirect', async () => {
    let calls = 0;
    const port = await listen((_, response) => {
      calls += 1;
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    expect(await post(requestTo(`http://127.0.0.1:${port}/`))).toMatchObject({ statusCode: 302, error: 'status' });
    expect(calls).toBe(1);
  });

  test('takes the status of an answer that never ends, and does not read it to the end', async () => {
    let written = 0;
    const port = await listen((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => {
        written += 10_000;
        response.write('x'.repeat(10_000));
      }, 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await post(requestTo(`http://127.0.0.1:${port}/`))).toMatchObject({ statusCode: 200 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(written).toBeLessThan(1_000_000);
  });

  test('ends after ten seconds without an answer', async () => {
    const port = await listen(() => undefined);
    const { error, durationMs, statusCode } = await post(requestTo(`http://127.0.0.1:${port}/`));
    expect([error, statusCode]).toEqual(['timeout', undefined]);
    expect(Math.round(durationMs / 1000)).toBe(10);
  }, 20_000);

  test('says of what kind its failure was', async () => {
    expect(await post(requestTo('http://127.0.0.1:1/'))).toMatchObject({ error: 'connection' });
    const port = await listen((_, response) => response.end());
    expect(await post(requestTo(`https://127.0.0.1:${port}/`))).toMatchObject({ error: 'tls' });
    expect(await post(requestTo('https://no-such-host.invalid/'))).toMatchObject({ error: 'dns' });
  });

  test('never reaches an address that is not public, by number or by a name that leads there', async () => {
    let calls = 0;
    const port = await listen((_, response) => {
      calls += 1;
      response.end();
    });
    const onAws = webhookPoster({ onThisMachine: false }, elapsed);
    const urls = [
      `https://127.0.0.1:${port}/`,
      `https://localhost:${port}/`,
      `http://localhost:${port}/`,
      'https://[::1]/',
    ];
    for (const url of urls) expect(await onAws(requestTo(url))).toMatchObject({ error: 'forbidden_address' });
    expect(await post(requestTo('http://169.254.169.254/'))).toMatchObject({ error: 'forbidden_address' });
    expect(calls).toBe(0);
  });
});
