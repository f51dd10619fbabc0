import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import type { HandedFiles } from '../constructs/handed-files.ts';
import { UnfinishedSweep } from '../constructs/unfinished-sweep.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import { addBatchRoutes } from './api/batch-routes.ts';
import { addCallbackRoutes } from './api/callback-routes.ts';
import { addPaymentsRoutes } from './api/payments-routes.ts';
import { addStuckRoutes } from './api/stuck-routes.ts';
import { addTransactionRoutes } from './api/transaction-routes.ts';
import type { DataStack } from './data-stack.ts';
import type { SandboxStack } from './sandbox-stack.ts';

export interface PaymentsStackProps extends StackProps {
  readonly center: CenterApi;
  readonly files: HandedFiles;
  /** messages of channels to look at again */
  readonly looks: WorkQueue;
  readonly data: DataStack;
  /** absent where the sandbox channel is not deployed */
  readonly sandbox?: SandboxStack;
}

/** Money in and out through channels: routes of the same API, in a stack of their own since one holds 500 resources. */
export class PaymentsStack extends Stack {
  constructor(scope: Construct, id: string, { center, files, looks, data, sandbox, ...props }: PaymentsStackProps) {
    super(scope, id, props);
    const routes = center.from(this);
    const followUps = addPaymentsRoutes(this, routes, data, sandbox);
    addTransactionRoutes(routes, data, files);
    addCallbackRoutes(routes, data);
    const batches = addBatchRoutes(this, routes, { data, followUps, sandbox });
    addStuckRoutes(routes, data);
    const { sweeper } = new UnfinishedSweep(this, 'Sweep', { stage: center.stage, paymentsTable: data.paymentsTable });
    for (const queue of [followUps, looks, batches]) queue.letSend(sweeper);
  }
}
