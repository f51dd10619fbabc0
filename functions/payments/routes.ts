import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { pageSchema } from '../kernel/page.ts';
import { referenceSchema } from '../kernel/reference.ts';
import { defineRoute } from '../runtime/route.ts';
import {
  confirmTopUpBodySchema,
  institutionQuerySchema,
  refundBodySchema,
  shownTransactionSchema,
  topUpBodySchema,
  transactionIdSchema,
  transactionListQuerySchema,
  transactionSchema,
  transactionTotalsQuerySchema,
  transactionTotalsSchema,
  withdrawalBodySchema,
} from './transaction-schemas.ts';

export const createTopUpRoute = defineRoute({
  method: 'POST',
  path: '/v1/top-ups',
  summary:
    'Takes money in: 201 when it succeeded or the channel refused it, 202 while it is unknown or the payer has to act (`nextAction`)',
  callers: ['institution'],
  body: topUpBodySchema,
  answers: { 201: transactionSchema, 202: transactionSchema },
});

export const confirmTopUpRoute = defineRoute({
  method: 'POST',
  path: '/v1/top-ups/{id}/confirm',
  summary: 'Hands over the code that the channel sent to the card holder',
  callers: ['institution'],
  params: z.object({ id: idSchema('pay') }),
  body: confirmTopUpBodySchema,
  answers: { 201: transactionSchema, 202: transactionSchema },
});

export const createRefundRoute = defineRoute({
  method: 'POST',
  path: '/v1/refunds',
  summary: 'Pays a top-up back, whole or in part, to where it came from',
  callers: ['institution'],
  body: refundBodySchema,
  answers: { 201: transactionSchema, 202: transactionSchema },
});

export const createWithdrawalRoute = defineRoute({
  method: 'POST',
  path: '/v1/withdrawals',
  summary: 'Pays money out to a bound card: 201 when it succeeded or the channel refused it, 202 while it is unknown',
  callers: ['institution'],
  body: withdrawalBodySchema,
  answers: { 201: transactionSchema, 202: transactionSchema },
});

export const listTransactionsRoute = defineRoute({
  method: 'GET',
  path: '/v1/transactions',
  summary: 'Lists transactions, external and internal, newest first; as a CSV file all of the range',
  callers: ['institution', 'operator'],
  query: transactionListQuerySchema,
  answers: { 200: pageSchema(transactionSchema), 303: null },
  csv: true,
});

export const totalTransactionsRoute = defineRoute({
  method: 'GET',
  path: '/v1/transactions/totals',
  summary: 'Adds the transactions of a filter up, by kind, status and currency',
  callers: ['institution', 'operator'],
  query: transactionTotalsQuerySchema,
  answers: { 200: transactionTotalsSchema },
});

export const getTransactionRoute = defineRoute({
  method: 'GET',
  path: '/v1/transactions/{id}',
  summary: 'Shows a transaction with its timeline: each state, each call of a channel, each posting',
  callers: ['institution', 'operator'],
  params: z.object({ id: transactionIdSchema }),
  answers: { 200: shownTransactionSchema },
});

export const getTransactionByReferenceRoute = defineRoute({
  method: 'GET',
  path: '/v1/transactions/by-reference/{reference}',
  summary: "Finds a payment or transfer by the caller's own reference",
  callers: ['institution', 'operator'],
  params: z.object({ reference: referenceSchema }),
  query: institutionQuerySchema,
  answers: { 200: shownTransactionSchema },
});
