/** The adapter of {@link ReferenceChannel}: every operation there is, each in a few lines. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  adapterWith,
  type CallbackMessage,
  type CallbackResult,
  type ChannelAdapter,
  type Unknown,
} from '../../../functions/channels/index.ts';
import {
  hmacKey,
  signatureHeaders,
  signRequest,
  verifyNotice,
  verifyResponse,
} from '../../../functions/kernel/message-signature.ts';
import { currencySchema, money, moneyToJson } from '../../../functions/kernel/money.ts';
import { referenceSecret } from './reference-channel.ts';

const key = hmacKey(referenceSecret);
const unknown = (cause: string): Unknown => ({ outcome: 'unknown', cause });
const notOffered = { outcome: 'refused', reason: 'not_offered', retryElsewhere: true } as const;

const succeededSchema = z
  .object({ outcome: z.literal('succeeded'), tradeNo: z.string(), completedAt: z.iso.datetime() })
  .transform(({ outcome, tradeNo, completedAt }) => ({
    outcome,
    channelTradeNo: tradeNo,
    completedAt: new Date(completedAt),
  }));
const refusedSchema = z.object({ outcome: z.literal('refused'), reason: z.string(), retryElsewhere: z.boolean() });
const finalSchema = z.union([succeededSchema, refusedSchema]);
const notFoundSchema = z.object({ outcome: z.literal('not_found') });
const awaitingSchema = z
  .object({ outcome: z.enum(['awaiting_code', 'awaiting_page']) })
  .transform(() => ({ outcome: 'awaiting_payer' as const }));
const collectSchema = z.union([
  finalSchema,
  z.object({ outcome: z.literal('awaiting_code') }).transform(() => ({
    outcome: 'awaiting_payer' as const,
    action: { type: 'code' as const },
  })),
  z.object({ outcome: z.literal('awaiting_page') }).transform(() => ({
    outcome: 'awaiting_payer' as const,
    action: { type: 'redirect' as const, method: 'GET' as const, url: 'https://pay.example/page' },
  })),
]);
const bindSchema = z.union([
  z.object({ outcome: z.literal('succeeded'), agreementNo: z.string() }),
  z.object({ outcome: z.literal('code_sent') }),
  z.object({ outcome: z.literal('refused'), reason: z.string() }),
]);
const verdictSchema = z.union([z.object({ outcome: z.literal('succeeded') }), refusedSchema]);
const reserveSchema = z
  .object({ outcome: z.literal('known'), amount: z.int(), currency: currencySchema })
  .transform(({ outcome, amount, currency }) => ({ outcome, balance: money(BigInt(amount), currency) }));

export function referenceAdapter(
  baseUrl: string,
  { timeoutMs, believesAnybody = false }: { readonly timeoutMs: number; readonly believesAnybody?: boolean },
): ChannelAdapter {
  const ask = async <Schema extends z.ZodType>(
    path: string,
    input: object,
    schema: Schema,
  ): Promise<z.output<Schema> | Unknown> => {
    const body = JSON.stringify(input);
    const nonce = randomUUID();
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const headers = signRequest(key, { method: 'POST', path, body }, { sentAt: new Date(), nonce });
      const response = await fetch(baseUrl + path, { method: 'POST', headers, body, redirect: 'error', signal });
      const text = await response.text();
      const signature = Object.fromEntries(
        Object.values(signatureHeaders).map((name) => [name, response.headers.get(name) ?? '']),
      );
      const checked = verifyResponse(key, { status: response.status, body: text }, signature, {
        nonce,
        now: new Date(),
      });
      if ((!checked.verified && !believesAnybody) || response.status !== 200)
        return unknown('an answer that nobody signed');
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : unknown('an answer that makes no sense');
    } catch {
      return unknown('no answer');
    }
  };

  return adapterWith({
    bind: ({ requestNo, merchantNo }) => ask('/bindings', { requestNo, merchantNo }, bindSchema),
    confirmBinding: ({ requestNo, merchantNo, code }) =>
      ask('/binding-codes', { requestNo, merchantNo, code }, bindSchema),
    verify: async ({ facts, requestNo, merchantNo }) =>
      facts.factors === 'two'
        ? ask('/verifications', { requestNo, merchantNo, idNumber: facts.idNumber }, verdictSchema)
        : notOffered,
    queryVerification: ({ requestNo, merchantNo }) =>
      ask('/verdicts', { requestNo, merchantNo }, z.union([verdictSchema, notFoundSchema])),
    collect: async (order) =>
      order.product === 'corporate_ebanking'
        ? notOffered
        : ask(
            '/orders',
            bodyOf(order, { kind: 'collection', ...('bank' in order ? { bank: order.bank } : {}) }),
            collectSchema,
          ),
    confirmCollect: ({ merchantNo, channelOrderNo, code }) =>
      ask('/codes', { merchantNo, channelOrderNo, code }, finalSchema),
    payout: (order) => ask('/orders', bodyOf(order, { kind: 'payout' }), finalSchema),
    payoutBatch: ({ merchantNo, lines }) =>
      ask(
        '/batches',
        { merchantNo, lines: lines.map((line) => bodyOf({ ...line, merchantNo }, {})) },
        z.object({ outcome: z.literal('accepted') }),
      ),
    refund: (order) =>
      ask('/orders', bodyOf(order, { kind: 'refund', original: order.original.channelOrderNo }), finalSchema),
    query: ({ kind, merchantNo, channelOrderNo }) =>
      ask('/queries', { kind, merchantNo, channelOrderNo }, z.union([finalSchema, awaitingSchema, notFoundSchema])),
    cancel: ({ kind, merchantNo, channelOrderNo }) =>
      ask('/closures', { kind, merchantNo, channelOrderNo }, finalSchema),
    queryReserve: ({ merchantNo }) => ask('/reserve', { merchantNo }, reserveSchema),
    parseCallback: async (message) => parseReferenceCallback(message),
  });
}

type AnyOrder = {
  merchantNo: string;
  channelOrderNo: string;
  amount: Parameters<typeof moneyToJson>[0];
  agreementNo?: string;
};

const bodyOf = ({ merchantNo, channelOrderNo, amount, agreementNo }: AnyOrder, facts: object) => ({
  merchantNo,
  channelOrderNo,
  ...moneyToJson(amount),
  ...(agreementNo !== undefined && { agreementNo }),
  ...facts,
});

const noticeSchema = z.object({
  merchantNo: z.string(),
  channelOrderNo: z.string(),
  kind: z.enum(['collection', 'payout', 'refund']),
  result: finalSchema.optional(),
  returned: z.int().optional(),
});

function parseReferenceCallback({ headers, body, receivedAt }: CallbackMessage): CallbackResult {
  const check = verifyNotice(key, body, headers, receivedAt);
  if (!check.verified) return { outcome: 'rejected', reason: check.reason };
  const notice = noticeSchema.safeParse(safeJson(body)).data;
  if (!notice) return { outcome: 'rejected', reason: 'unreadable' };
  const { merchantNo, channelOrderNo, kind, result, returned } = notice;
  const of = { merchantNo, channelOrderNo };
  const returnOf = (amount: number) =>
    ({
      ...of,
      kind: 'payout_return',
      channelTradeNo: 'R1',
      amount: money(BigInt(amount), 'CNY'),
      returnedAt: receivedAt,
    }) as const;
  return {
    outcome: 'verified',
    messageId: check.nonce,
    events: [...(result ? [{ ...of, kind, result }] : []), ...(returned === undefined ? [] : [returnOf(returned)])],
    answer: { contentType: 'text/plain', body: 'OK' },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
