/** The OpenAPI 3.1 document, made from the same route definitions that parse the requests. */
import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { idempotencyKeyPattern } from '../runtime/idempotency-key.ts';
import { problemSchema } from '../runtime/problem.ts';
import { refusalStatus } from '../runtime/refusal-status.ts';
import type { Route } from '../runtime/route.ts';

export interface ApiFacts {
  readonly routes: readonly Route[];
  readonly serverUrl: string;
  readonly tokenUrl: string;
}

export function openApiDocument({ routes, serverUrl, tokenUrl }: ApiFacts) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Fund Center',
      version: '1',
      description:
        'Accounts, payments and daily reconciliation. Amounts are whole minor units; every write needs an ' +
        '`Idempotency-Key`; errors are RFC 9457 problems with a stable `code`. Bodies are JSON whatever their Content-Type says; keys are shared by all ' +
        'credentials of an institution.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: serverUrl }],
    security: [{ clientCredentials: [] }],
    paths,
    components: {
      securitySchemes: {
        clientCredentials: { type: 'oauth2', flows: { clientCredentials: { tokenUrl, scopes: {} } } },
      },
    },
  });
}

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

function operation(route: Route): ZodOpenApiOperationObject {
  const writes = route.method !== 'GET';
  const named = route.params !== undefined;
  const takesIds = /Id\b/.test([...shapeOf(route.body), ...shapeOf(route.query)].join(' '));
  return {
    summary: route.summary,
    description: [route.description, `For ${route.callers.join(' and ')} credentials.`].filter(Boolean).join(' '),
    operationId: operationId(route),
    tags: [route.path.split('/')[2] ?? 'other'],
    requestParams: {
      ...(route.params && { path: asObject(route.params) }),
      ...(route.query && { query: asObject(route.query) }),
    },
    ...(writes && {
      parameters: [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          description: 'yours, the same for each retry; kept seven days',
          schema: { type: 'string', pattern: idempotencyKeyPattern.source },
        },
      ],
    }),
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: withRefusals(route.refusals, {
      ...successes(route),
      '401': problemAnswer('No valid bearer token'),
      '403': problemAnswer('The caller may not do this'),
      '400': problemAnswer('A field of the request is wrong'),
      ...((named || takesIds) && {
        '404': problemAnswer('There is no such thing, or it belongs to another institution'),
      }),
      '500': problemAnswer('Something failed on our side; a write is repeated with the same Idempotency-Key'),
      ...(writes && { '503': problemAnswer('Too many requests for the same account; repeat it after Retry-After') }),
      ...(route.body && { '413': problemAnswer('The body has more than 64 KiB') }),
      ...(writes && {
        '409': problemAnswer('The state of things forbids it now, or the first request of this key still runs'),
        '422': problemAnswer('A rule of the business forbids it, or the key was used with another request'),
      }),
    }),
  };
}

type Responses = NonNullable<ZodOpenApiOperationObject['responses']>;

/** Each code of the route's own once, at its status. */
function withRefusals(refusals: Route['refusals'], responses: Responses): Responses {
  const told = new Map<string, string[]>();
  for (const [code, when] of Object.entries(refusals ?? {})) {
    const status = `${refusalStatus(code)}`;
    told.set(status, [...(told.get(status) ?? []), `- \`${code}\`: ${when}`]);
  }
  const own = [...told].map(([status, lines]) => {
    const general = responses[status as keyof Responses] as { description?: string } | undefined; // made above
    return [status, problemAnswer([general?.description ?? 'Refused', ...lines].join('\n'))];
  });
  return { ...responses, ...Object.fromEntries(own) };
}

function successes(route: Route): ZodOpenApiOperationObject['responses'] {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      {
        description: successOf[status] ?? 'Done',
        ...(schema && {
          content: {
            'application/json': { schema },
            ...(route.csv && { 'text/csv': { schema: { type: 'string' as const } } }),
          },
        }),
      },
    ]),
  );
}

const successOf: Record<string, string> = {
  '200': 'Done',
  '201': 'Made',
  '202': 'Accepted; it ends later',
  '204': 'Done; there is nothing to show',
  '303': 'The file waits at the Location, for 15 minutes; a GET from there needs no token',
};

/** Route definitions declare params and query as objects; the general type of a route can't say so. */
const asObject = (schema: z.ZodType) => schema as z.ZodObject;

/** Names of the fields of an object, or of all that it may be. */
function shapeOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => shapeOf(option as z.ZodType)); // of zod's own
  return schema && 'shape' in schema ? Object.keys(schema.shape as object) : []; // an object schema's fields
}

/** `GET /v1/accounts/{id}/entries` becomes `getAccountsIdEntries`. */
function operationId(route: Route): string {
  const words = route.path.replace('/v1', '').split(/[^A-Za-z0-9]+/);
  const capitalised = words.filter(Boolean).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return route.method.toLowerCase() + capitalised.join('');
}
