/** Who is behind a bearer token. */
import type { Caller } from '../kernel/caller.ts';
import type { ClientRecord } from './client-store.ts';
import type { VerifyToken } from './token-verifier.ts';

export interface Recognition {
  readonly verifyToken: VerifyToken;
  /** operators that come with the deployment */
  readonly operatorClientIds: ReadonlySet<string>;
  readonly findClient: (clientId: string) => Promise<ClientRecord | undefined>;
}

export interface Nobody {
  readonly kind: 'nobody';
  /** in plain words for the caller */
  readonly reason: string;
}

const nobody = (reason: string): Nobody => ({ kind: 'nobody', reason });

/** RFC 6750 §2.1; the scheme's name is case-insensitive (RFC 9110 §11.1). */
const bearer = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** Nothing of a caller is remembered between requests, so that withdrawn credentials stop at once. 1 read unit. */
export async function recogniseCaller(recognition: Recognition, authorization?: string): Promise<Caller | Nobody> {
  if (authorization === undefined || authorization === '') return nobody('The request carries no bearer token.');
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) return nobody('The Authorization header holds no bearer token.');
  const verified = await recognition.verifyToken(token);
  if (!verified.accepted) return nobody(verified.reason);
  const { clientId } = verified;
  if (recognition.operatorClientIds.has(clientId)) return { kind: 'operator', clientId };
  const client = await recognition.findClient(clientId);
  if (!client) return nobody('These credentials are not registered here.');
  if (client.status !== 'active') return nobody('These credentials have been withdrawn.');
  return { kind: 'institution', clientId, institutionId: client.institutionId };
}
