/** What callers see of cases, and what they say about them. */
import * as z from 'zod';
import { severities } from '../../channels/index.ts';
import { idSchema } from '../../kernel/ids.ts';
import { currencySchema, moneySchema } from '../../kernel/money.ts';
import { suspenseTypes } from '../../ledger/index.ts';
import { differenceSchema } from '../schemas.ts';
import { maximumAttachmentBytes } from './attachments.ts';
import { caseEvents } from './case-states.ts';
import { channelAnswerStatuses } from './channel-answer.ts';
import { resolutionKinds, resolutionSchema } from './resolution.ts';

export const reasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .meta({ description: 'for the other operator and the record', example: 'the channel confirmed it by telephone' });

export const severitySchema = z.enum(severities);

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
  .meta({ description: 'SHA-256 of its bytes' });

export const proposalSchema = z
  .strictObject({ resolution: resolutionSchema, reason: reasonSchema })
  .meta({ id: 'ResolutionProposal' });

const channelAnswerSchema = z
  .object({
    status: z.enum(channelAnswerStatuses),
    askedAt: z.string().nullable(),
    amount: moneySchema.nullable().meta({ description: 'what it carried out, where it tells' }),
    channelReference: z.string().nullable(),
    detail: z
      .string()
      .nullable()
      .meta({ description: 'its code of a refusal, the cause of its silence, or why it was not asked' }),
  })
  .meta({ id: 'ChannelAnswer', description: 'what the channel said of a payment that its statement lacks' });

export const resolutionShownSchema = z
  .object({
    kind: z.enum(resolutionKinds),
    accountId: idSchema('acct').optional(),
    differenceId: idSchema('diff').optional(),
    hours: z.int().optional(),
    gross: moneySchema
      .optional()
      .meta({ description: 'what an account is credited with, or debited where it is below zero' }),
    fee: moneySchema.optional().meta({ description: "what the channel's fees are debited with" }),
    net: moneySchema.optional().meta({ description: 'gross − fee: what leaves suspense' }),
  })
  .meta({ id: 'DifferenceResolution' });

export const caseSchema = differenceSchema
  .extend({
    channel: z.string(),
    merchantNo: z.string(),
    date: z.string().meta({ description: 'the day of the statement', example: '2026-03-01' }),
    version: z.int().meta({ description: 'of the statement that found it; 0: the channel told before any statement' }),
    institutionId: idSchema('inst').nullable(),
    settlementAccountId: idSchema('acct'),
    severity: severitySchema.nullable().meta({ description: 'by its amount; one step more once it is overdue' }),
    dueAt: z.string().nullable(),
    overdue: z.boolean(),
    openedAt: z.string().nullable(),
    daysOpen: z
      .int()
      .nonnegative()
      .nullable()
      .meta({ description: '账龄: whole days until now, while it is in suspense' }),
    offered: z.array(z.enum(resolutionKinds)).meta({ description: 'what may be proposed, while it is in suspense' }),
    channelAnswer: channelAnswerSchema.nullable(),
    suggestion: z
      .enum(resolutionKinds)
      .nullable()
      .meta({ description: 'what the answer of the channel speaks for; people decide' }),
    approvalId: idSchema('appr').nullable().meta({ description: 'what waits for another operator' }),
    proposal: resolutionShownSchema.nullable(),
    resolution: z
      .object({ resolution: resolutionShownSchema, resolvedAt: z.string(), postingId: idSchema('post').nullable() })
      .nullable(),
  })
  .meta({ id: 'DifferenceCase' });

const commentSchema = z.object({ id: z.string(), by: z.string(), at: z.string(), text: z.string() });

export const attachmentSchema = z
  .object({
    id: z.string(),
    by: z.string(),
    at: z.string(),
    fileName: z.string(),
    contentType: z.string(),
    size: z.int(),
    sha256: z.string(),
  })
  .meta({ id: 'CaseAttachment' });

export const wholeCaseSchema = caseSchema
  .extend({
    history: z.array(
      z.object({
        event: z.enum(caseEvents),
        at: z.string(),
        by: z.string().nullable().meta({ description: 'client id of an operator' }),
        reason: z.string().nullable(),
        approvalId: z.string().nullable(),
        policy: z.object({ id: z.string(), version: z.int() }).nullable(),
        resolution: resolutionShownSchema.nullable(),
        postingId: z.string().nullable(),
        version: z.int().nullable().meta({ description: 'of the statement that led to it' }),
      }),
    ),
    comments: z.array(commentSchema).meta({ description: 'the newest 200, newest first' }),
    attachments: z.array(
      attachmentSchema.extend({
        uploaded: z.boolean().meta({ description: 'whether its bytes have come; the link for them lasts 15 minutes' }),
      }),
    ),
  })
  .meta({ id: 'DifferenceCaseWithHistory' });

export { commentSchema };

export const newCommentSchema = z.strictObject({ text: z.string().trim().min(1).max(2_000) });

export const newAttachmentSchema = z.strictObject({
  fileName: z
    .string()
    .trim()
    .min(1)
    .max(120)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    .regex(/^[^\u0000-\u001f\u007f/\\]+$/, 'must be a file name without a folder')
    .meta({ example: 'confirmation.pdf' }),
  contentType: z
    .string()
    .regex(/^[a-z]+\/[a-z0-9.+-]{1,80}$/, 'must be a media type')
    .meta({ example: 'application/pdf' }),
  size: z.int().min(1).max(maximumAttachmentBytes).meta({ description: 'bytes' }),
  sha256: sha256Schema,
});

export const newAttachmentAnswerSchema = attachmentSchema
  .extend({
    upload: z.object({
      method: z.literal('PUT'),
      url: z.string(),
      headers: z.record(z.string(), z.string()).meta({ description: 'to be sent along' }),
      expiresAt: z.string(),
    }),
  })
  .meta({ id: 'NewCaseAttachment' });

export const bulkOutcomeSchema = z
  .object({
    items: z.array(
      z.object({
        id: idSchema('diff'),
        status: z.string().nullable(),
        approvalId: z.string().nullable(),
        refused: z.object({ code: z.string(), detail: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'BulkProposalOutcomes' });

export const suspenseSchema = z
  .object({
    settlementAccountId: idSchema('acct'),
    currency: currencySchema,
    types: z.array(
      z.object({
        type: z.enum(suspenseTypes),
        accountId: idSchema('acct'),
        opening: moneySchema,
        closing: moneySchema,
        days: z.array(
          z.object({
            date: z.string(),
            opening: moneySchema,
            new: moneySchema.meta({ description: 'of differences that were found' }),
            takenBack: moneySchema.meta({
              description: 'of differences that are open once more, since a resolution was taken back',
            }),
            cleared: moneySchema,
            closing: moneySchema.meta({ description: 'opening + new + takenBack − cleared' }),
          }),
        ),
        openCases: z.object({ count: z.int(), amount: moneySchema }).meta({ description: 'at this moment' }),
      }),
    ),
  })
  .meta({ id: 'SuspenseRollForward', description: '挂账滚动表, on the normal side of each suspense account' });
