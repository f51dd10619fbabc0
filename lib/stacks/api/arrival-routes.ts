import { Duration } from 'aws-cdk-lib';
import { listArrivalsRoute } from '../../../functions/reconciliation/arrivals/arrival-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import type { HandedFiles } from '../../constructs/handed-files.ts';
import type { DataStack } from '../data-stack.ts';

/** What arrived of what channels settled, with the least that its function may do. */
export function addArrivalRoutes(api: RouteAdder, { reconciliationTable }: DataStack, files: HandedFiles): void {
  const list = api.serve('ServeArrivals', listArrivalsRoute, {
    entry: 'reconciliation/handlers/list-arrivals.ts',
    whenItFails: 'Finance does not see what of the settlements has arrived',
    timeout: Duration.seconds(29),
    memoryMegabytes: 1024,
    environment: { RECONCILIATION_TABLE: reconciliationTable.tableName },
  });
  reconciliationTable.grant(list, 'dynamodb:Query');
  files.letHandOver(list, 'reports');
}
