/** One POST to a receiver, on a connection of its own, over an address that was checked when it was connected to. */
import { type LookupAddress, lookup } from 'node:dns';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Attempt, AttemptError } from './delivery.ts';
import { hostOf, mayConnectTo } from './public-address.ts';
import type { ReceiverRules } from './receiver-rules.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answered = Omit<Attempt, 'at'>;

export type PostWebhook = (request: WebhookRequest) => Promise<Answered>;

/** From the look-up of the name to the status line. */
const patienceMs = 10_000;

/** Nobody reads an answer's body: as much as this is let through, so that a receiver sees its answer taken. */
const readBytes = 16 * 1024;

class ForbiddenAddress extends Error {}

/**
 * The status decides; a redirect is an answer like any other, and is not followed.
 *
 * @param elapsedMs a clock that only runs forwards
 */
export const webhookPoster =
  (rules: ReceiverRules, elapsedMs: () => number): PostWebhook =>
  async (request) => {
    const started = elapsedMs();
    const durationMs = () => Math.round(elapsedMs() - started);
    try {
      const statusCode = await statusOf(request, rules);
      const error = statusCode >= 200 && statusCode < 300 ? undefined : 'status';
      return { durationMs: durationMs(), statusCode, ...(error && { error }) };
    } catch (error) {
      return { durationMs: durationMs(), error: errorClass(error) };
    }
  };

function statusOf({ url: text, headers, body }: WebhookRequest, rules: ReceiverRules): Promise<number> {
  const url = new URL(text);
  const host = hostOf(url);
  // an address in place of a name is connected to without a look-up
  if (isIP(host) && !mayConnectTo(host, rules)) return Promise.reject(new ForbiddenAddress(host));
  if (url.protocol === 'http:' && !rules.onThisMachine) return Promise.reject(new ForbiddenAddress(text));
  const send = url.protocol === 'http:' ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const sent = send(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'fund-center-webhooks',
        ...headers,
      },
      // a connection that is kept would outlive the check of its address
      agent: false,
      lookup: checkedLookup(rules),
      signal: AbortSignal.timeout(patienceMs),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let read = 0;
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > readBytes) response.destroy();
      });
      response.on('error', () => undefined); // the status has been taken already
      resolve(response.statusCode ?? 0);
    });
    sent.end(body);
  });
}

/**
 * Looks a name up and hands over its addresses only when all may be connected to. It is the connection's own look-up, so a
 * name that leads elsewhere a moment later (DNS rebinding) gains nothing.
 */
const checkedLookup =
  (rules: ReceiverRules): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new Error(`${hostname} has no address`), '');
      const forbidden = addresses.find(({ address }) => !mayConnectTo(address, rules));
      if (forbidden) return callback(new ForbiddenAddress(forbidden.address), '');
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** Of TLS itself, and of certificates that nobody vouches for. */
const tlsCode = /^(ERR_(SSL|TLS)|CERT_|EPROTO$|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

const dnsCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);

function errorClass(error: unknown): AttemptError {
  if (error instanceof ForbiddenAddress) return 'forbidden_address';
  // Node's own errors say by name and code what they are
  const { name, code }: { name?: unknown; code?: unknown } = typeof error === 'object' && error !== null ? error : {};
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout';
  if (dnsCodes.has(String(code))) return 'dns';
  return tlsCode.test(String(code)) ? 'tls' : 'connection';
}
