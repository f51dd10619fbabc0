import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  areSignedFacts,
  hmacKey,
  rsaCheck,
  rsaSigner,
  type SignatureCheck,
  type Signer,
  signatureHeaders,
  signFacts,
  signNotice,
  signRequest,
  signResponse,
  verifyNotice,
  verifyRequest,
  verifyResponse,
} from '../../functions/kernel/message-signature.ts';
import { samplePrivateKey, samplePublicKey } from './sample-keys.ts';

const secret = hmacKey('a secret of both sides');
const now = new Date('2026-11-22T02:15:30Z');
const nonce = 'n-0123456789abcdef';
const stamp = { sentAt: now, nonce };
const request = { method: 'POST', path: '/v1/collections', body: '{"amount":100}' };
const response = { status: 200, body: '{"outcome":"succeeded"}' };

describe('a signed request', () => {
  test('is verified as it was sent', () => {
    const headers = signRequest(secret, request, stamp);
    expect(verifyRequest(secret, request, headers, now)).toEqual({ verified: true, nonce });
  });

  test('has the signature that the other side computes from the documented parts', () => {
    // printf 'request\n1795313730\nn-0123456789abcdef\nPOST\n/v1/collections\n<sha256 of the body>' | openssl dgst -sha256 -hmac …
    expect(signRequest(secret, request, stamp)).toEqual({
      'channel-timestamp': '1795313730',
      'channel-nonce': nonce,
      'channel-signature': 'v1=de0892ffa2885a33bd9d6a17d81fcf84a604befa3cf13cb1c70c5577c43924c6',
    });
  });

  test.each([
    ['method', { ...request, method: 'PUT' }],
    ['path', { ...request, path: '/v1/payouts' }],
    ['body', { ...request, body: '{"amount":101}' }],
  ])('is turned away with another %s', (_part, altered) => {
    const headers = signRequest(secret, request, stamp);
    expect(verifyRequest(secret, altered, headers, now)).toEqual({ verified: false, reason: 'wrong_signature' });
  });

  test.each([
    ['time', { [signatureHeaders.timestamp]: '1795313731' }],
    ['nonce', { [signatureHeaders.nonce]: 'n-0123456789abcdeg' }],
    ['signature', { [signatureHeaders.signature]: `v1=${'0'.repeat(64)}` }],
    ['signature of another length', { [signatureHeaders.signature]: 'v1=00' }],
  ])('is turned away with another %s', (_part, altered) => {
    const headers = { ...signRequest(secret, request, stamp), ...altered };
    expect(verifyRequest(secret, request, headers, now)).toEqual({ verified: false, reason: 'wrong_signature' });
  });

  test('is turned away when another secret signed it', () => {
    const headers = signRequest(hmacKey('another secret'), request, stamp);
    expect(verifyRequest(secret, request, headers, now)).toMatchObject({ verified: false });
  });

  test.each([-301, 301])('is stale when the clocks are %d seconds apart', (seconds) => {
    const headers = signRequest(secret, request, stamp);
    const later = new Date(now.getTime() + seconds * 1000);
    expect(verifyRequest(secret, request, headers, later)).toEqual({ verified: false, reason: 'stale' });
  });

  test('is unsigned whatever else stands in its headers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.values(signatureHeaders)), fc.string()), (headers) => {
        expect(verifyRequest(secret, request, headers, now)).toMatchObject({ verified: false });
      }),
    );
  });

  test('cannot be made with an empty secret', () => {
    expect(() => hmacKey('')).toThrow('empty');
  });
});

