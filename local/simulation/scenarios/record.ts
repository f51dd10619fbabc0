/** What callers did and were told: all that the model knows. */
import type { RememberedAnswer } from '../../../functions/runtime/idempotency-store.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Request } from './request.ts';

export interface Told extends RememberedAnswer {
  readonly atMs: number;
}

/** One request of a caller, with all its repeats. */
export interface Operation extends Request {
  readonly number: number;
  readonly startedMs: number;
  /** RFC 3339, as the books write times */
  readonly startedAt: string;
  /** answers that reached the caller; none where all were lost */
  readonly told: Told[];
  /** one, unless something is wrong */
  readonly operationIds: Set<string>;
}

export interface Record {
  readonly operations: readonly Operation[];
  readonly begin: (request: Request) => Operation;
}

export function newRecord({ elapsedMs, now }: Pick<Scheduler, 'elapsedMs' | 'now'>): Record {
  const operations: Operation[] = [];
  return {
    operations,
    begin: (request) => {
      const operation: Operation = {
        ...request,
        number: operations.length + 1,
        startedMs: elapsedMs(),
        startedAt: now().toISOString(),
        told: [],
        operationIds: new Set(),
      };
      operations.push(operation);
      return operation;
    },
  };
}

/** `done` with its body; `refused` with its code; `unknown` where no answer was heard. */
export type Outcome =
  | { readonly outcome: 'done'; readonly status: number; readonly body: unknown }
  | { readonly outcome: 'refused'; readonly code: string }
  | { readonly outcome: 'unknown' };

export function outcomeOf({ told: [first] }: Operation): Outcome {
  if (!first) return { outcome: 'unknown' };
  const body: unknown = JSON.parse(first.body || 'null');
  if (first.status < 400) return { outcome: 'done', status: first.status, body };
  return { outcome: 'refused', code: String((body as { code?: unknown }).code) }; // as `serve` writes it
}
