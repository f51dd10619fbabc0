import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { movedMoneySchema } from '../../kernel/money.ts';
import { pageSchema } from '../../kernel/page.ts';
import { referenceSchema } from '../../kernel/reference.ts';
import { defineRoute } from '../../runtime/route.ts';
import { listingQuery, wordsSchema } from '../movement-schemas.ts';
import {
  batchBodySchema,
  batchSchema,
  madeTransferSchema,
  shownTransferSchema,
  transferBodySchema,
  transferSchema,
} from './transfer-schemas.ts';

const transferParams = z.object({ id: idSchema('post') });

export const createTransferRoute = defineRoute({
  method: 'POST',
  path: '/v1/transfers',
  summary: 'Moves money between two accounts of the institution; as a dry run tells what would happen',
  callers: ['institution'],
  body: transferBodySchema,
  answers: { 200: madeTransferSchema, 201: madeTransferSchema },
});

export const createTransferBatchRoute = defineRoute({
  method: 'POST',
  path: '/v1/transfer-batches',
  summary: 'Makes up to 20 transfers: all or nothing (201), or item by item with an outcome each (200)',
  callers: ['institution'],
  body: batchBodySchema,
  answers: { 200: batchSchema, 201: batchSchema },
});

export const listTransfersRoute = defineRoute({
  method: 'GET',
  path: '/v1/transfers',
  summary: 'Lists transfers, captures and reversals of an institution, newest first',
  callers: ['institution', 'operator'],
  query: z.strictObject(listingQuery),
  answers: { 200: pageSchema(transferSchema) },
});

export const getTransferRoute = defineRoute({
  method: 'GET',
  path: '/v1/transfers/{id}',
  summary: 'Shows a transfer, a capture or a reversal, and how much of it was taken back',
  callers: ['institution', 'operator'],
  params: transferParams,
  answers: { 200: shownTransferSchema },
});

export const getTransferByReferenceRoute = defineRoute({
  method: 'GET',
  path: '/v1/transfers/by-reference/{reference}',
  summary: "Finds a transfer by the institution's own reference",
  callers: ['institution', 'operator'],
  params: z.object({ reference: referenceSchema }),
  query: z.strictObject({ institutionId: listingQuery.institutionId }),
  answers: { 200: shownTransferSchema },
});

export const createReversalRoute = defineRoute({
  method: 'POST',
  path: '/v1/transfers/{id}/reversals',
  summary: 'Takes a transfer back, whole or in part; never more than is left of it',
  callers: ['institution'],
  params: transferParams,
  body: z.strictObject({
    amount: movedMoneySchema.optional().meta({ description: 'all that is left of it unless given' }),
    reason: wordsSchema,
  }),
  answers: { 201: madeTransferSchema },
});
