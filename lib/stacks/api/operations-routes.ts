import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  backFillStatementsRoute,
  cancelReconciliationRoute,
  getProgressRoute,
  redriveReconciliationRoute,
  startReconciliationRoute,
} from '../../../functions/reconciliation/operations/operations-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import { grantChannelLookup } from '../../constructs/channel-access.ts';
import type { ServiceFunction } from '../../constructs/service-function.ts';
import type { WorkQueue } from '../../constructs/work-queue.ts';
import type { DataStack } from '../data-stack.ts';

export interface OperationsRoutesProps {
  readonly data: DataStack;
  readonly stateMachine: StateMachine;
  readonly starts: WorkQueue;
}

/** The routes by which operators start, stop and watch reconciliations, each with the least that its function may do. */
export function addOperationsRoutes(api: RouteAdder, props: OperationsRoutesProps): void {
  const { data, stateMachine, starts } = props;
  const { reconciliationTable, statementBucket } = data;
  const environment = {
    RECONCILIATION_TABLE: reconciliationTable.tableName,
    STATE_MACHINE_ARN: stateMachine.stateMachineArn,
  };
  const withBucket = { ...environment, STATEMENT_BUCKET: statementBucket.bucketName };

  const start = api.serve('StartReconciliation', startReconciliationRoute, {
    entry: 'reconciliation/handlers/start-reconciliation.ts',
    whenItFails: 'Operators cannot start statements that lie in the bucket',
    environment: withBucket,
  });
  reconciliationTable.grant(start, 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:PutItem');
  grantRedriving(start, stateMachine);

  const backFill = api.serve('BackFillStatements', backFillStatementsRoute, {
    entry: 'reconciliation/handlers/back-fill-statements.ts',
    whenItFails: 'Operators cannot have a month of statements reconciled at once',
    // some calls for each day of a month
    timeout: Duration.seconds(29),
    environment: withBucket,
  });
  reconciliationTable.grant(backFill, 'dynamodb:GetItem');

  for (const handler of [start, backFill]) {
    starts.letSend(handler);
    lookThroughStatements(handler, data);
    grantChannelLookup(handler, data);
  }

  const cancel = api.serve('CancelReconciliation', cancelReconciliationRoute, {
    entry: 'reconciliation/handlers/cancel-reconciliation.ts',
    whenItFails: 'Operators cannot stop a reconciliation before it posts',
    environment,
  });
  reconciliationTable.grant(cancel, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  stateMachine.grantExecution(cancel, 'states:DescribeExecution', 'states:StopExecution');

  const redrive = api.serve('RedriveReconciliation', redriveReconciliationRoute, {
    entry: 'reconciliation/handlers/redrive-reconciliation.ts',
    whenItFails: 'Operators cannot let a failed reconciliation go on',
    environment,
  });
  // what can't be taken up any more becomes the next version
  reconciliationTable.grant(redrive, 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:PutItem');
  grantRedriving(redrive, stateMachine);

  const progress = api.serve('GetProgress', getProgressRoute, {
    entry: 'reconciliation/handlers/get-progress.ts',
    whenItFails: 'Nobody sees how far a running reconciliation is',
    environment: { RECONCILIATION_TABLE: reconciliationTable.tableName },
  });
  reconciliationTable.grant(progress, 'dynamodb:GetItem', 'dynamodb:Query');
}

function lookThroughStatements(handler: ServiceFunction, { statementBucket }: DataStack): void {
  handler.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [statementBucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'statements/*' } },
    }),
  );
  // asking for the newest version of a key and its size
  const resources = [statementBucket.arnForObjects('statements/*')];
  handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
}

function grantRedriving(handler: ServiceFunction, stateMachine: StateMachine): void {
  stateMachine.grantStartExecution(handler);
  stateMachine.grantExecution(
    handler,
    'states:DescribeExecution',
    'states:GetExecutionHistory',
    'states:RedriveExecution',
  );
}
