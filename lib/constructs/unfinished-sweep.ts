import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { ContextTable } from './context-table.ts';
import { LogAlarm } from './log-alarm.ts';
import { ServiceFunction } from './service-function.ts';

export interface UnfinishedSweepProps {
  readonly stage: Stage;
  readonly paymentsTable: ContextTable;
}

const message = 'unfinished payments counted';

/** Every five minutes what lost its message is queued again, and what is stuck is counted; what a run leaves, the next one does. */
export class UnfinishedSweep extends Construct {
  readonly sweeper: ServiceFunction;

  constructor(scope: Construct, id: string, { stage, paymentsTable }: UnfinishedSweepProps) {
    super(scope, id);
    this.sweeper = new ServiceFunction(this, 'Function', {
      stage,
      entry: 'payments/handlers/sweep-unfinished.ts',
      purpose:
        'Finds payments, batches and messages of channels that lost their queue message, and counts what is stuck',
      whenItFails: 'Payments whose message was lost stay open, and nobody is told of payments that are stuck',
      timeout: Duration.seconds(60),
      environment: { PAYMENTS_TABLE: paymentsTable.tableName, TIME_ZONE: stage.timeZone },
    });
    paymentsTable.grant(this.sweeper, 'dynamodb:Query');
    new Rule(this, 'EachFiveMinutes', {
      description: 'Wakes the function that finds payments which lost their message',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(this.sweeper, { retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
    new Alarm(this, 'Asleep', {
      alarmDescription: 'Nothing looks for payments that lost their message, and stuck payments are not counted',
      metric: this.sweeper.metricInvocations({ period: Duration.minutes(15), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
    new LogAlarm(this, 'Stuck', {
      handler: this.sweeper,
      message,
      metricName: 'StuckPayments',
      measured: '$.stuck',
      threshold: 50,
      description:
        'Fifty payments are open for more than half an hour: a channel is silent, and members wait for their money',
    });
    new LogAlarm(this, 'Oldest', {
      handler: this.sweeper,
      message,
      metricName: 'OldestStuckPaymentSeconds',
      measured: '$.oldestSeconds',
      threshold: Duration.hours(4).toSeconds(),
      description: 'A payment is open for more than four hours: its channel does not say what became of it',
    });
  }
}
