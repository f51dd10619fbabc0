import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { pageQuery, pageSchema } from '../../kernel/page.ts';
import { defineRoute } from '../../runtime/route.ts';
import { differenceTypes } from '../difference-types.ts';
import { dateSchema } from '../run.ts';
import { reconciliationSchema, settlementReversalSchema } from '../schemas.ts';
import {
  bulkOutcomeSchema,
  caseSchema,
  commentSchema,
  newAttachmentAnswerSchema,
  newAttachmentSchema,
  newCommentSchema,
  proposalSchema,
  reasonSchema,
  severitySchema,
  suspenseSchema,
  wholeCaseSchema,
} from './case-schemas.ts';

const caseParams = z.object({ id: idSchema('diff') });

export const listCasesRoute = defineRoute({
  method: 'GET',
  path: '/v1/differences',
  summary: 'Lists differences over all days: those in suspense by their due time, or closed ones, newest first',
  callers: ['institution', 'operator'],
  query: z.object({
    limit: pageQuery.limit,
    cursor: pageQuery.cursor.refine(
      (place) => place === undefined || /^(case|closed)#/.test(place),
      'is no cursor of this list',
    ),
    status: z
      .enum(['open', 'proposed', 'resolved', 'reopening', 'superseded'])
      .optional()
      .meta({ description: 'left out: whatever is in suspense' }),
    type: z.enum(differenceTypes).optional(),
    channel: z.string().max(40).optional(),
    merchantNo: z.string().max(32).optional(),
    settlementAccountId: idSchema('acct').optional(),
    severity: severitySchema.optional(),
    overdue: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional(),
  }),
  answers: { 200: pageSchema(caseSchema) },
});

export const getCaseRoute = defineRoute({
  method: 'GET',
  path: '/v1/differences/{id}',
  summary: 'Shows a difference with its history, comments and attachments',
  callers: ['institution', 'operator'],
  params: caseParams,
  answers: { 200: wholeCaseSchema },
});

export const proposeResolutionRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/{id}/proposals',
  summary: 'Proposes how to resolve a difference; another operator approves it',
  callers: ['operator'],
  params: caseParams,
  body: proposalSchema,
  answers: { 201: caseSchema },
});

export const proposeResolutionsRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/bulk-proposals',
  summary: 'Proposes the same for up to a hundred differences, each with an approval and an outcome of its own',
  callers: ['operator'],
  body: proposalSchema
    .extend({
      ids: z
        .array(idSchema('diff'))
        .min(1)
        .max(100)
        .refine((ids) => new Set(ids).size === ids.length, 'names one twice'),
    })
    .meta({ id: 'BulkResolutionProposal' }),
  answers: { 200: bulkOutcomeSchema },
});

export const reopenCaseRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/{id}/reopen',
  summary: 'Proposes to take a resolution back; another operator approves it',
  callers: ['operator'],
  params: caseParams,
  body: z.strictObject({ reason: reasonSchema }),
  answers: { 201: caseSchema },
});

export const addCommentRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/{id}/comments',
  summary: 'Adds a comment to a difference',
  callers: ['institution', 'operator'],
  params: caseParams,
  body: newCommentSchema,
  answers: { 201: commentSchema },
});

export const addAttachmentRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/{id}/attachments',
  summary: 'Announces a paper of a difference and tells where to upload its bytes, 10 MiB at most',
  callers: ['institution', 'operator'],
  params: caseParams,
  body: newAttachmentSchema,
  answers: { 201: newAttachmentAnswerSchema },
});

export const getAttachmentRoute = defineRoute({
  method: 'GET',
  path: '/v1/differences/{id}/attachments/{attachmentId}',
  summary: 'Leads to the bytes of an attachment',
  callers: ['institution', 'operator'],
  params: caseParams.extend({ attachmentId: z.string().regex(/^[0-9A-Z]{26}$/) }),
  answers: { 303: null },
});

export const rerunReconciliationRoute = defineRoute({
  method: 'POST',
  path: '/v1/reconciliations/{id}/rerun',
  summary: 'Works on the file of a reconciliation again, as the next version of its day',
  callers: ['operator'],
  params: z.object({ id: idSchema('recon') }),
  answers: { 202: reconciliationSchema },
});

export const getProofRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}/proof',
  summary: 'Leads to the proof of a settled day: file, totals, differences and what became of each, postings',
  callers: ['institution', 'operator'],
  params: z.object({ id: idSchema('recon') }),
  answers: {
    303: null,
    200: z
      .looseObject({ settlementReversal: settlementReversalSchema })
      .meta({ id: 'ReversedProof', description: 'the proof as it was written, and first what became of it since' }),
  },
});

export const getSuspenseRoute = defineRoute({
  method: 'GET',
  path: '/v1/settlement-accounts/{id}/suspense',
  summary: 'Shows what went into suspense and out of it, by type and business day',
  callers: ['institution', 'operator'],
  params: z.object({ id: idSchema('acct') }),
  query: z.object({ from: dateSchema, to: dateSchema }).refine(({ from, to }) => from <= to, {
    path: ['to'],
    message: 'must not be before from',
  }),
  answers: { 200: suspenseSchema },
});
