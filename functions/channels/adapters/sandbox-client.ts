/** Signed calls of the sandbox: for its adapters, and for scripts and tests that use its control operations. */
import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import {
  hmacKey,
  type SignatureCheck,
  type Signer,
  signatureHeaders,
  signRequest,
  verifyResponse,
} from '../../kernel/message-signature.ts';

/** The line to the sandbox, whoever speaks on it. */
export interface SandboxLine {
  /** without a slash at the end */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly newNonce: () => string;
  readonly timeoutMs: number;
}

export interface SandboxEndpoint extends SandboxLine {
  /** of all merchants of the JSON dialect that have none of their own, and of the control side */
  readonly secret: () => Promise<string>;
}

/** Longer than a good answer ever takes, much shorter than API Gateway's 30 s for our own caller. */
export const channelTimeoutMs = 3_000;

export const sandboxLine = (facts: Pick<SandboxLine, 'baseUrl'> & Partial<SandboxLine>): SandboxLine => ({
  clock: systemClock,
  newNonce: randomUUID,
  timeoutMs: channelTimeoutMs,
  ...facts,
});

export const sandboxEndpoint = ({
  secret,
  ...line
}: Pick<SandboxEndpoint, 'baseUrl' | 'secret'> & { readonly timeoutMs?: number }): SandboxEndpoint => ({
  ...sandboxLine(line),
  secret,
});

/** `answered` is what the sandbox itself said, whatever its status; `unknown` is everything else. */
export type SandboxAnswer =
  | { readonly outcome: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly outcome: 'unknown'; readonly cause: string };

/** With what two sides prove to each other who they are. */
export interface SigningKeys {
  readonly signer: Signer;
  readonly check: SignatureCheck;
}

/** The header that names whose key has signed: `<channel>/<merchant number>`. */
export const merchantHeader = 'channel-merchant';

/**
 * Sends one signed POST to the control side, never a second one, and checks who answered.
 *
 * @param path such as `/control/statements`
 * @throws Error where the secret can't be read: nothing was sent then.
 */
export async function callSandbox(endpoint: SandboxEndpoint, path: string, input: object): Promise<SandboxAnswer> {
  const key = hmacKey(await endpoint.secret());
  const message = { path, contentType: 'application/json', body: JSON.stringify(input) };
  const answer = await exchange(endpoint, message, { signer: key, check: key });
  if (answer.outcome === 'unknown') return answer;
  try {
    return { outcome: 'answered', status: answer.status, body: JSON.parse(answer.text) };
  } catch {
    return { outcome: 'unknown', cause: 'an answer that is no JSON' };
  }
}

export interface SignedMessage {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
  /** absent on the control side */
  readonly merchant?: string;
}

/** Sends one signed POST, never a second one, and checks who answered. */
export async function exchange(
  { baseUrl, clock, newNonce, timeoutMs }: SandboxLine,
  { path, contentType, body, merchant }: SignedMessage,
  { signer, check }: SigningKeys,
): Promise<{ readonly outcome: 'answered'; readonly status: number; readonly text: string } | Unanswered> {
  const nonce = newNonce();
  const signature = signRequest(signer, { method: 'POST', path, body }, { sentAt: clock(), nonce });

  let status: number;
  let headers: Record<string, string | undefined>;
  let text: string;
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': contentType, ...(merchant && { [merchantHeader]: merchant }), ...signature },
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
  const verification = verifyResponse(check, { status, body: text }, headers, { nonce, now: clock() });
  if (!verification.verified) {
    return { outcome: 'unknown', cause: `an answer of status ${status} without a good signature` };
  }
  return { outcome: 'answered', status, text };
}

type Unanswered = Extract<SandboxAnswer, { outcome: 'unknown' }>;

/** A short word for what went wrong on the way; the error's own text may hold what we sent. */
function transportCause(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code ? `the line is broken: ${code}` : 'the line is broken';
}
