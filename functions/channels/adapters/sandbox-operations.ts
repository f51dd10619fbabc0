/** The sandbox's operations for the center, in either dialect: orders out, definite answers back, all else `unknown`. */
import type * as z from 'zod';
import { signFacts } from '../../kernel/message-signature.ts';
import { moneyToJson } from '../../kernel/money.ts';
import {
  adapterWith,
  type ChannelAdapter,
  type ChannelOrderReference,
  type CollectOrder,
  type MerchantReference,
  type PayerAction,
  type PayoutOrder,
  type RefundOrder,
  type Unknown,
  type VerificationFacts,
  type VerificationReference,
} from '../channel-adapter.ts';
import * as answers from './sandbox-answers.ts';
import { unknown } from './sandbox-answers.ts';
import { parseSandboxCallback } from './sandbox-callback.ts';
import { exchange, type SandboxLine, type SigningKeys } from './sandbox-client.ts';
import type { Content, SandboxDialect } from './sandbox-dialect.ts';

/** The sandbox takes no larger batch. */
const maximumBatchLines = 200;

/** Nothing was sent, which is as good as a definite no. */
const noCredentials = { outcome: 'refused', reason: 'no_credentials', retryElsewhere: true } as const;
const notAsked = unknown('the merchant number has no credentials');

/** @throws (each operation) Error where keys can't be read, or are none: nothing was sent then */
export function sandboxOperations(line: SandboxLine, dialect: SandboxDialect): ChannelAdapter {
  const send = async <Answer extends z.ZodType>(
    keys: SigningKeys,
    path: string,
    content: MerchantReference & Content,
    schema: Answer,
  ): Promise<z.output<Answer> | Unknown> => {
    const { channel, merchantNo } = content;
    const body = await dialect.write('request', content);
    const message = { path, contentType: dialect.contentType, body, merchant: `${channel}/${merchantNo}` };
    const answer = await exchange(line, message, keys);
    if (answer.outcome === 'unknown') return answer;
    if (answer.status !== 200) return unknown(`an answer of status ${answer.status}`);
    const parsed = schema.safeParse(await dialect.read('response', answer.text));
    return parsed.success ? parsed.data : unknown('an answer that makes no sense');
  };

  /** Asks for something new, which a merchant number without a key does not get. */
  const order = async <Answer extends z.ZodType>(
    path: string,
    content: MerchantReference & Content,
    schema: Answer,
  ) => {
    const keys = await dialect.keysOf(content);
    return keys ? send(keys, path, content, schema) : noCredentials;
  };

  /** Asks about something that may be there already. */
  const ask = async <Answer extends z.ZodType>(path: string, content: MerchantReference & Content, schema: Answer) => {
    const keys = await dialect.keysOf(content);
    return keys ? send(keys, path, content, schema) : notAsked;
  };

  return adapterWith({
    bind: (request) =>
      order(
        '/v1/agreements',
        {
          ...requestContent(request),
          ...('card' in request
            ? { card: { ...request.card } }
            : { corporateAccount: { ...request.corporateAccount } }),
        },
        answers.bindAnswerSchema,
      ),
    confirmBinding: ({ code, ...request }) =>
      ask('/v1/agreements/confirm', { ...requestContent(request), code }, answers.bindAnswerSchema),
    verify: ({ facts, ...request }) =>
      order(
        '/v1/verifications',
        { ...requestContent(request), facts: factsContent(facts) },
        answers.verificationAnswerSchema,
      ),
    queryVerification: (request) =>
      ask('/v1/verifications/query', requestContent(request), answers.verificationQuerySchema),
    collect: async (placed) => {
      const keys = await dialect.keysOf(placed);
      if (!keys) return noCredentials;
      const answer = await send(keys, '/v1/collections', collectContent(placed), answers.collectAnswerSchema);
      if (answer.outcome !== 'awaiting_payer') return answer;
      const action = payerAction(placed, answer.awaits, () => redirect(line, dialect, keys, placed));
      return action ? { outcome: 'awaiting_payer', action } : unknown('an answer that makes no sense');
    },
    confirmCollect: ({ channel, merchantNo, channelOrderNo, code }) =>
      ask('/v1/collections/confirm', { channel, merchantNo, channelOrderNo, code }, answers.orderAnswerSchema),
    payout: (placed) =>
      order(
        '/v1/payouts',
        { ...orderContent(placed), product: 'payout', agreementNo: placed.agreementNo },
        answers.orderAnswerSchema,
      ),
    payoutBatch: async ({ channel, merchantNo, batchNo, callbackUrl, lines }) => {
      if (lines.length > maximumBatchLines) {
        return { outcome: 'refused', reason: 'batch_too_large', retryElsewhere: false };
      }
      const content = {
        channel,
        merchantNo,
        batchNo,
        callbackUrl,
        lines: lines.map(({ channelOrderNo, amount, agreementNo }) => ({
          channelOrderNo,
          ...moneyToJson(amount),
          agreementNo,
        })),
      };
      return order('/v1/payout-batches', content, answers.batchAnswerSchema);
    },
    refund: (placed) =>
      order('/v1/refunds', { ...orderContent(placed), original: originalOf(placed) }, answers.orderAnswerSchema),
    query: (reference) => ask('/v1/orders/query', referenceContent(reference), answers.queryAnswerSchema),
    cancel: (reference) => ask('/v1/orders/close', referenceContent(reference), answers.orderAnswerSchema),
    queryReserve: ({ channel, merchantNo }) =>
      ask('/v1/reserves/query', { channel, merchantNo }, answers.reserveAnswerSchema),
    parseCallback: (message) => parseSandboxCallback(dialect, message),
  });
}

