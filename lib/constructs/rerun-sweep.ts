import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { ContextTable } from './context-table.ts';
import { ServiceFunction } from './service-function.ts';

export interface RerunSweepProps {
  readonly stage: Stage;
  readonly reconciliationTable: ContextTable;
  readonly stateMachineArn: string;
}

/** Every quarter of an hour statements are worked on again whose time for that has come, or whose day was at work when it was asked. */
export class RerunSweep extends Construct {
  constructor(scope: Construct, id: string, { stage, reconciliationTable, stateMachineArn }: RerunSweepProps) {
    super(scope, id);
    const sweeper = new ServiceFunction(this, 'Function', {
      stage,
      entry: 'reconciliation/handlers/rerun-asked-days.ts',
      purpose: 'Works on statements again whose time for that has come',
      whenItFails: 'Days that have to be worked on again stay as they are until an operator has them run again',
      timeout: Duration.seconds(60),
      environment: { RECONCILIATION_TABLE: reconciliationTable.tableName, STATE_MACHINE_ARN: stateMachineArn },
    });
    const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`);
    reconciliationTable.grant(sweeper, ...actions);
    sweeper.addToRolePolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }));
    new Rule(this, 'EachQuarter', {
      description: 'Wakes the function that works on statements again',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(sweeper, { retryAttempts: 0, maxEventAge: Duration.minutes(15) })],
    });
  }
}
