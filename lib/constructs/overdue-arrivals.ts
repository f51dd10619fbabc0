import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { ContextTable } from './context-table.ts';
import { LogAlarm } from './log-alarm.ts';
import { ServiceFunction } from './service-function.ts';

export interface OverdueArrivalsProps {
  readonly stage: Stage;
  readonly reconciliationTable: ContextTable;
}

/** Each hour the settlements are counted that should have arrived at a bank account and have not. */
export class OverdueArrivals extends Construct {
  constructor(scope: Construct, id: string, { stage, reconciliationTable }: OverdueArrivalsProps) {
    super(scope, id);
    const counter = new ServiceFunction(this, 'Function', {
      stage,
      entry: 'reconciliation/handlers/count-overdue-arrivals.ts',
      purpose: 'Counts the settlements that should have arrived at a bank account and have not',
      whenItFails: 'Nobody is told of settlements that do not arrive',
      environment: { RECONCILIATION_TABLE: reconciliationTable.tableName, TIME_ZONE: stage.timeZone },
    });
    reconciliationTable.grant(counter, 'dynamodb:Query');
    new Rule(this, 'EachHour', {
      description: 'Wakes the function that counts overdue settlements',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(counter)],
    });
    new LogAlarm(this, 'Overdue', {
      handler: counter,
      message: 'overdue arrivals counted',
      metricName: 'OverdueArrivals',
      measured: '$.overdue',
      threshold: 1,
      description: 'A channel says that it settled to our bank, and the money has not arrived by its day',
    });
  }
}
