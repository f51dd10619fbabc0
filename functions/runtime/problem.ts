/** Errors over HTTP: RFC 9457 problem details with our stable `code`. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';

export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:fund-center:problem:insufficient_funds' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'stable; programs branch on this', example: 'insufficient_funds' }),
    requestId: z.string(),
    errors: z
      .array(z.object({ field: z.string().meta({ example: 'body.amount.amount' }), message: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
export type FieldErrors = Readonly<NonNullable<Problem['errors']>>;

export interface ProblemFacts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: FieldErrors;
  readonly headers?: Record<string, string>;
}

export function problem(facts: ProblemFacts, requestId: string): APIGatewayProxyStructuredResultV2 {
  const body: Problem = {
    type: `urn:fund-center:problem:${facts.code}`,
    title: titleOf(facts.code),
    status: facts.status,
    detail: facts.detail,
    code: facts.code,
    requestId,
    ...(facts.errors && { errors: [...facts.errors] }),
  };
  return {
    statusCode: facts.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...facts.headers },
    body: JSON.stringify(body),
  };
}

/** `insufficient_funds` reads as `Insufficient funds`. */
function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Which field of the request is wrong and why; `place` is `body`, `query` or `path`. */
export const fieldErrors = (place: string, error: z.ZodError): FieldErrors =>
  error.issues.map((issue) => ({ field: [place, ...issue.path].join('.'), message: issue.message }));
