/**
 * A route is data: method, path, who may call it and the zod schemas of what goes in and out. The handler, the API
 * stack and the OpenAPI document are all made from it, so they can't disagree.
 */
import type * as z from 'zod';
import type { RefusalCode } from './refusal-status.ts';

export type CallerKind = 'operator' | 'institution';

export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** as API Gateway writes it, such as `/v1/accounts/{id}` */
  readonly path: `/v1/${string}`;
  readonly summary: string;
  /** when to use it, and what follows from it */
  readonly description?: string;
  /** its own refusals, and when each is made; what any route may refuse is told of all of them */
  readonly refusals?: Partial<Readonly<Record<RefusalCode, string>>>;
  /** which kinds of caller may call it; a foreign institution's object is 404 within the use case */
  readonly callers: readonly [CallerKind, ...CallerKind[]];
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** the schema of each success status; null for an answer without a body */
  readonly answers: Readonly<Partial<Record<200 | 201 | 202 | 204 | 303, z.ZodType | null>>>;
  /** where a body may be larger than usual; in bytes */
  readonly maximumBodyBytes?: number;
  /** also answers CSV when asked by `Accept: text/csv` */
  readonly csv?: boolean;
  /**
   * What of the body takes part in the comparison of a repeated Idempotency-Key; everything unless given. A body with
   * card or identity numbers gives a version without them, since the fingerprint is stored.
   */
  readonly fingerprint?: (body: z.infer<Body>) => unknown;
  /** What of the answer is stored for replays; everything unless given. Strips a secret that is shown once. */
  readonly remember?: (answer: unknown) => unknown;
}

/** Keeps the schemas' types. Writes (POST, PUT, DELETE) need an Idempotency-Key. */
export const defineRoute = <
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(
  route: Route<Params, Query, Body>,
): Route<Params, Query, Body> => route;
