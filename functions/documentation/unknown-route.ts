import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problem } from '../runtime/problem.ts';

/** What a path or method that we do not have gets: a problem like every other error. */
export async function answerUnknownRoute(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { method, path } = event.requestContext.http;
  const detail = `There is no ${method} ${path}; GET /openapi.json lists what there is.`;
  return problem({ status: 404, code: 'not_found', detail }, event.requestContext.requestId);
}
