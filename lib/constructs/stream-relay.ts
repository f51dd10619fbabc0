import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import type { ContextTable } from './context-table.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface StreamRelayProps extends ServiceFunctionProps {
  readonly stage: Stage;
  /** whose stream is the outbox */
  readonly table: ContextTable;
  /** the sort key of the items whose changes are relayed, or how it begins where it ends with `*`; several, or one */
  readonly sortKey: string | readonly string[];
}

const functionTimeout = Duration.seconds(60);

const ruleOf = (sortKey: string) =>
  sortKey.endsWith('*') ? FilterRule.beginsWith(sortKey.slice(0, -1)) : FilterRule.isEqual(sortKey);

/** A stream forgets after 24 hours: by then somebody must have seen why it can't be read on. */
const longestTry = Duration.hours(12);

const late = Duration.minutes(5);

/**
 * A function that is told of the changes of one kind of item, those of one item in their order. A change that it can't take is
 * tried for half a day, and holds up a tenth of its shard meanwhile; then the queue of the untold keeps its place in the stream.
 */
export class StreamRelay extends Construct {
  readonly relay: ServiceFunction;

  constructor(scope: Construct, id: string, { stage, table, sortKey, ...props }: StreamRelayProps) {
    super(scope, id);
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error(`the table of ${id} has no stream`);
    this.relay = new ServiceFunction(this, 'Function', { timeout: functionTimeout, ...props, stage });
    this.relay.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [streamArn],
      }),
    );
    const untold = new Queue(this, 'Untold', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.tlsOnly,
      retentionPeriod: Duration.days(14),
      removalPolicy: stage.removalPolicy,
    });
    new EventSourceMapping(this, 'Source', {
      target: this.relay,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // changes of one item stay in one of the ten
      parallelizationFactor: 10,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      maxRecordAge: longestTry,
      onFailure: new SqsDlq(untold),
      filters: [sortKey]
        .flat()
        .map((each) => FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: ruleOf(each) } } } })),
    });
    new Alarm(this, 'Late', {
      alarmDescription: `Changes wait for more than five minutes to be told, perhaps behind one that cannot be: ${props.whenItFails}`,
      metric: this.relay.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }),
      threshold: late.toMilliseconds(),
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    new Alarm(this, 'Lost', {
      alarmDescription: `A change was given up after half a day and will never be told by itself: ${props.whenItFails}`,
      metric: untold.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
