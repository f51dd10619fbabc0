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
  description: 'The work list: what is due first comes first.',
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
  description: 'Before anything is decided about it.',
  refusals: {
    not_found: "there is no such difference, or it is another institution's",
  },
  callers: ['institution', 'operator'],
  params: caseParams,
  answers: { 200: wholeCaseSchema },
});

export const proposeResolutionRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/{id}/proposals',
  summary: 'Proposes how to resolve a difference; another operator approves it',
  description:
    'Nothing moves before somebody else approves it by `POST /v1/approvals/{id}/approve`, where everything is checked again.',
  refusals: {
    not_found: "there is no such difference, or it is another institution's",
    case_not_open: 'it is proposed, resolved or superseded',
    statement_at_work: 'a version of its day is at work: wait for its end',
    resolution_not_allowed: 'the resolution is none for this type, or for these facts',
    not_offsetting: 'the two do not add up to nothing',
    account_not_found: "there is no such account, or it is another institution's",
    account_not_payable: 'the account is none that can be credited or debited by hand',
    currency_mismatch: 'the account is in another currency',
    not_repairable: 'the payment can not be corrected: `detail` says what to do instead',
  },
  callers: ['operator'],
  params: caseParams,
  body: proposalSchema,
  answers: { 201: caseSchema },
});

export const proposeResolutionsRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/bulk-proposals',
  summary: 'Proposes the same for up to a hundred differences, each with an approval and an outcome of its own',
  description: 'What is refused of one holds up none of the others: each item shows its own approval or refusal.',
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
  description:
    'After an error: once approved, the resolution is reversed, and with it the settlement of a day that had settled.',
  refusals: {
    not_found: "there is no such difference, or it is another institution's",
    not_reopenable: 'it is not resolved, or its payment was corrected',
    statement_at_work: 'a version of its day is at work: wait for its end',
  },
  callers: ['operator'],
  params: caseParams,
  body: z.strictObject({ reason: reasonSchema }),
  answers: { 201: caseSchema },
});

export const addCommentRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/{id}/comments',
  summary: 'Adds a comment to a difference',
  description: 'For whoever decides, and for the record: nothing is changed or removed later.',
  refusals: {
    not_found: "there is no such difference, or it is another institution's",
  },
  callers: ['institution', 'operator'],
  params: caseParams,
  body: newCommentSchema,
  answers: { 201: commentSchema },
});

export const addAttachmentRoute = defineRoute({
  method: 'POST',
  path: '/v1/differences/{id}/attachments',
  summary: 'Announces a paper of a difference and tells where to upload its bytes, 10 MiB at most',
  description: 'Put the bytes at the link that is answered; until then the attachment has none.',
  refusals: {
    not_found: "there is no such difference, or it is another institution's",
    too_many_attachments: 'it has as many as a case may have',
  },
  callers: ['institution', 'operator'],
  params: caseParams,
  body: newAttachmentSchema,
  answers: { 201: newAttachmentAnswerSchema },
});

export const getAttachmentRoute = defineRoute({
  method: 'GET',
  path: '/v1/differences/{id}/attachments/{attachmentId}',
  summary: 'Leads to the bytes of an attachment',
  description: 'The link holds for 15 minutes.',
  refusals: {
    not_found: "there is no such difference, or it is another institution's",
    attachment_missing: 'its bytes were never put',
  },
  callers: ['institution', 'operator'],
  params: caseParams.extend({ attachmentId: z.string().regex(/^[0-9A-Z]{26}$/) }),
  answers: { 303: null },
});

export const rerunReconciliationRoute = defineRoute({
  method: 'POST',
  path: '/v1/reconciliations/{id}/rerun',
  summary: 'Works on the file of a reconciliation again, as the next version of its day',
  description:
    'Where something beside the file has changed, such as a profile, a policy or a payment. With its last case resolved a day is worked on again by itself; so it is where another day withdraws what it has matched, where a channel tells of a settlement that may be one of its credits, and once the day is over where its file came before.',
  refusals: {
    not_found: 'there is no such reconciliation',
    not_newest_version: 'a newer version of the day has come',
    statement_at_work: 'it has not ended yet',
    reconciliation_cancelled: 'it was cancelled: start its file',
  },
  callers: ['operator'],
  params: z.object({ id: idSchema('recon') }),
  answers: { 202: reconciliationSchema },
});

export const getProofRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}/proof',
  summary: 'Leads to the proof of a settled day: file, totals, differences and what became of each, postings',
  description:
    'For auditors. Of a settlement that was taken back since, the document tells that first, with the posting and the version or case by which: then it is answered itself (200), or by a link (303) where it is large.',
  refusals: {
    not_found: "there is no such reconciliation, or it is another institution's",
    not_settled: 'it has settled nothing',
    file_too_long: 'the file takes longer than an answer may',
  },
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
  description:
    '挂账滚动: opening, what came in and went out by day, and the open cases, which add up to the closing balance.',
  refusals: {
    not_found: "there is no such settlement account, or it is another institution's",
    range_too_long: 'more days than an answer may hold',
  },
  callers: ['institution', 'operator'],
  params: z.object({ id: idSchema('acct') }),
  query: z.object({ from: dateSchema, to: dateSchema }).refine(({ from, to }) => from <= to, {
    path: ['to'],
    message: 'must not be before from',
  }),
  answers: { 200: suspenseSchema },
});
