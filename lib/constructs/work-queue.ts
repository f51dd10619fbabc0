import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface WorkQueueProps extends ServiceFunctionProps {
  readonly stage: Stage;
  /** the environment variable by which senders know the queue */
  readonly urlVariable: string;
  readonly timeout: Duration;
  /** messages that the function gets at once */
  readonly batchSize: number;
}

/** A queue, the function that works on its messages, and the alarm for those that failed five times. */
export class WorkQueue extends Construct {
  readonly worker: ServiceFunction;
  private readonly queue: Queue;
  private readonly urlVariable: string;

  constructor(scope: Construct, id: string, { urlVariable, batchSize, ...props }: WorkQueueProps) {
    super(scope, id);
    const { stage, timeout } = props;
    this.urlVariable = urlVariable;
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
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
      removalPolicy: stage.removalPolicy,
    });
    this.worker = new ServiceFunction(this, 'Function', props);
    this.worker.addEventSource(new SqsEventSource(this.queue, { batchSize, reportBatchItemFailures: true }));
    this.letSend(this.worker);
    new Alarm(this, 'Stuck', {
      alarmDescription: `A message failed five times and waits in the dead-letter queue: ${props.whenItFails}`,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Lets a function queue work. */
  letSend(handler: LambdaFunction): void {
    handler.addEnvironment(this.urlVariable, this.queue.queueUrl);
    this.queue.grant(handler, 'sqs:SendMessage');
  }
}
