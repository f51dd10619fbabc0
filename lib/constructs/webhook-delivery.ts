import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { ContextTable } from './context-table.ts';
import { ServiceFunction } from './service-function.ts';

export interface WebhookDeliveryProps {
  readonly stage: Stage;
  readonly webhooksTable: ContextTable;
  readonly webhookSecretKey: Key;
}

/** A request takes 10 s at most; a lane's lease of 60 s (`lane-store.ts`) must outlive whoever holds it. */
const functionTimeout = Duration.seconds(30);

/** The queue of turns, the function that sends webhooks, and the sweep that finds what a lost message left behind. */
export class WebhookDelivery extends Construct {
  private readonly queue: Queue;
  private readonly deadLetters: Queue;
  private readonly props: WebhookDeliveryProps;

  constructor(scope: Construct, id: string, props: WebhookDeliveryProps) {
    super(scope, id);
    this.props = props;
    const { stage } = props;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.tlsOnly,
      retentionPeriod: Duration.days(14),
      removalPolicy: stage.removalPolicy,
    });
    this.queue = new Queue(this, 'Turns', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.tlsOnly,
      // AWS advises six times the function's own time
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
      removalPolicy: stage.removalPolicy,
    });
    this.deliverTurns();
    this.sweep();
    this.alarmForStuck();
  }

  /** Lets a function queue turns. */
  letSend(handler: LambdaFunction): void {
    handler.addEnvironment('TURN_QUEUE_URL', this.queue.queueUrl);
    this.queue.grant(handler, 'sqs:SendMessage');
  }

  private deliverTurns(): void {
    const { stage, webhooksTable, webhookSecretKey } = this.props;
    const deliverer = new ServiceFunction(this, 'Deliver', {
      stage,
      entry: 'webhooks/handlers/deliver-webhooks.ts',
      purpose: 'Sends signed webhooks, those of one object in their order',
      whenItFails: 'Institutions are not told of payments and reconciliations; what is to be told waits',
      timeout: functionTimeout,
      environment: {
        WEBHOOKS_TABLE: webhooksTable.tableName,
        WEBHOOK_SECRET_KEY_ARN: webhookSecretKey.keyArn,
        LOCAL_RECEIVERS: stage.localReceivers ? 'allowed' : 'refused',
      },
    });
    webhooksTable.grant(
      deliverer,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    webhookSecretKey.grant(deliverer, 'kms:Decrypt');
    this.letSend(deliverer);
    // as many functions at once as receivers that hang may occupy without taking the account's other functions their room
    deliverer.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 100 }),
    );
  }

  private sweep(): void {
    const { stage, webhooksTable } = this.props;
    const sweeper = new ServiceFunction(this, 'Sweep', {
      stage,
      entry: 'webhooks/handlers/sweep-deliveries.ts',
      purpose: 'Queues the turns of webhooks that are overdue, since their message was lost',
      whenItFails: 'Webhooks whose message was lost stay unsent',
      timeout: Duration.seconds(60),
      environment: { WEBHOOKS_TABLE: webhooksTable.tableName },
    });
    webhooksTable.grant(sweeper, 'dynamodb:Query');
    this.letSend(sweeper);
    new Rule(this, 'EachFiveMinutes', {
      description: 'Wakes the function that looks for overdue webhooks',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaTarget(sweeper, { retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }

  private alarmForStuck(): void {
    new Alarm(this, 'Stuck', {
      alarmDescription: 'Taking the turn of a webhook failed five times: it and what comes after it wait for the sweep',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
