/** The center's API as a business app calls it: a bearer token, JSON, an Idempotency-Key with every write. */
import { randomUUID } from 'node:crypto';
import type { Json } from './json.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** null where the answer has no body or is no JSON */
  readonly body: Json;
  readonly text: string;
}

export interface RequestOptions {
  /** the Idempotency-Key of a write; a new one unless given */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `manual` shows a redirect itself; it is followed unless given */
  readonly redirect?: 'manual';
}

export interface ApiClient {
  readonly get: (path: string, options?: RequestOptions) => Promise<Reply>;
  readonly post: (path: string, body?: unknown, options?: RequestOptions) => Promise<Reply>;
  readonly put: (path: string, body: unknown, options?: RequestOptions) => Promise<Reply>;
  readonly delete: (path: string, options?: RequestOptions) => Promise<Reply>;
}

interface Sent {
  readonly headers: object;
  readonly body?: unknown;
  readonly redirect?: 'manual' | 'follow' | undefined;
}

/** API Gateway itself gives up after 30 seconds. */
const patienceMs = 35_000;

/** @param token what goes behind `Bearer`; undefined for a caller without any */
export function apiClient(apiUrl: string, token: () => Promise<string | undefined>): ApiClient {
  const send = async (method: string, path: string, { headers, body, redirect = 'follow' }: Sent) => {
    const bearer = await token();
    const response = await fetch(apiUrl + path, {
      method,
      headers: { ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect,
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text), text };
  };
  const writeHeaders = ({ key = randomUUID(), headers }: RequestOptions) => ({
    'content-type': 'application/json',
    'idempotency-key': key,
    ...headers,
  });
  return {
    get: (path, { headers = {}, redirect } = {}) => send('GET', path, { headers, redirect }),
    post: (path, body, options = {}) => send('POST', path, { headers: writeHeaders(options), body }),
    put: (path, body, options = {}) => send('PUT', path, { headers: writeHeaders(options), body }),
    delete: (path, options = {}) => send('DELETE', path, { headers: writeHeaders(options) }),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json; // what JSON.parse makes is Json
  } catch {
    return null;
  }
}

/** The reply's body, when the call ended as it should. @throws Error that shows the whole answer otherwise. */
export function expectStatus(reply: Reply, ...statuses: readonly number[]): Json {
  if (!statuses.includes(reply.status)) throw new Error(`answered ${reply.status}: ${reply.text.slice(0, 500)}`);
  return reply.body;
}
