import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import type { HandedFiles } from '../constructs/handed-files.ts';
import { OverdueArrivals } from '../constructs/overdue-arrivals.ts';
import { addArrivalRoutes } from './api/arrival-routes.ts';
import { addReconciliationReportRoutes } from './api/reconciliation-report-routes.ts';
import type { DataStack } from './data-stack.ts';

export interface ReportsStackProps extends StackProps {
  readonly center: CenterApi;
  readonly files: HandedFiles;
  readonly data: DataStack;
}

/** What finance reads of reconciliations: routes of the same API, in a stack of their own since one holds 500 resources. */
export class ReportsStack extends Stack {
  constructor(scope: Construct, id: string, { center, files, data, ...props }: ReportsStackProps) {
    super(scope, id, props);
    const routes = center.from(this);
    addReconciliationReportRoutes(routes, data, files);
    addArrivalRoutes(routes, data, files);
    const { reconciliationTable } = data;
    new OverdueArrivals(this, 'OverdueArrivals', { stage: center.stage, reconciliationTable });
  }
}
