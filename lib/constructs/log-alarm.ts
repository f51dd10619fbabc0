import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

export interface LogAlarmProps {
  /** whose log lines are looked at */
  readonly handler: ServiceFunction;
  /** `message` of the line */
  readonly message: string;
  readonly metricName: string;
  /** the field of the line that is measured, such as `$.stuck`; lines are counted unless given */
  readonly measured?: string;
  /** at which sum of five minutes, or at which measured value, somebody is called; 1 unless given */
  readonly threshold?: number;
  /** what breaks for whom */
  readonly description: string;
}

/** A metric made from a function's log lines, and the alarm on it. */
export class LogAlarm extends Construct {
  constructor(scope: Construct, id: string, props: LogAlarmProps) {
    super(scope, id);
    const { handler, message, metricName, measured, threshold = 1, description } = props;
    const filter = new MetricFilter(this, 'Lines', {
      logGroup: handler.logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', message),
      metricNamespace: 'FundCenter',
      metricName,
      metricValue: measured ?? '1',
    });
    new Alarm(this, 'Alarm', {
      alarmDescription: description,
      metric: filter.metric({ statistic: measured ? 'Maximum' : 'Sum', period: Duration.minutes(5) }),
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
