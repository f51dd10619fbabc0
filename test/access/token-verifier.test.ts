import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { tokenVerifier, type VerifyToken } from '../../functions/access/token-verifier.ts';
import { type KeyServer, newSigningKey, type SigningKey, serveKeys, sign } from './token-issuer.ts';

const userPoolId = 'eu-west-1_AbCdEf123';
const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  iss: `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`,
  token_use: 'access',
  client_id: 'client-1',
  sub: 'client-1',
  iat: now(),
  exp: now() + 3600,
});

let server: KeyServer;
let key: SigningKey;
let verify: VerifyToken;

beforeAll(async () => {
  server = await serveKeys();
});
afterAll(() => server.close());
beforeEach(() => {
  key = newSigningKey();
  server.setDown(false);
  server.publish([key]);
  verify = tokenVerifier({ userPoolId, jwksUrl: server.url });
});

const refusal = (reason: RegExp) => ({ accepted: false, reason: expect.stringMatching(reason) });

describe('a bearer token', () => {
  test('of our user pool tells the client id', async () => {
    expect(await verify(sign(claims(), key))).toEqual({ accepted: true, clientId: 'client-1' });
  });

  test('may have expired by as much as clocks differ, and no more', async () => {
    expect(await verify(sign({ ...claims(), exp: now() - 5 }, key))).toMatchObject({ accepted: true });
    expect(await verify(sign({ ...claims(), exp: now() - 120 }, key))).toEqual(refusal(/expired/));
  });

  test('that is an id token is refused', async () => {
    const { client_id: aud, ...others } = claims();
    expect(await verify(sign({ ...others, aud, token_use: 'id' }, key))).toEqual(refusal(/no access token/));
  });

  test('of another user pool is refused, although it is signed well', async () => {
    const iss = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other1234';
    expect(await verify(sign({ ...claims(), iss }, key))).toEqual(refusal(/somebody else/));
  });

  test('signed with another key under the same name is refused', async () => {
    expect(await verify(sign(claims(), newSigningKey(key.kid)))).toEqual(refusal(/signature/));
  });

  test('signed with a key that nobody published is refused', async () => {
    expect(await verify(sign(claims(), newSigningKey()))).toEqual(refusal(/none of ours/));
  });

  test('whose claims were changed after signing is refused', async () => {
    const [header, , signature] = sign(claims(), key).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims(), client_id: 'operator' })).toString('base64url');
    expect(await verify(`${header}.${forged}.${signature}`)).toEqual(refusal(/signature/));
  });

  test.each(['none', 'HS256'])('that claims the algorithm %s is refused', async (alg) => {
    expect(await verify(sign(claims(), key, alg))).toMatchObject({ accepted: false });
  });

  test.each(['', 'x', 'a.b', 'a.b.c', '....', 'eyJhbGciOiJSUzI1NiJ9..'])(
    'that reads %p is refused as malformed',
    async (token) => {
      expect(await verify(token)).toMatchObject({ accepted: false });
    },
  );

  test('is never quoted in the reason', async () => {
    const token = sign({ ...claims(), exp: now() - 120 }, key);
    const verified = await verify(token);
    expect(JSON.stringify(verified)).not.toContain(token.slice(0, 20));
  });
});

describe('the keys', () => {
  test('are fetched once for many tokens', async () => {
    const before = server.fetches();
    await Promise.all(Array.from({ length: 20 }, () => verify(sign(claims(), key))));
    expect(server.fetches() - before).toBe(1);
  });

  test('are fetched again when a token is signed with a newer one', async () => {
    await verify(sign(claims(), key));
    const newer = newSigningKey();
    server.publish([key, newer]);
    expect(await verify(sign(claims(), newer))).toMatchObject({ accepted: true });
  });

  test('that cannot be had are a fault and not a refusal, and the next token tries again', async () => {
    server.setDown(true);
    await expect(verify(sign(claims(), key))).rejects.toThrow(/503/);
    server.setDown(false);
    expect(await verify(sign(claims(), key))).toMatchObject({ accepted: true });
  });
});
