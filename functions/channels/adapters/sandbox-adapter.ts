/** Speaks to the sandbox for the center: orders out, definite answers back, everything else `unknown`. */
import * as z from 'zod';
import { moneyToJson } from '../../kernel/money.ts';
import type {
  BindRequest,
  ChannelAdapter,
  ChannelOrder,
  ChannelOrderReference,
  Unknown,
  VerifyIdentityRequest,
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

const verificationAnswerSchema = z.union([z.object({ outcome: z.literal('succeeded') }), plainRefusedSchema]);

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

  return {
    bindCard: ({ channel, merchantNo, requestNo, card }: BindRequest) =>
      ask('/v1/agreements', { channel, merchantNo, requestNo, card }, bindAnswerSchema),
    verifyIdentity: ({ channel, merchantNo, requestNo, name, idNumber }: VerifyIdentityRequest) =>
      ask('/v1/identity-verifications', { channel, merchantNo, requestNo, name, idNumber }, verificationAnswerSchema),
    collect: (order) => ask('/v1/collections', orderBody(order), orderAnswerSchema),
    payout: (order) => ask('/v1/payouts', orderBody(order), orderAnswerSchema),
    query: (reference) => ask('/v1/orders/query', referenceBody(reference), queryAnswerSchema),
    cancel: (reference) => ask('/v1/orders/close', referenceBody(reference), orderAnswerSchema),
  };
}

const orderBody = (order: ChannelOrder) => ({
  ...referenceBody(order),
  ...moneyToJson(order.amount),
  agreementNo: order.agreementNo,
  product: order.product,
});

const referenceBody = ({ channel, merchantNo, channelOrderNo }: ChannelOrderReference) => ({
  channel,
  merchantNo,
  channelOrderNo,
});

const unknown = (cause: string): Unknown => ({ outcome: 'unknown', cause });
