/** Somebody who signs tokens as Cognito does, and publishes keys over HTTP. */
import { createPrivateKey, createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

export function newSigningKey(kid: string = randomUUID()): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } };
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function sign(claims: object, { kid, privateKey }: SigningKey, alg = 'RS256'): string {
  const text = `${encoded({ alg, kid })}.${encoded(claims)}`;
  const signature = createSign('RSA-SHA256')
    .update(text)
    .sign(createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  return `${text}.${signature.toString('base64url')}`;
}

export interface KeyServer {
  readonly url: string;
  publish(keys: readonly SigningKey[]): void;
  /** answers 503 while it is down */
  setDown(down: boolean): void;
  fetches(): number;
  close(): Promise<void>;
}

export async function serveKeys(): Promise<KeyServer> {
  let published: readonly SigningKey[] = [];
  let down = false;
  let fetches = 0;
  const server: Server = createServer((_, response) => {
    fetches += 1;
    response.statusCode = down ? 503 : 200;
    response.end(down ? '' : JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    publish: (keys) => {
      published = keys;
    },
    setDown: (isDown) => {
      down = isDown;
    },
    fetches: () => fetches,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