describe('a signed response', () => {
  test('is verified by whoever sent the request', () => {
    const headers = signResponse(secret, response, stamp);
    expect(verifyResponse(secret, response, headers, { nonce, now })).toMatchObject({ verified: true });
  });

  test('is no answer to another request', () => {
    const headers = signResponse(secret, response, { sentAt: now, nonce: 'n-another-0123456789' });
    expect(verifyResponse(secret, response, headers, { nonce, now })).toMatchObject({ reason: 'wrong_signature' });
  });

  test.each([
    ['status', { ...response, status: 201 }],
    ['body', { ...response, body: '{"outcome":"refused"}' }],
  ])('is not believed with another %s', (_part, altered) => {
    const headers = signResponse(secret, response, stamp);
    expect(verifyResponse(secret, altered, headers, { nonce, now })).toMatchObject({ reason: 'wrong_signature' });
  });

  test('is never a signed request sent back', () => {
    const echo = { status: 200, body: request.body };
    const headers = signRequest(secret, request, stamp);
    expect(verifyResponse(secret, echo, headers, { nonce, now })).toMatchObject({ reason: 'wrong_signature' });
  });
});

const pairs: readonly [string, Signer, SignatureCheck][] = [
  ['HMAC', secret, secret],
  ['RSA', rsaSigner(samplePrivateKey), rsaCheck(samplePublicKey)],
];

describe.each(pairs)('by %s', (_name, signer, check) => {
  const notice = '{"messageNo":"1"}';

  test('a request is verified as it was sent, and with another body turned away', () => {
    const headers = signRequest(signer, request, stamp);
    expect(verifyRequest(check, request, headers, now)).toEqual({ verified: true, nonce });
    expect(verifyRequest(check, { ...request, body: '{}' }, headers, now)).toMatchObject({ reason: 'wrong_signature' });
  });

  test('a notice is verified as it was sent, and neither later, nor with another body, nor under another number', () => {
    const headers = signNotice(signer, notice, stamp);
    expect(verifyNotice(check, notice, headers, now)).toEqual({ verified: true, nonce });
    expect(verifyNotice(check, notice, headers, new Date(now.getTime() + 301_000))).toMatchObject({ reason: 'stale' });
    expect(verifyNotice(check, '{}', headers, now)).toMatchObject({ reason: 'wrong_signature' });
    const renumbered = { ...headers, [signatureHeaders.nonce]: 'n-another-0123456789' };
    expect(verifyNotice(check, notice, renumbered, now)).toMatchObject({ reason: 'wrong_signature' });
    expect(verifyNotice(check, notice, {}, now)).toMatchObject({ reason: 'unsigned' });
  });

  test('a response is never passed off as a notice', () => {
    const headers = signResponse(signer, { status: 200, body: notice }, stamp);
    expect(verifyNotice(check, notice, headers, now)).toMatchObject({ reason: 'wrong_signature' });
  });

  test('facts are signed one by one: none can swallow its neighbour', () => {
    const signature = signFacts(signer, 'cashier', ['a', 'b']);
    expect(areSignedFacts(check, 'cashier', ['a', 'b'], signature)).toBe(true);
    for (const facts of [['b', 'a'], ['ab'], ['a\nb'], ['a', 'b', ''], []]) {
      expect(areSignedFacts(check, 'cashier', facts, signature)).toBe(false);
    }
    expect(areSignedFacts(check, 'notice', ['a', 'b'], signature)).toBe(false);
    expect(() => signFacts(signer, 'cashier', ['a\nb'])).toThrow('line end');
  });

  test('nothing but the signature is a signature', () => {
    fc.assert(
      fc.property(fc.string(), (signature) => {
        expect(areSignedFacts(check, 'cashier', ['a'], signature)).toBe(false);
      }),
    );
  });
});

describe('an RSA key', () => {
  test('of others proves nothing', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const stranger = rsaCheck(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    expect(verifyRequest(stranger, request, signRequest(rsaSigner(samplePrivateKey), request, stamp), now)).toEqual({
      verified: false,
      reason: 'wrong_signature',
    });
  });

  test('is neither short nor of another kind', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey;
    const curve = generateKeyPairSync('ed25519');
    expect(() => rsaCheck(short.export({ type: 'spki', format: 'pem' }).toString())).toThrow('2 048');
    expect(() => rsaCheck(curve.publicKey.export({ type: 'spki', format: 'pem' }).toString())).toThrow('RSA');
    expect(() => rsaSigner(curve.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toThrow('RSA');
  });
});
