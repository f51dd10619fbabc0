import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { movedMoneySchema } from '../../kernel/money.ts';
import { pageSchema } from '../../kernel/page.ts';
import { referenceSchema } from '../../kernel/reference.ts';
import { defineRoute } from '../../runtime/route.ts';
import { listingQuery, wordsSchema } from '../movement-schemas.ts';
import { changedFreezeSchema, freezeSchema } from './hold-schemas.ts';

const freezeParams = z.object({ id: idSchema('hold') });
const partSchema = movedMoneySchema.optional().meta({ description: 'all that remains unless given' });

export const createFreezeRoute = defineRoute({
  method: 'POST',
  path: '/v1/freezes',
  summary: 'Freezes money of a member or institution account, so that nothing else spends it',
  callers: ['institution', 'operator'],
  body: z.strictObject({
    accountId: idSchema('acct'),
    amount: movedMoneySchema,
    reference: referenceSchema,
    reason: wordsSchema.optional(),
    expiresAt: z.iso
      .datetime({ offset: true, error: 'must be an RFC 3339 time, such as 2026-03-01T12:00:00Z' })
      .transform((text) => new Date(text))
      // an offset may lead past the year 9999, which no longer sorts as text
      .refine((time) => time.getUTCFullYear() <= 9999, 'must be before the year 10000')
      .optional()
      .meta({ description: 'when what remains is released by itself', example: '2026-03-01T12:00:00Z' }),
  }),
  answers: { 201: changedFreezeSchema },
});

export const listFreezesRoute = defineRoute({
  method: 'GET',
  path: '/v1/freezes',
  summary: 'Lists freezes of an institution or of one account, newest first',
  callers: ['institution', 'operator'],
  query: z.strictObject({ ...listingQuery, accountId: idSchema('acct').optional() }),
  answers: { 200: pageSchema(freezeSchema) },
});

export const getFreezeRoute = defineRoute({
  method: 'GET',
  path: '/v1/freezes/{id}',
  summary: 'Shows a freeze and what remains of it',
  callers: ['institution', 'operator'],
  params: freezeParams,
  answers: { 200: freezeSchema },
});

export const releaseFreezeRoute = defineRoute({
  method: 'POST',
  path: '/v1/freezes/{id}/release',
  summary: 'Releases all or part of what remains of a freeze to its account; each side releases only its own',
  callers: ['institution', 'operator'],
  params: freezeParams,
  body: z.strictObject({ amount: partSchema }),
  answers: { 200: changedFreezeSchema },
});

export const captureFreezeRoute = defineRoute({
  method: 'POST',
  path: '/v1/freezes/{id}/capture',
  summary: "Pays all or part of what remains of an institution's own freeze to another of its accounts",
  // an operator who pays money away by hand needs a second one; see docs/decisions
  callers: ['institution'],
  params: freezeParams,
  body: z.strictObject({
    toAccountId: idSchema('acct'),
    amount: partSchema,
    reference: referenceSchema
      .optional()
      .meta({ description: 'your own number of the capture; what makes it happen once is the Idempotency-Key' }),
    description: wordsSchema.optional(),
  }),
  answers: { 200: changedFreezeSchema },
});
