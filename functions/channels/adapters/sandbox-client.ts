/** Signed calls of the sandbox: for its adapter, and for scripts and tests that use its control operations. */
import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { signatureHeaders, signRequest, verifyResponse } from '../../kernel/message-signature.ts';

export interface SandboxEndpoint {
  /** without a slash at the end */
  readonly baseUrl: string;
  readonly secret: () => Promise<string>;
  readonly clock: Clock;
  readonly newNonce: () => string;
  readonly timeoutMs: number;
}

/** Longer than a good answer ever takes, much shorter than API Gateway's 30 s for our own caller. */
export const channelTimeoutMs = 3_000;

export const sandboxEndpoint = (
  facts: Pick<SandboxEndpoint, 'baseUrl' | 'secret'> & { readonly timeoutMs?: number },
): SandboxEndpoint => ({
  clock: systemClock,
  newNonce: randomUUID,
  timeoutMs: channelTimeoutMs,
  ...facts,
});

/** `answered` is what the sandbox itself said, whatever its status; `unknown` is everything else. */
export type SandboxAnswer =
  | { readonly outcome: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly outcome: 'unknown'; readonly cause: string };

/**
 * Sends one signed POST, never a second one, and checks who answered.
 *
 * @param path such as `/v1/collections` or `/control/statements`
 * @throws Error where the secret can't be read: nothing was sent then.
 */
export async function callSandbox(endpoint: SandboxEndpoint, path: string, input: object): Promise<SandboxAnswer> {
  const { baseUrl, clock, newNonce, timeoutMs } = endpoint;
  const secret = await endpoint.secret();
  const body = JSON.stringify(input);
  const nonce = newNonce();
  const signature = signRequest(secret, { method: 'POST', path, body }, { sentAt: clock(), nonce });

  let status: number;
  let headers: Record<string, string | undefined>;
  let text: string;
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signature },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    headers = Object.fromEntries(
      Object.values(signatureHeaders).map((name) => [name, response.headers.get(name) ?? undefined]),
    );
    text = await response.text();
  } catch (error) {
    return { outcome: 'unknown', cause: transportCause(error) };
  }

  // what stands between us and the sandbox answers without its signature
  const verification = verifyResponse(secret, { status, body: text }, headers, { nonce, now: clock() });
  if (!verification.verified) {
    return { outcome: 'unknown', cause: `an answer of status ${status} without a good signature` };
  }
  try {
    return { outcome: 'answered', status, body: JSON.parse(text) };
  } catch {
    return { outcome: 'unknown', cause: 'an answer that is no JSON' };
  }
}

/** A short word for what went wrong on the way; the error's own text may hold what we sent. */
function transportCause(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code ? `the line is broken: ${code}` : 'the line is broken';
}
