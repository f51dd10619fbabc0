/**
 * Signed HTTP messages between two parties that share a secret. A request's signature covers the time, a number used
 * once, method, path and body; a response's covers the request's number, its own time, status and body, so that neither
 * can be altered, sent to another place, or passed off as the answer to another request.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const signatureHeaders = {
  timestamp: 'channel-timestamp',
  nonce: 'channel-nonce',
  signature: 'channel-signature',
} as const;

export interface SignableRequest {
  readonly method: string;
  /** from the API's root, such as `/v1/collections`: what stands before it differs between AWS and an emulator */
  readonly path: string;
  readonly body: string;
}

export interface SignableResponse {
  readonly status: number;
  readonly body: string;
}

export interface Stamp {
  readonly sentAt: Date;
  readonly nonce: string;
}

/** Header names in lower case. */
type Headers = Readonly<Record<string, string | undefined>>;

export type Verification =
  | { readonly verified: true; readonly nonce: string }
  | { readonly verified: false; readonly reason: 'unsigned' | 'stale' | 'wrong_signature' };

/** A message may be this much older or newer than the reader's clock. */
export const allowedSkewSeconds = 300;

/** The headers that sign a request. */
export function signRequest(secret: string, request: SignableRequest, stamp: Stamp): Record<string, string> {
  return signed(stamp, (timestamp) => requestSignature(secret, request, timestamp, stamp.nonce));
}

/** The headers that sign the response to the request with this stamp's nonce. */
export function signResponse(secret: string, response: SignableResponse, stamp: Stamp): Record<string, string> {
  return signed(stamp, (timestamp) => responseSignature(secret, response, timestamp, stamp.nonce));
}

/** Whoever must not accept a request twice also remembers the nonce for twice the allowed skew. */
export function verifyRequest(secret: string, request: SignableRequest, headers: Headers, now: Date): Verification {
  return verify(headers, now, (timestamp, nonce) => requestSignature(secret, request, timestamp, nonce));
}

/** @param nonce the request's own: an answer to another request is a wrong signature */
export function verifyResponse(
  secret: string,
  response: SignableResponse,
  headers: Headers,
  expected: { readonly nonce: string; readonly now: Date },
): Verification {
  return verify({ ...headers, [signatureHeaders.nonce]: expected.nonce }, expected.now, (timestamp, nonce) =>
    responseSignature(secret, response, timestamp, nonce),
  );
}

const noncePattern = /^[A-Za-z0-9_-]{16,64}$/;
const timestampPattern = /^\d{1,12}$/;

function verify(headers: Headers, now: Date, sign: (timestamp: string, nonce: string) => string): Verification {
  const timestamp = headers[signatureHeaders.timestamp] ?? '';
  const nonce = headers[signatureHeaders.nonce] ?? '';
  const signature = headers[signatureHeaders.signature] ?? '';
  if (!timestampPattern.test(timestamp) || !noncePattern.test(nonce) || signature === '') {
    return { verified: false, reason: 'unsigned' };
  }
  if (!equalInConstantTime(signature, sign(timestamp, nonce))) return { verified: false, reason: 'wrong_signature' };
  const skewSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  return skewSeconds <= allowedSkewSeconds ? { verified: true, nonce } : { verified: false, reason: 'stale' };
}

function signed({ sentAt, nonce }: Stamp, sign: (timestamp: string) => string): Record<string, string> {
  const timestamp = Math.floor(sentAt.getTime() / 1000).toString();
  return {
    [signatureHeaders.timestamp]: timestamp,
    [signatureHeaders.nonce]: nonce,
    [signatureHeaders.signature]: sign(timestamp),
  };
}

function requestSignature(secret: string, request: SignableRequest, timestamp: string, nonce: string): string {
  return hmac(secret, ['request', timestamp, nonce, request.method.toUpperCase(), request.path, digest(request.body)]);
}

function responseSignature(secret: string, response: SignableResponse, timestamp: string, nonce: string): string {
  return hmac(secret, ['response', timestamp, nonce, response.status.toString(), digest(response.body)]);
}

/** No part can hold a line end (a path is escaped, the others are checked or made here), so the join is unambiguous. */
function hmac(secret: string, parts: readonly string[]): string {
  // an empty key would sign for anybody
  if (secret === '') throw new Error('the secret that signs messages is empty');
  return `v1=${createHmac('sha256', secret).update(parts.join('\n')).digest('hex')}`;
}

const digest = (body: string): string => createHash('sha256').update(body).digest('hex');

function equalInConstantTime(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
