import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { DataStack } from '../stacks/data-stack.ts';
import type { SandboxStack } from '../stacks/sandbox-stack.ts';
import type { Stage } from '../stages.ts';
import { grantChannelLookup } from './channel-access.ts';
import { LogAlarm } from './log-alarm.ts';
import { ServiceFunction } from './service-function.ts';

export interface ExpectedStatementSweepProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly sandbox?: SandboxStack | undefined;
}

/** Every quarter of an hour what has not come by its hour is put on record; what a run leaves, the next one does. */
export class ExpectedStatementSweep extends Construct {
  constructor(scope: Construct, id: string, { stage, data, sandbox }: ExpectedStatementSweepProps) {
    super(scope, id);
    const { reconciliationTable, paymentsTable } = data;
    const sweeper = new ServiceFunction(this, 'Function', {
      stage,
      entry: 'reconciliation/handlers/sweep-expected-statements.ts',
      purpose: 'Finds statements that have not come by their hour, and puts that on record',
      whenItFails: 'Nobody is told of statements that have not come',
      timeout: Duration.seconds(120),
      environment: {
        RECONCILIATION_TABLE: reconciliationTable.tableName,
        PAYMENTS_TABLE: paymentsTable.tableName,
        TIME_ZONE: stage.timeZone,
      },
    });
    grantChannelLookup(sweeper, data, sandbox);
    reconciliationTable.grant(
      sweeper,
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:ConditionCheckItem',
    );
    paymentsTable.grant(sweeper, 'dynamodb:Query');
    new Rule(this, 'EachQuarter', {
      description: 'Wakes the function that finds statements which have not come',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(sweeper, { retryAttempts: 0, maxEventAge: Duration.minutes(15) })],
    });
    new Alarm(this, 'Asleep', {
      alarmDescription: 'Nothing looks for statements that have not come, and nobody is told of them',
      metric: sweeper.metricInvocations({ period: Duration.minutes(30), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
    new LogAlarm(this, 'Missing', {
      handler: sweeper,
      message: 'missing statements counted',
      metricName: 'MissingStatements',
      measured: '$.missing',
      threshold: 1,
      description:
        'A statement has not come by its hour: the log line `a statement has not come` names the merchant number and the day, which is not reconciled',
    });
  }
}
