import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { ServiceFunction } from './service-function.ts';

export interface FollowUpQueueProps {
  readonly stage: Stage;
}

const functionTimeout = Duration.seconds(30);

/** The queue of payments to look at again, the function that does, and the alarms for those that got stuck. */
export class FollowUpQueue extends Construct {
  readonly follower: ServiceFunction;
  private readonly queue: Queue;

  constructor(scope: Construct, id: string, { stage }: FollowUpQueueProps) {
    super(scope, id);
    const deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.tlsOnly,
      retentionPeriod: Duration.days(14),
      removalPolicy: stage.removalPolicy,
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.tlsOnly,
      // AWS advises six times the function's own time
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
      removalPolicy: stage.removalPolicy,
    });
    this.follower = new ServiceFunction(this, 'Function', {
      stage,
      entry: 'payments/handlers/follow-up-payments.ts',
      purpose: 'Asks channels what became of payments without an answer, and brings them to their end',
      whenItFails: 'Payments whose channel did not answer stay open, and members wait for their money',
      timeout: functionTimeout,
      environment: { TIME_ZONE: stage.timeZone },
    });
    this.follower.addEventSource(new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true }));
    this.letSend(this.follower);
    this.alarmForStuck(deadLetters);
    this.alarmForUnanswered();
  }

  /** Lets a function queue follow-ups. */
  letSend(handler: LambdaFunction): void {
    handler.addEnvironment('FOLLOW_UP_QUEUE_URL', this.queue.queueUrl);
    this.queue.grant(handler, 'sqs:SendMessage');
  }

  private alarmForStuck(deadLetters: Queue): void {
    new Alarm(this, 'Stuck', {
      alarmDescription:
        'Following a payment up failed five times: it stays open until its message is redriven from the dead-letter queue',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private alarmForUnanswered(): void {
    const filter = new MetricFilter(this, 'LeftToStatement', {
      logGroup: this.follower.logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', 'payment left to its statement'),
      metricNamespace: 'FundCenter',
      metricName: 'PaymentsLeftToStatement',
      metricValue: '1',
    });
    new Alarm(this, 'Unanswered', {
      alarmDescription: 'A channel gave no answer for a day: the payment stays open until a statement shows it',
      metric: filter.metric({ statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
