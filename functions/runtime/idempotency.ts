/** Exactly once over HTTP: one effect and one answer per `Idempotency-Key`, whoever repeats it and however often. */
import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import {
  claimKey,
  type IdempotencyScope,
  type RememberedAnswer,
  releaseKey,
  rememberAnswer,
} from './idempotency-store.ts';

export interface IdempotencyDependencies {
  readonly table: Table;
  readonly clock: Clock;
  readonly newOperationId: () => string;
  readonly sleepMs: (milliseconds: number) => Promise<unknown>;
}

export type Once =
  | { readonly outcome: 'first' | 'replay'; readonly answer: RememberedAnswer }
  | { readonly outcome: 'running' | 'mismatch' };

/** While the first request runs, its repeats wait this long for the answer before they are told to come back. */
const patienceMs = 8_000;
/** between the first two looks; each later one waits half as long again, up to a second */
const firstGlanceMs = 100;
const longestGlanceMs = 1_000;

/**
 * Runs `act` for the first request of a key and keeps its answer; a repeat gets that answer.
 *
 * `act` receives the operation id, which is the same when a later request takes over from one that died: what it makes
 * carries ids that follow from it, and what it finds made it leaves as it is. An exception frees the key for a retry.
 */
export async function once(
  { table, clock, newOperationId, sleepMs }: IdempotencyDependencies,
  request: {
    readonly scope: IdempotencyScope;
    readonly input: unknown;
    readonly act: (operationId: string) => Promise<RememberedAnswer>;
    /** what is kept for replays, where that is less than what is answered */
    readonly remembered?: (answer: RememberedAnswer) => RememberedAnswer;
  },
): Promise<Once> {
  const fingerprint = createHash('sha256').update(JSON.stringify(request.input)).digest('hex');
  const started = clock().getTime();
  for (let glanceMs = firstGlanceMs; ; glanceMs = Math.min(glanceMs * 1.5, longestGlanceMs)) {
    const now = clock().getTime();
    const claim = await claimKey(table, request.scope, { fingerprint, operationId: newOperationId(), now });
    switch (claim.outcome) {
      case 'replay':
        return { outcome: 'replay', answer: claim.answer };
      case 'mismatch':
        return { outcome: 'mismatch' };
      case 'running':
        if (now - started >= patienceMs) return { outcome: 'running' };
        await sleepMs(glanceMs);
        break;
      case 'claimed': {
        let answer: RememberedAnswer;
        try {
          answer = await request.act(claim.operationId);
        } catch (error) {
          await releaseKey(table, request.scope, claim.leaseUntil);
          throw error;
        }
        const kept = request.remembered?.(answer) ?? answer;
        await rememberAnswer(table, request.scope, { leaseUntil: claim.leaseUntil, answer: kept });
        return { outcome: 'first', answer };
      }
    }
  }
}