/** @returns undefined where the sandbox awaits what an order of this product never does */
function payerAction(
  { product }: CollectOrder,
  awaits: 'code' | 'payer',
  redirectToCashier: () => PayerAction,
): PayerAction | undefined {
  if (product === 'quick_payment' && awaits === 'code') return { type: 'code' };
  const isEbanking = product === 'personal_ebanking' || product === 'corporate_ebanking';
  return isEbanking && awaits === 'payer' ? redirectToCashier() : undefined;
}

/** To the sandbox's cashier, with fields that the merchant's key has signed. */
function redirect(
  { baseUrl }: SandboxLine,
  { cashier }: SandboxDialect,
  { signer }: SigningKeys,
  { channel, merchantNo, channelOrderNo }: CollectOrder,
): PayerAction {
  const signature = signFacts(signer, 'cashier', [channel, merchantNo, channelOrderNo]);
  const fields = { channel, merchantNo, channelOrderNo, signature };
  const url = `${baseUrl}/cashier`;
  return cashier === 'POST'
    ? { type: 'redirect', method: 'POST', url, fields }
    : { type: 'redirect', method: 'GET', url: `${url}?${new URLSearchParams(fields)}` };
}

const requestContent = ({ channel, merchantNo, requestNo }: VerificationReference) => ({
  channel,
  merchantNo,
  requestNo,
});

const referenceContent = ({ channel, merchantNo, channelOrderNo }: Omit<ChannelOrderReference, 'kind'>) => ({
  channel,
  merchantNo,
  channelOrderNo,
});

const orderContent = (placed: CollectOrder | PayoutOrder | RefundOrder) => ({
  ...referenceContent(placed),
  ...moneyToJson(placed.amount),
  callbackUrl: placed.callbackUrl,
});

function collectContent(placed: CollectOrder) {
  const { product } = placed;
  if ('agreementNo' in placed) return { ...orderContent(placed), product, agreementNo: placed.agreementNo };
  const { bank, returnUrl, expiresAt } = placed;
  return { ...orderContent(placed), product, bank, returnUrl, expiresAt };
}

const originalOf = ({ original }: RefundOrder) => ({
  channelOrderNo: original.channelOrderNo,
  tradeNo: original.channelTradeNo,
});

const factsContent = (facts: VerificationFacts): Content =>
  facts.factors === 'enterprise'
    ? { factors: facts.factors, account: { ...facts.account }, transfer: { ...moneyToJson(facts.transfer) } }
    : { ...facts };
