import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { pageQuery, pageSchema } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import { batchStatuses } from './batch-status.ts';
import { differenceTypes } from './difference-types.ts';
import { carriedSchema, differenceSchema, reconciliationSchema, reportSchema } from './schemas.ts';
import { maximumTrialBytes, triedSchema, tryProfileSchema } from './try-profile-schemas.ts';

const reconciliationParams = z.object({ id: idSchema('recon') });

export const listReconciliationsRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations',
  summary: 'Lists reconciliations of statements, newest day first',
  description: 'One for each version of a statement that came, whatever became of it: to find what a file led to.',
  callers: ['institution', 'operator'],
  query: z.object({
    ...pageQuery,
    channel: z.string().max(40).optional(),
    merchantNo: z.string().max(32).optional(),
    date: z.iso.date('must be a calendar day, such as 2026-03-01').optional(),
    status: z.enum(batchStatuses).optional(),
  }),
  answers: { 200: pageSchema(reconciliationSchema) },
});

export const getReconciliationRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}',
  summary: 'Shows the reconciliation of one version of a statement',
  description:
    'Whose file it is, its lines and differences, what it settled and whether that still stands. Ask again while it is `running`.',
  refusals: {
    not_found: "there is no such reconciliation, or it is another institution's",
  },
  callers: ['institution', 'operator'],
  params: reconciliationParams,
  answers: { 200: reconciliationSchema },
});

export const listCarriedRoute = defineRoute({
  method: 'GET',
  path: '/v1/carried-items',
  summary: "Lists what waits for another day's statement, oldest first",
  description:
    "What one side has near the cut-off and the other has not (跨日挂账): no difference as long as another day's statement may bring it.",
  refusals: {
    not_found: "there is no such merchant number, or it is another institution's",
  },
  callers: ['institution', 'operator'],
  query: z.object({ channel: z.string().min(1).max(40), merchantNo: z.string().min(1).max(32) }),
  answers: { 200: pageSchema(carriedSchema) },
});

export const listDifferencesRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}/differences',
  summary: 'Lists the differences that a version of a statement shows',
  description:
    'What that version shows, at the lines of its own file; what is done about each is decided under `/v1/differences/{id}`.',
  refusals: {
    not_found: "there is no such reconciliation, or it is another institution's",
  },
  callers: ['institution', 'operator'],
  params: reconciliationParams,
  query: z.object({
    limit: pageQuery.limit,
    cursor: pageQuery.cursor.refine(
      (place) => place === undefined || idSchema('diff').safeParse(place).success,
      'is no cursor of this list',
    ),
    type: z.enum(differenceTypes).optional(),
  }),
  answers: { 200: pageSchema(differenceSchema) },
});

export const getReportRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}/report',
  summary: 'Shows funds and fees of both sides, differences by type, line errors and what was settled',
  description:
    'The day at a glance; line by line it stands in the four reports of `/report/{report}`. The first thousand line errors are shown.',
  refusals: {
    not_found: "there is no such reconciliation, or it is another institution's",
  },
  callers: ['institution', 'operator'],
  params: reconciliationParams,
  answers: { 200: reportSchema },
});

export const tryStatementProfileRoute = defineRoute({
  method: 'POST',
  path: '/v1/admin/statement-profiles:try',
  summary: 'Reads a sample by a statement profile that need not be put yet; nothing is stored',
  description:
    'Before a profile is put, or when a file was turned away: what each line of the sample is read as, what is wrong with others, and whether the control figures tie.',
  callers: ['operator'],
  body: tryProfileSchema,
  maximumBodyBytes: maximumTrialBytes,
  answers: { 200: triedSchema },
});
