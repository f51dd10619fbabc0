import {
  confirmEmptyStatementRoute,
  listExpectedStatementsRoute,
} from '../../../functions/reconciliation/calendar/calendar-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import { grantChannelLookup } from '../../constructs/channel-access.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** The routes by which operators see which statements are expected, each with the least that its function may do. */
export function addCalendarRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  const { reconciliationTable, paymentsTable } = data;
  const environment = { RECONCILIATION_TABLE: reconciliationTable.tableName };
  const list = api.serve('ListExpectedStatements', listExpectedStatementsRoute, {
    entry: 'reconciliation/handlers/list-expected-statements.ts',
    whenItFails: 'Operators cannot see which statements are still to come',
    environment,
  });
  reconciliationTable.grant(list, 'dynamodb:Query');

  const confirm = api.serve('ConfirmEmptyStatement', confirmEmptyStatementRoute, {
    entry: 'reconciliation/handlers/confirm-empty-statement.ts',
    whenItFails: 'Operators cannot say that no statement comes of an empty day, which goes on being missed',
    environment: { ...environment, PAYMENTS_TABLE: paymentsTable.tableName },
  });
  reconciliationTable.grant(confirm, 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem');
  paymentsTable.grant(confirm, 'dynamodb:Query');

  for (const handler of [list, confirm]) grantChannelLookup(handler, data, sandbox);
}
