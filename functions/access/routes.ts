import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { pageSchema, pageWithin } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';

const approvalParams = z.object({ id: idSchema('appr') });
const institutionParams = z.object({ id: idSchema('inst') });

const statusSchema = z.enum(['proposed', 'approved', 'rejected']);

const approvalSchema = z
  .object({
    id: z.string().meta({ example: 'appr_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    kind: z.string().meta({ example: 'open_institution' }),
    subjectId: z.string().meta({ description: 'what is proposed' }),
    payload: z.record(z.string(), z.unknown()).meta({ description: 'what the proposer asked for' }),
    status: statusSchema,
    proposedBy: z.string().meta({ description: 'client id of an operator' }),
    proposedAt: z.string(),
    decidedBy: z.string().optional(),
    decidedAt: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Approval' });

export const listApprovalsRoute = defineRoute({
  method: 'GET',
  path: '/v1/approvals',
  summary: 'Lists approvals, newest first',
  callers: ['operator'],
  query: z.object({ ...pageWithin(/^appr_[0-9A-Z]{26}$/), status: statusSchema.optional() }),
  answers: { 200: pageSchema(approvalSchema) },
});

export const getApprovalRoute = defineRoute({
  method: 'GET',
  path: '/v1/approvals/{id}',
  summary: 'Shows an approval',
  callers: ['operator'],
  params: approvalParams,
  answers: { 200: approvalSchema },
});

export const approveRoute = defineRoute({
  method: 'POST',
  path: '/v1/approvals/{id}/approve',
  summary: 'Approves what another operator proposed; it happens at once',
  callers: ['operator'],
  params: approvalParams,
  answers: { 200: approvalSchema },
});

export const rejectRoute = defineRoute({
  method: 'POST',
  path: '/v1/approvals/{id}/reject',
  summary: 'Rejects what another operator proposed',
  callers: ['operator'],
  params: approvalParams,
  body: z.strictObject({ reason: z.string().trim().min(1).max(500).meta({ description: 'shown to the proposer' }) }),
  answers: { 200: approvalSchema },
});

const clientSchema = z
  .object({
    clientId: z.string(),
    institutionId: z.string(),
    name: z.string(),
    status: z.enum(['active', 'withdrawn']),
    createdAt: z.string(),
    createdBy: z.string(),
    withdrawnAt: z.string().optional(),
    withdrawnBy: z.string().optional(),
  })
  .meta({ id: 'InstitutionClient' });

const newClientSchema = clientSchema
  .extend({
    clientSecret: z.string().optional().meta({ description: 'shown once: a repeated request does not show it again' }),
    tokenUrl: z.string().meta({ description: 'where the credentials get access tokens' }),
  })
  .meta({ id: 'NewInstitutionClient' });

export const createClientRoute = defineRoute({
  method: 'POST',
  path: '/v1/institutions/{id}/clients',
  summary: "Issues credentials for an institution's business app; they work at once",
  callers: ['operator'],
  params: institutionParams,
  body: z.strictObject({ name: z.string().trim().min(1).max(100).optional().meta({ example: 'checkout' }) }).optional(),
  answers: { 201: newClientSchema },
  remember: (answer) => newClientSchema.omit({ clientSecret: true }).parse(answer),
});

export const listClientsRoute = defineRoute({
  method: 'GET',
  path: '/v1/institutions/{id}/clients',
  summary: "Lists an institution's credentials without their secrets",
  callers: ['operator'],
  params: institutionParams,
  query: z.object(pageWithin(/^[0-9A-Z]{26}$/)),
  answers: { 200: pageSchema(clientSchema) },
});

export const deleteClientRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/institutions/{id}/clients/{clientId}',
  summary: 'Withdraws credentials; they stop working at once',
  callers: ['operator'],
  params: institutionParams.extend({ clientId: z.string().regex(/^[A-Za-z0-9_+]{1,128}$/) }),
  answers: { 204: null },
});
