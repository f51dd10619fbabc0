import { listStuckPaymentsRoute } from '../../../functions/payments/open/stuck-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';
import { grantPayments } from './payments-routes.ts';

/** What operators see of payments that should have ended. */
export function addStuckRoutes(api: RouteAdder, data: DataStack): void {
  const list = api.serve('ListStuckPayments', listStuckPaymentsRoute, {
    entry: 'payments/handlers/list-stuck-payments.ts',
    whenItFails: 'Operators cannot see which payments are stuck',
  });
  grantPayments(list, data, 'dynamodb:GetItem', 'dynamodb:Query');
}
