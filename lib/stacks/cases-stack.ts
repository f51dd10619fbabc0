import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import type { HandedFiles } from '../constructs/handed-files.ts';
import { RerunSweep } from '../constructs/rerun-sweep.ts';
import { StreamRelay } from '../constructs/stream-relay.ts';
import type { Stage } from '../stages.ts';
import { addCaseRoutes } from './api/case-routes.ts';
import type { DataStack } from './data-stack.ts';

export interface CasesStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly center: CenterApi;
  readonly files: HandedFiles;
  /** that reconciles a statement */
  readonly stateMachine: IStateMachine;
}

/** What people do about differences, and what follows from it. */
export class CasesStack extends Stack {
  constructor(scope: Construct, id: string, { stage, data, center, files, stateMachine, ...props }: CasesStackProps) {
    super(scope, id, props);
    const { stateMachineArn } = stateMachine;
    const { relay } = new StreamRelay(this, 'RerunResolvedDays', {
      stage,
      table: data.reconciliationTable,
      sortKey: ['DIFF#*', 'RERUN'],
      entry: 'reconciliation/handlers/rerun-resolved-days.ts',
      purpose: 'Works on a statement again once the last difference of its day is resolved, or another day asks for it',
      whenItFails: 'Days whose differences are all resolved stay differing until an operator has them run again',
      environment: {
        RECONCILIATION_TABLE: data.reconciliationTable.tableName,
        STATE_MACHINE_ARN: stateMachineArn,
      },
    });
    const actions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`);
    data.reconciliationTable.grant(relay, ...actions);
    relay.addToRolePolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }));
    new RerunSweep(this, 'RerunSweep', { stage, reconciliationTable: data.reconciliationTable, stateMachineArn });
    addCaseRoutes(center.from(this), data, { stateMachineArn, files });
  }
}
