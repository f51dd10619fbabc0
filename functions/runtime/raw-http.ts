/** The HTTP stack for those who have no token: what they send is handed on untouched, and proves itself or not. */
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { log } from './log.ts';
import { problem } from './problem.ts';
import { refusalStatus } from './refusal-status.ts';

export interface RawRequest {
  readonly params: Readonly<Record<string, string | undefined>>;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** UTF-8; what is none holds U+FFFD in its place, which no signature fits */
  readonly body: string;
  readonly requestId: string;
}

/** In the sender's own words. */
export interface RawAnswer {
  readonly contentType: string;
  readonly body: string;
}

type Result = APIGatewayProxyStructuredResultV2;

/** @param maximumBodyBytes API Gateway itself lets 10 MB through */
export function rawHandler(
  { maximumBodyBytes }: { readonly maximumBodyBytes: number },
  handle: (request: RawRequest) => Promise<RawAnswer | Refusal>,
) {
  const answer = async (event: APIGatewayProxyEventV2): Promise<Result> => {
    const { requestId } = event.requestContext;
    log.appendKeys({ requestId, route: event.routeKey });
    // text types come as they are, and all others in base64
    const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    if (bytes.byteLength > maximumBodyBytes) {
      const detail = `A body may have at most ${maximumBodyBytes} bytes.`;
      return problem({ status: 413, code: 'body_too_large', detail }, requestId);
    }
    const outcome = await handle({
      params: event.pathParameters ?? {},
      headers: event.headers,
      body: bytes.toString('utf8'),
      requestId,
    });
    if (isRefusal(outcome)) {
      const { refused: code, detail } = outcome;
      return problem({ status: refusalStatus(code), code, detail }, requestId);
    }
    const headers = { 'content-type': outcome.contentType, 'cache-control': 'no-store' };
    return { statusCode: 200, headers, body: outcome.body };
  };

  return middy<APIGatewayProxyEventV2, Result, Error, Context>()
    .before(() => log.resetKeys())
    .onError((request) => {
      const { requestId } = request.event.requestContext;
      log.error('the request failed', { requestId, error: request.error as Error });
      const detail = 'Something failed on our side and nothing is lost: send it again.';
      request.response = problem({ status: 500, code: 'internal_error', detail }, requestId);
    })
    .handler(answer);
}
