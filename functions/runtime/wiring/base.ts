/**
 * The folder `wiring` is the only place that knows every adapter. Each file builds one context's dependencies from the
 * environment, once per cold start and only when first asked for; a handler's bundle holds just the files it imports.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { systemClock } from '../../kernel/clock.ts';
import type { Table } from '../../kernel/table.ts';
import { committer } from '../../kernel/write.ts';
import { environmentValue } from '../environment.ts';
import type { IdempotencyDependencies } from '../idempotency.ts';

/**
 * Calls `build` at the first use and keeps what it made. Mark each call as pure, as below: only then does a bundle drop
 * what its handler never uses.
 */
export function lazily<T>(build: () => T): () => T {
  let built: { value: T } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}

const dynamo = /* @__PURE__ */ lazily(() => new DynamoDBClient({}));

/** A context's table, by the environment variable that the stack sets for it. */
export const tableNamed = (variable: string): Table => ({ client: dynamo(), name: environmentValue(variable) });

const pause = { random: Math.random, sleepMs: sleep };

export const commitWrites = /* @__PURE__ */ lazily(() => committer(dynamo(), pause));

/** For the ledger, whose writers race for the ends of chains and look again when they lose. */
export const commitRacing = /* @__PURE__ */ lazily(() => committer(dynamo(), pause, 'answered'));

export const idempotencyDependencies = /* @__PURE__ */ lazily(
  (): IdempotencyDependencies => ({
    table: tableNamed('IDEMPOTENCY_TABLE'),
    clock: systemClock,
    newOperationId: () => ulid(),
    sleepMs: sleep,
  }),
);
