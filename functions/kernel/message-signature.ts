/**
 * Signed HTTP messages between two parties: by a secret that both have (HMAC-SHA256), or by a pair of RSA keys each
 * (RSASSA-PKCS1-v1_5 with SHA-256). A request's signature covers the time, a number used once, method, path and body; a
 * response's covers the request's number, its own time, status and body, so that neither can be altered, sent to another
 * place, or passed off as the answer to another request. A notice is what a company posts of its own accord: its number
 * names it for good, and its path is left out, since only its receiver knows what stands before it.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  timingSafeEqual,
  verify as verifyBytes,
} from 'node:crypto';

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

/** Proves who says something. */
export interface Signer {
  readonly sign: (text: string) => string;
}

/** Checks who said something, in a time that tells nothing of the right signature. */
export interface SignatureCheck {
  readonly isSignatureOf: (text: string, signature: string) => boolean;
}

/** Header names in lower case. */
type Headers = Readonly<Record<string, string | undefined>>;

export type Verification =
  | { readonly verified: true; readonly nonce: string }
  | { readonly verified: false; readonly reason: 'unsigned' | 'stale' | 'wrong_signature' };

/** A message may be this much older or newer than the reader's clock. */
export const allowedSkewSeconds = 300;

/** `v1=` and the HMAC in hex. @throws RangeError for an empty secret, which would sign for anybody. */
export function hmacKey(secret: string): Signer & SignatureCheck {
  if (secret === '') throw new RangeError('the secret that signs messages is empty');
  const sign = (text: string) => `v1=${createHmac('sha256', secret).update(text).digest('hex')}`;
  return { sign, isSignatureOf: (text, signature) => equalInConstantTime(signature, sign(text)) };
}

/** `rsa=` and the signature in base 64. @throws Error for a text that is no private key. */
export function rsaSigner(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== 'rsa') throw new RangeError('the key that signs messages is no RSA key');
  return { sign: (text) => `rsa=${signBytes('sha256', Buffer.from(text), key).toString('base64')}` };
}

/** @throws Error for a text that is no public key, or one of fewer than 2 048 bits. */
export function rsaCheck(publicKeyPem: string): SignatureCheck {
  const key = createPublicKey(publicKeyPem);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < 2_048) throw new RangeError('no RSA key of at least 2 048 bits');
  return {
    isSignatureOf: (text, signature) =>
      signature.startsWith('rsa=') &&
      verifyBytes('sha256', Buffer.from(text), key, Buffer.from(signature.slice('rsa='.length), 'base64')),
  };
}

/** The headers that sign a request. */
export const signRequest = (signer: Signer, request: SignableRequest, stamp: Stamp): Record<string, string> =>
  signed(signer, stamp, requestParts(request));

/** The headers that sign the response to the request with this stamp's nonce. */
export const signResponse = (signer: Signer, response: SignableResponse, stamp: Stamp): Record<string, string> =>
  signed(signer, stamp, responseParts(response));

/** The headers that sign a notice; its nonce is its number, the same however often it is sent. */
export const signNotice = (signer: Signer, body: string, stamp: Stamp): Record<string, string> =>
  signed(signer, stamp, noticeParts(body));

/** Whoever must not accept a request twice also remembers the nonce for twice the allowed skew. */
export const verifyRequest = (
  check: SignatureCheck,
  request: SignableRequest,
  headers: Headers,
  now: Date,
): Verification => verify(check, headers, now, requestParts(request));

/** @param nonce the request's own: an answer to another request is a wrong signature */
export const verifyResponse = (
  check: SignatureCheck,
  response: SignableResponse,
  headers: Headers,
  expected: { readonly nonce: string; readonly now: Date },
): Verification =>
  verify(check, { ...headers, [signatureHeaders.nonce]: expected.nonce }, expected.now, responseParts(response));

/** A notice may come again, late by no more than the allowed skew: whoever hears it remembers its nonce for good. */
export const verifyNotice = (check: SignatureCheck, body: string, headers: Headers, now: Date): Verification =>
  verify(check, headers, now, noticeParts(body));

/** Signs facts that travel in a form or a link. @throws RangeError for a fact with a line end, which could be another's. */
export const signFacts = (signer: Signer, what: string, facts: readonly string[]): string =>
  signer.sign(joined([what, ...facts]));

/** Whether {@link signFacts} of the other side made the signature. */
export const areSignedFacts = (
  check: SignatureCheck,
  what: string,
  facts: readonly string[],
  signature: string,
): boolean => facts.every((fact) => !fact.includes('\n')) && check.isSignatureOf(joined([what, ...facts]), signature);

const noncePattern = /^[A-Za-z0-9_-]{16,64}$/;
const timestampPattern = /^\d{1,12}$/;

/** What a kind of message is signed with, besides its stamp. */
interface Parts {
  readonly kind: 'request' | 'response' | 'notice';
  readonly facts: readonly string[];
}

const requestParts = ({ method, path, body }: SignableRequest): Parts => ({
  kind: 'request',
  facts: [method.toUpperCase(), path, digest(body)],
});

const responseParts = ({ status, body }: SignableResponse): Parts => ({
  kind: 'response',
  facts: [status.toString(), digest(body)],
});

const noticeParts = (body: string): Parts => ({ kind: 'notice', facts: [digest(body)] });

function verify(check: SignatureCheck, headers: Headers, now: Date, { kind, facts }: Parts): Verification {
  const timestamp = headers[signatureHeaders.timestamp] ?? '';
  const nonce = headers[signatureHeaders.nonce] ?? '';
  const signature = headers[signatureHeaders.signature] ?? '';
  if (!timestampPattern.test(timestamp) || !noncePattern.test(nonce) || signature === '') {
    return { verified: false, reason: 'unsigned' };
  }
  if (!areSignedFacts(check, kind, [timestamp, nonce, ...facts], signature)) {
    return { verified: false, reason: 'wrong_signature' };
  }
  const skewSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  return skewSeconds <= allowedSkewSeconds ? { verified: true, nonce } : { verified: false, reason: 'stale' };
}

function signed(signer: Signer, { sentAt, nonce }: Stamp, { kind, facts }: Parts): Record<string, string> {
  const timestamp = Math.floor(sentAt.getTime() / 1000).toString();
  return {
    [signatureHeaders.timestamp]: timestamp,
    [signatureHeaders.nonce]: nonce,
    [signatureHeaders.signature]: signFacts(signer, kind, [timestamp, nonce, ...facts]),
  };
}

/** One fact a line: with a line end inside, a fact could stand for two. */
function joined(facts: readonly string[]): string {
  if (facts.some((fact) => fact.includes('\n'))) throw new RangeError('a signed fact holds a line end');
  return facts.join('\n');
}

const digest = (body: string): string => createHash('sha256').update(body).digest('hex');

function equalInConstantTime(one: string, other: string): boolean {
  const left = Buffer.from(one);
  const right = Buffer.from(other);
  return left.length === right.length && timingSafeEqual(left, right);
}
