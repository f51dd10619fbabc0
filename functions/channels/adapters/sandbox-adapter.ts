/** Speaks to the sandbox for the center: orders out, definite answers back, everything else `unknown`. */
import * as z from 'zod';
import { moneyToJson } from '../../kernel/money.ts';
import {
  adapterWith,
  type ChannelAdapter,
  type ChannelOrderReference,
  type CollectOrder,
  type PayoutOrder,
  type Unknown,
} from '../channel-adapter.ts';
import { callSandbox, type SandboxEndpoint } from './sandbox-client.ts';

/** A code, never a sentence, so that nothing which we sent can come back into our logs. */
const reasonSchema = z.string().regex(/^[a-z0-9_]{1,64}$/);

const refusedSchema = z
  .object({
    outcome: z.literal('refused'),
    reason: reasonSchema,
    retryElsewhere: z.boolean(),
    tradeNo: z.string().min(1).max(64).optional(),
  })
  .transform(({ tradeNo, ...refusal }) => (tradeNo === undefined ? refusal : { ...refusal, channelTradeNo: tradeNo }));

const processingSchema = z
  .object({ outcome: z.literal('processing') })
  .transform(() => unknown('the channel still processes the order'));

const orderAnswerSchema = z.union([
  z
    .object({
      outcome: z.literal('succeeded'),
      tradeNo: z.string().min(1).max(64),
      completedAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
    })
    .transform(({ outcome, tradeNo, completedAt }) => ({ outcome, channelTradeNo: tradeNo, completedAt })),
  refusedSchema,
  processingSchema,
]);

const queryAnswerSchema = z.union([orderAnswerSchema, z.object({ outcome: z.literal('not_found') })]);

const plainRefusedSchema = z.object({ outcome: z.literal('refused'), reason: reasonSchema });

const bindAnswerSchema = z.union([
  z.object({ outcome: z.literal('succeeded'), agreementNo: z.string().min(1).max(64) }),
  plainRefusedSchema,
]);

const verificationAnswerSchema = z.union([
  z.object({ outcome: z.literal('succeeded') }),
  plainRefusedSchema.transform((refusal) => ({ ...refusal, retryElsewhere: false })),
]);

export function sandboxAdapter(endpoint: SandboxEndpoint): ChannelAdapter {
  const ask = async <Answer extends z.ZodType>(
    path: string,
    input: object,
    schema: Answer,
  ): Promise<z.output<Answer> | Unknown> => {
    const answer = await callSandbox(endpoint, path, input);
    if (answer.outcome === 'unknown') return answer;
    if (answer.status !== 200) return unknown(`an answer of status ${answer.status}`);
    const parsed = schema.safeParse(answer.body);
    return parsed.success ? parsed.data : unknown('an answer that makes no sense');
  };

  return adapterWith({
    bind: async (request) =>
      'card' in request
        ? ask('/v1/agreements', request, bindAnswerSchema)
        : { outcome: 'refused', reason: 'not_offered' },
    verify: async ({ facts, ...reference }) => {
      if (facts.factors !== 'two') return { outcome: 'refused', reason: 'not_offered', retryElsewhere: true };
      const { name, idNumber } = facts;
      return ask('/v1/identity-verifications', { ...reference, name, idNumber }, verificationAnswerSchema);
    },
    collect: async (order) =>
      'agreementNo' in order
        ? ask('/v1/collections', orderBody(order, order.product), orderAnswerSchema)
        : { outcome: 'refused', reason: 'not_offered', retryElsewhere: true },
    payout: (order) => ask('/v1/payouts', orderBody(order, 'payout'), orderAnswerSchema),
    query: (reference) => ask('/v1/orders/query', referenceBody(reference), queryAnswerSchema),
    cancel: (reference) => ask('/v1/orders/close', referenceBody(reference), orderAnswerSchema),
  });
}

type AgreedOrder = PayoutOrder | Extract<CollectOrder, { agreementNo: string }>;

const orderBody = (order: AgreedOrder, product: string) => ({
  ...referenceBody(order),
  ...moneyToJson(order.amount),
  agreementNo: order.agreementNo,
  product,
});

const referenceBody = ({ channel, merchantNo, channelOrderNo }: Omit<ChannelOrderReference, 'kind'>) => ({
  channel,
  merchantNo,
  channelOrderNo,
});

const unknown = (cause: string): Unknown => ({ outcome: 'unknown', cause });
