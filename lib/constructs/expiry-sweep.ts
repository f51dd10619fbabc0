import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { ContextTable } from './context-table.ts';
import { ServiceFunction } from './service-function.ts';

export interface ExpirySweepProps {
  readonly stage: Stage;
  readonly ledgerTable: ContextTable;
}

/** Each minute the holds whose time is over are released; what a run leaves, the next one does. */
export class ExpirySweep extends Construct {
  constructor(scope: Construct, id: string, { stage, ledgerTable }: ExpirySweepProps) {
    super(scope, id);
    const sweeper = new ServiceFunction(this, 'Function', {
      stage,
      entry: 'ledger/handlers/expire-holds.ts',
      purpose: 'Releases the holds whose time is over',
      whenItFails:
        'Holds that are over stay in place, and the owners of the accounts cannot spend what is theirs again',
      timeout: Duration.seconds(55),
      environment: { LEDGER_TABLE: ledgerTable.tableName, TIME_ZONE: stage.timeZone },
    });
    ledgerTable.grant(sweeper, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    new Rule(this, 'EachMinute', {
      description: 'Wakes the function that releases the holds whose time is over',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    new Alarm(this, 'Asleep', {
      alarmDescription:
        'Nothing looks for holds that are over: they stay in place, and money stays frozen that should be free',
      metric: sweeper.metricInvocations({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}
