/**
 * The HTTP stack, the same for every route: recognise the caller, parse what came in, run once per Idempotency-Key,
 * answer in JSON or as a problem. A handler adds one use case.
 */
import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type * as z from 'zod';
import type { Caller } from '../kernel/caller.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { RacesLost } from '../kernel/write.ts';
import type { Answer } from './answer.ts';
import { callerFrom } from './authorizer-context.ts';
import { once } from './idempotency.ts';
import { idempotencyKeySchema } from './idempotency-key.ts';
import type { RememberedAnswer } from './idempotency-store.ts';
import { log } from './log.ts';
import { parseRequest } from './parse-request.ts';
import { fieldErrors, type ProblemFacts, problem } from './problem.ts';
import { refusalStatus } from './refusal-status.ts';
import type { Route } from './route.ts';
import { idempotencyDependencies } from './wiring/base.ts';

export interface HttpRequest<Params, Query, Body> {
  readonly caller: Caller;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** a ULID, stable over retries of one Idempotency-Key; ids of what a write makes follow from it */
  readonly operationId: string;
  readonly requestId: string;
  /** whether `Accept: text/csv` asks for a file */
  readonly wantsCsv: boolean;
}

type HttpEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<unknown>;
type HttpResult = APIGatewayProxyStructuredResultV2;

export function httpHandler<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  route: Route<Params, Query, Body>,
  handle: (request: HttpRequest<z.infer<Params>, z.infer<Query>, z.infer<Body>>) => Promise<Answer | Refusal>,
) {
  const answer = async (event: HttpEvent): Promise<HttpResult> => {
    const requestId = event.requestContext.requestId;
    const refuse = (facts: ProblemFacts) => problem(facts, requestId);

    const caller = callerFrom(event.requestContext.authorizer?.lambda);
    if (caller.kind === 'nobody') {
      const headers = { 'www-authenticate': 'Bearer realm="fund-center"' };
      return refuse({ status: 401, code: 'unauthenticated', detail: caller.reason, headers });
    }
    log.appendKeys({ requestId, clientId: caller.clientId, route: `${route.method} ${route.path}` });
    if (!route.callers.includes(caller.kind)) {
      const detail = `This route is for ${route.callers.join(' or ')} credentials.`;
      return refuse({ status: 403, code: 'forbidden', detail });
    }

    const input = parseRequest(route, event);
    if ('status' in input) return refuse(input);

    const perform = async (operationId: string): Promise<HttpResult> => {
      const wantsCsv = route.csv === true && (event.headers['accept'] ?? '').includes('text/csv');
      const outcome = await handle({ ...input, caller, operationId, requestId, wantsCsv });
      return isRefusal(outcome)
        ? refuse({
            status: refusalStatus(outcome.refused),
            code: outcome.refused,
            detail: outcome.detail,
            ...(outcome.errors && { errors: outcome.errors }),
          })
        : success(route, outcome);
    };
    if (route.method === 'GET') return perform(requestId);

    const key = idempotencyKeySchema.safeParse(event.headers['idempotency-key']);
    if (!key.success) {
      const errors = fieldErrors('headers.idempotency-key', key.error);
      return refuse({
        status: 400,
        code: 'invalid_request',
        detail: 'The Idempotency-Key is missing or malformed.',
        errors,
      });
    }
    const result = await once(idempotencyDependencies(), {
      scope: {
        caller: caller.kind === 'institution' ? caller.institutionId : caller.clientId,
        action: `${route.method} ${route.path}`,
        key: key.data,
      },
      input: [
        input.params ?? null,
        route.fingerprint ? route.fingerprint(input.body) : (input.body ?? null),
        // such as the version that a deletion is meant for
        ...(route.query ? [input.query] : []),
      ],
      act: async (operationId) => asRemembered(await perform(operationId)),
      ...(route.remember && { remembered: (full: RememberedAnswer) => trimmed(full, route.remember) }),
    });
    switch (result.outcome) {
      case 'running': {
        const detail = 'The first request with this Idempotency-Key still runs; ask again shortly.';
        return refuse({ status: 409, code: 'idempotency_in_progress', detail, headers: { 'retry-after': '1' } });
      }
      case 'mismatch': {
        const detail = 'This Idempotency-Key was used with another request; a new request needs a new key.';
        return refuse({ status: 422, code: 'idempotency_mismatch', detail });
      }
      case 'first':
        return fromRemembered(result.answer, {});
      case 'replay':
        return fromRemembered(result.answer, { 'idempotency-replayed': 'true' });
    }
  };

  return middy<HttpEvent, HttpResult, Error, Context>()
    .before(() => log.resetKeys())
    .onError((request) => {
      const requestId = request.event.requestContext.requestId;
      if (request.error instanceof RacesLost) {
        log.warn('the request lost every race', { requestId, error: request.error });
        const headers = { 'retry-after': '1' };
        const detail = 'Too many requests are changing the same account at this moment. Nothing was done: repeat it.';
        request.response = problem({ status: 503, code: 'busy', detail, headers }, requestId);
        return;
      }
      log.error('the request failed', { requestId, error: request.error as Error });
      const detail =
        'Something failed on our side and nothing is lost: repeat it, a write with the same Idempotency-Key.';
      request.response = problem({ status: 500, code: 'internal_error', detail }, requestId);
    })
    .handler(answer);
}

/** Answers leave through their schema, so that nothing unnamed slips out. */
function success(route: Route, answer: Answer): HttpResult {
  const headers = { 'cache-control': 'no-store', ...answer.headers };
  if (typeof answer.body === 'string') return { statusCode: answer.status, headers, body: answer.body };
  const schema = route.answers[answer.status];
  if (schema === undefined) throw new Error(`${route.method} ${route.path} declares no answer ${answer.status}`);
  if (schema === null) return { statusCode: answer.status, headers };
  return {
    statusCode: answer.status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(schema.parse(answer.body)),
  };
}

const asRemembered = (result: HttpResult): RememberedAnswer => ({
  status: result.statusCode ?? 200,
  body: result.body,
});

function fromRemembered(answer: RememberedAnswer, headers: Record<string, string>): HttpResult {
  const type = answer.status >= 400 ? 'application/problem+json' : 'application/json';
  return {
    statusCode: answer.status,
    headers: { 'cache-control': 'no-store', ...(answer.body && { 'content-type': type }), ...headers },
    ...(answer.body && { body: answer.body }),
  };
}

function trimmed(full: RememberedAnswer, remember: Route['remember']): RememberedAnswer {
  if (!remember || !full.body || full.status >= 400) return full;
  return { status: full.status, body: JSON.stringify(remember(JSON.parse(full.body))) };
}
