/** What the sandbox answers and reports, in either dialect; what is not among it makes no sense to us. */
import * as z from 'zod';
import { currencySchema, money } from '../../kernel/money.ts';
import type { CallbackEvent, Unknown } from '../channel-adapter.ts';

export const unknown = (cause: string): Unknown => ({ outcome: 'unknown', cause });

/** A code, never a sentence, so that nothing which we sent can come back into our logs. */
const reasonSchema = z.string().regex(/^[a-z0-9_]{1,64}$/);
const tradeNoSchema = z.string().min(1).max(64);
const instantSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** XML knows texts only. */
const flagSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const succeededSchema = z
  .object({
    outcome: z.literal('succeeded'),
    tradeNo: tradeNoSchema,
    completedAt: instantSchema,
    amount: z.int().positive().optional(),
    currency: currencySchema.optional(),
  })
  .transform(({ outcome, tradeNo, completedAt, amount, currency }) => ({
    outcome,
    channelTradeNo: tradeNo,
    completedAt,
    ...(amount && currency && { amount: money(BigInt(amount), currency) }),
  }));

const refusedSchema = z
  .object({
    outcome: z.literal('refused'),
    reason: reasonSchema,
    retryElsewhere: flagSchema,
    tradeNo: tradeNoSchema.optional(),
  })
  .transform(({ tradeNo, ...refusal }) => (tradeNo === undefined ? refusal : { ...refusal, channelTradeNo: tradeNo }));

const processingSchema = z
  .object({ outcome: z.literal('processing') })
  .transform(() => unknown('the channel still processes it'));

const notFoundSchema = z.object({ outcome: z.literal('not_found') });

export const orderAnswerSchema = z.union([succeededSchema, refusedSchema, processingSchema]);

export const collectAnswerSchema = z.union([
  orderAnswerSchema,
  z.object({ outcome: z.literal('awaiting_payer'), awaits: z.enum(['code', 'payer']) }),
]);

export const queryAnswerSchema = z.union([
  orderAnswerSchema,
  notFoundSchema,
  z.object({ outcome: z.literal('awaiting_payer') }),
]);

export const batchAnswerSchema = z.union([
  z.object({ outcome: z.literal('accepted') }),
  refusedSchema,
  processingSchema,
]);

export const bindAnswerSchema = z.union([
  z.object({ outcome: z.literal('succeeded'), agreementNo: z.string().min(1).max(64) }),
  z.object({ outcome: z.literal('code_sent') }),
  z.object({ outcome: z.literal('refused'), reason: reasonSchema }),
  processingSchema,
]);

export const verificationAnswerSchema = z.union([
  z.object({ outcome: z.literal('succeeded') }),
  z.object({ outcome: z.literal('refused'), reason: reasonSchema, retryElsewhere: flagSchema }),
  processingSchema,
]);

export const verificationQuerySchema = z.union([verificationAnswerSchema, notFoundSchema]);

const moneyFields = { amount: z.int().positive(), currency: currencySchema };

export const reserveAnswerSchema = z.union([
  z
    .object({ outcome: z.literal('known'), ...moneyFields, amount: z.int().nonnegative() })
    .transform(({ outcome, amount, currency }) => ({ outcome, balance: money(BigInt(amount), currency) })),
  z.object({ outcome: z.literal('not_told') }),
]);

const orderNoSchema = z.string().regex(/^[A-Za-z0-9]{1,32}$/);

/** The merchant number stands in the notice, once for all its events. */
type Event = WithoutMerchant<CallbackEvent>;
type WithoutMerchant<Each> = Each extends CallbackEvent ? Omit<Each, 'merchantNo'> : never;

const orderEventSchema = z
  .looseObject({ kind: z.enum(['collection', 'payout', 'refund']), channelOrderNo: orderNoSchema })
  .transform(({ kind, channelOrderNo, ...facts }, context): Event => {
    const result = z.union([succeededSchema, refusedSchema]).safeParse(facts);
    if (result.success) return { kind, channelOrderNo, result: result.data };
    context.addIssue('tells nothing definite');
    return z.NEVER;
  });

const returnEventSchema = z
  .object({
    kind: z.literal('payout_return'),
    channelOrderNo: orderNoSchema,
    tradeNo: tradeNoSchema,
    ...moneyFields,
    returnedAt: instantSchema,
  })
  .transform(
    ({ kind, channelOrderNo, tradeNo, amount, currency, returnedAt }): Event => ({
      kind,
      channelOrderNo,
      channelTradeNo: tradeNo,
      amount: money(BigInt(amount), currency),
      returnedAt,
    }),
  );

export const noticeSchema = z.object({
  channel: z.string(),
  merchantNo: z.string(),
  messageNo: z.string(),
  events: z.array(z.union([orderEventSchema, returnEventSchema])).min(1),
});
