import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { getBatchReportRoute, getPeriodReportRoute } from '../../../functions/reconciliation/reports/report-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import type { HandedFiles } from '../../constructs/handed-files.ts';
import type { DataStack } from '../data-stack.ts';

/** The four reports of reconciliations, each route with the least that its function may do. */
export function addReconciliationReportRoutes(
  api: RouteAdder,
  { reconciliationTable, channelsTable, statementBucket }: DataStack,
  files: HandedFiles,
): void {
  const environment = {
    RECONCILIATION_TABLE: reconciliationTable.tableName,
    CHANNELS_TABLE: channelsTable.tableName,
  };
  // a file is as long as its days: API Gateway waits for 30 s
  const long = { timeout: Duration.seconds(29), memoryMegabytes: 1769, environment };
  const ofBatch = api.serve('ServeBatchReport', getBatchReportRoute, {
    entry: 'reconciliation/handlers/get-batch-report.ts',
    whenItFails: 'Finance gets none of the four reports of a statement',
    ...long,
  });
  reconciliationTable.grant(ofBatch, 'dynamodb:GetItem');
  const ofPeriod = api.serve('ServePeriodReport', getPeriodReportRoute, {
    entry: 'reconciliation/handlers/get-period-report.ts',
    whenItFails: 'Finance gets none of the four reports of a day or a month',
    ...long,
  });
  reconciliationTable.grant(ofPeriod, 'dynamodb:Query');
  channelsTable.grant(ofPeriod, 'dynamodb:Query');
  for (const handler of [ofBatch, ofPeriod]) {
    files.letHandOver(handler, 'reports');
    handler.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [statementBucket.arnForObjects('reports/*')] }),
    );
  }
}
