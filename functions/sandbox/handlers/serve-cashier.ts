/** The cashier, where payers pay by e-banking: what a browser sees, and therefore the one part that is no signed POST. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { decideOrder } from '../cashier/decide-order.ts';
import { decisionPage, messagePage } from '../cashier/page.ts';
import { areFieldsSigned, cashierFieldsSchema } from '../cashier/signed-link.ts';
import { hasExpired, type Order } from '../orders/order.ts';
import { findOrder } from '../orders/order-store.ts';
import { keyring, sandbox } from './dependencies.ts';
import { bodyOf } from './signed-operations.ts';

const decisionSchema = cashierFieldsSchema.extend({ decision: z.enum(['pay', 'refuse']) });

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const isDecision = event.rawPath.endsWith('/decide');
  const fields =
    event.requestContext.http.method === 'GET'
      ? event.queryStringParameters
      : Object.fromEntries(new URLSearchParams(bodyOf(event)));
  const asked = (isDecision ? decisionSchema : cashierFieldsSchema).safeParse(fields);
  if (!asked.success) return html(400, messagePage('This link is not complete.'));
  const { channel, merchantNo, channelOrderNo, signature } = asked.data;
  const link = { channel, merchantNo, channelOrderNo, signature };
  if (!(await areFieldsSigned(keyring(), link))) return html(403, messagePage('This link is not genuine.'));

  const reference = { channel, merchantNo, orderNo: channelOrderNo };
  const decision = 'decision' in asked.data ? decisionSchema.parse(asked.data).decision : undefined;
  const order = decision ? await decideOrder(sandbox(), reference, decision) : await findOrder(sandbox(), reference);
  if (order?.state === 'awaiting' && order.awaits === 'payer' && !hasExpired(order, sandbox().clock())) {
    return html(200, decisionPage(order, link));
  }
  return leave(order, channelOrderNo);
}

/** Sends the browser back to the merchant, to whom its coming proves nothing. */
function leave(order: Order | undefined, channelOrderNo: string): APIGatewayProxyStructuredResultV2 {
  const returnUrl = order && 'returnUrl' in order ? order.returnUrl : undefined;
  if (returnUrl === undefined) return html(404, messagePage('Nothing is to be paid here.'));
  const url = new URL(returnUrl);
  url.searchParams.set('channelOrderNo', channelOrderNo);
  return { statusCode: 303, headers: { location: url.href, 'cache-control': 'no-store' }, body: '' };
}

const html = (statusCode: number, body: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
  },
  body,
});
