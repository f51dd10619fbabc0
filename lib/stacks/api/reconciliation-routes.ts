import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  getReconciliationRoute,
  getReportRoute,
  listCarriedRoute,
  listDifferencesRoute,
  listReconciliationsRoute,
  tryStatementProfileRoute,
} from '../../../functions/reconciliation/routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `reconciliation`, each with the least that its function may do. */
export function addReconciliationRoutes(
  api: CenterApi,
  { reconciliationTable, channelsTable, statementBucket }: DataStack,
): void {
  const environment = { RECONCILIATION_TABLE: reconciliationTable.tableName };
  const list = api.serve('ListReconciliations', listReconciliationsRoute, {
    entry: 'reconciliation/handlers/list-reconciliations.ts',
    whenItFails: 'Finance and operators see no list of reconciliations',
    environment,
  });
  reconciliationTable.grant(list, 'dynamodb:Query');

  const get = api.serve('GetReconciliation', getReconciliationRoute, {
    entry: 'reconciliation/handlers/get-reconciliation.ts',
    whenItFails: 'Finance and operators see no single reconciliation',
    environment,
  });
  reconciliationTable.grant(get, 'dynamodb:GetItem');

  const differences = api.serve('ListDifferences', listDifferencesRoute, {
    entry: 'reconciliation/handlers/list-differences.ts',
    whenItFails: 'Finance and operators see no differences, and so cannot handle them',
    environment,
  });
  reconciliationTable.grant(differences, 'dynamodb:GetItem', 'dynamodb:Query');

  const carried = api.serve('ListCarried', listCarriedRoute, {
    entry: 'reconciliation/handlers/list-carried.ts',
    whenItFails: 'Finance and operators do not see what waits for another day',
    environment: { ...environment, CHANNELS_TABLE: channelsTable.tableName },
  });
  reconciliationTable.grant(carried, 'dynamodb:Query');
  channelsTable.grant(carried, 'dynamodb:GetItem');

  const report = api.serve('GetReport', getReportRoute, {
    entry: 'reconciliation/handlers/get-report.ts',
    whenItFails: 'Finance and operators get no reconciliation reports',
    environment,
  });
  reconciliationTable.grant(report, 'dynamodb:GetItem');
  report.addToRolePolicy(
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [statementBucket.arnForObjects('reports/*')] }),
  );

  api.serve('TryStatementProfile', tryStatementProfileRoute, {
    entry: 'reconciliation/handlers/try-statement-profile.ts',
    whenItFails: 'Operators cannot try a statement profile before they put it',
  });
}
