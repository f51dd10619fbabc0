import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { DataStack } from '../stacks/data-stack.ts';
import type { SandboxStack } from '../stacks/sandbox-stack.ts';
import { grantChannelLookup } from './channel-access.ts';
import type { ServiceFunction } from './service-function.ts';

export interface StatementReceptionProps {
  readonly data: DataStack;
  readonly stateMachine: StateMachine;
  readonly sandbox?: SandboxStack | undefined;
}

/** Lets a function register files that came and start their reconciliation, whoever told of them. */
export function grantReceiving(
  handler: ServiceFunction,
  { data, stateMachine, sandbox }: StatementReceptionProps,
): void {
  const { reconciliationTable, statementBucket } = data;
  handler.addEnvironment('RECONCILIATION_TABLE', reconciliationTable.tableName);
  handler.addEnvironment('STATE_MACHINE_ARN', stateMachine.stateMachineArn);
  const resources = [statementBucket.arnForObjects('statements/*')];
  handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:GetObjectVersion'], resources }));
  reconciliationTable.grant(
    handler,
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:ConditionCheckItem',
  );
  // when a calendar expects the file
  grantChannelLookup(handler, data, sandbox);
  stateMachine.grantStartExecution(handler);
}
