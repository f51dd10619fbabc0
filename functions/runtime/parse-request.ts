/** What comes in is unknown until its route's schemas have parsed it, once, at the door. */
import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import * as z from 'zod';
import { parseJsonBody, textErrors } from './json-body.ts';
import { type FieldErrors, fieldErrors, type ProblemFacts } from './problem.ts';
import type { Route } from './route.ts';

type ParsedRequest<Params, Query, Body> = { params: Params; query: Query; body: Body };

type Incoming = Pick<
  APIGatewayProxyEventV2WithLambdaAuthorizer<unknown>,
  'body' | 'isBase64Encoded' | 'pathParameters' | 'queryStringParameters'
>;

/** 64 KiB is many times the largest request that nearly any schema lets through; a route may say more. */
const usualBodyBytes = 64 * 1024;

const nothing = z.undefined();

/** Parses path, query and body; a single answer names every wrong field of them. */
export function parseRequest<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  route: Route<Params, Query, Body>,
  event: Incoming,
): ParsedRequest<z.infer<Params>, z.infer<Query>, z.infer<Body>> | ProblemFacts {
  const params = (route.params ?? nothing).safeParse(route.params ? (event.pathParameters ?? {}) : undefined);
  // a malformed id can't name anything: 404, exactly like one that names nothing
  if (!params.success) return { status: 404, code: 'not_found', detail: 'There is no such thing.' };

  const read = route.body ? readBody(event, route.maximumBodyBytes ?? usualBodyBytes) : { value: undefined };
  if ('problem' in read) return read.problem;

  const query = strict(route.query ?? z.object({})).safeParse(event.queryStringParameters ?? {});
  const body = (route.body ?? nothing).safeParse(read.value);
  if (!query.success || !body.success) {
    return invalid([
      ...(query.success ? [] : fieldErrors('query', query.error)),
      ...(body.success ? [] : fieldErrors('body', body.error)),
    ]);
  }
  // only now, since a schema bounds how deep a body goes
  const broken = textErrors(body.data, 'body');
  if (broken.length > 0) return invalid(broken);
  // the schemas' own output types; where there is no schema, nobody reads the part
  return {
    params: params.data as z.infer<Params>,
    query: query.data as z.infer<Query>,
    body: body.data as z.infer<Body>,
  };
}

/** A misspelt parameter is an error, not a list of everything. */
const strict = (schema: z.ZodType): z.ZodType => (schema instanceof z.ZodObject ? schema.strict() : schema);

function readBody(
  { body = '', isBase64Encoded }: Incoming,
  maximumBodyBytes: number,
): { value: unknown } | { problem: ProblemFacts } {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > maximumBodyBytes) {
    const detail = `A body may have at most ${maximumBodyBytes} bytes.`;
    return { problem: { status: 413, code: 'body_too_large', detail } };
  }
  try {
    return { value: parseJsonBody(bytes.toString('utf8')) };
  } catch {
    return { problem: invalid([{ field: 'body', message: 'is no JSON' }]) };
  }
}

const invalid = (errors: FieldErrors): ProblemFacts => {
  const detail = `The request is wrong at ${errors.map(({ field }) => field).join(', ')}.`;
  return { status: 400, code: 'invalid_request', detail, errors };
};
