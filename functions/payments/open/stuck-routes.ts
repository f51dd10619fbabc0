import { pageSchema } from '../../kernel/page.ts';
import { defineRoute } from '../../runtime/route.ts';
import { stuckPaymentSchema, stuckQuerySchema } from './stuck-schemas.ts';

export const listStuckPaymentsRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/stuck-payments',
  summary: 'Lists payments that should have come to their end, the oldest first',
  callers: ['operator'],
  query: stuckQuerySchema,
  answers: { 200: pageSchema(stuckPaymentSchema) },
});
