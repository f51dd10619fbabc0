/**
 * The state machine that proves the books: Plan → ScanParts → JoinShards → Conclude, and once more for what was found.
 *
 * Its state holds a few figures and the names of files: the maps read their items from S3. It ends in Clean, or in
 * Damaged with a cause that names what was found first, and where the whole report lies.
 */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice,
  Condition,
  DistributedMap,
  Fail,
  JsonPath,
  Pass,
  S3JsonItemReader,
  type StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { workflowMachine, workflowStep } from '../constructs/workflow.ts';
import type { Stage } from '../stages.ts';

/** One function per step. */
export interface AuditSteps {
  readonly plan: IFunction;
  readonly scan: IFunction;
  readonly join: IFunction;
  readonly conclude: IFunction;
}

export interface AuditLedgerProps {
  readonly stage: Stage;
  readonly steps: AuditSteps;
  readonly workingBucket: Bucket;
}

export class AuditLedger extends Construct {
  readonly stateMachine: StateMachine;
  private readonly props: AuditLedgerProps;

  constructor(scope: Construct, id: string, props: AuditLedgerProps) {
    super(scope, id);
    this.props = props;
    const { stage, steps } = props;

    const plan = workflowStep(this, 'Plan', steps.plan, {
      comment: 'Parts of the tables and number of shards, by the number of items',
      payload: TaskInput.fromObject({ runId: JsonPath.stringAt('$$.Execution.Name') }),
      resultPath: '$.look',
    });
    const scanParts = this.map('ScanParts', {
      label: 'ScanParts',
      comment: 'Reads the tables part by part and follows each chain',
      itemsKey: '$.look.scansKey',
      itemSelector: {
        look: JsonPath.objectAt('$.look'),
        scan: JsonPath.objectAt('$$.Map.Item.Value'),
        resumed: false,
      },
    }).itemProcessor(this.scanPart());
    const joinShards = this.map('JoinShards', {
      label: 'JoinShards',
      comment: 'Holds what was said of each posting, account and hold against each other',
      itemsKey: '$.look.shardsKey',
      itemSelector: {
        look: JsonPath.objectAt('$.look'),
        shard: JsonPath.numberAt('$$.Map.Item.Value.shard'),
      },
    }).itemProcessor(workflowStep(this, 'Join shard', steps.join, { comment: 'Joins one shard' }));
    const conclude = workflowStep(this, 'Conclude', steps.conclude, {
      comment: 'The books as a whole, the report and the verdict',
      inputPath: '$.look',
      resultPath: '$.concluded',
    });
    const lookAgain = new Pass(this, 'Look again', {
      comment: 'What committed while the tables were read was seen in part: only what stands twice is told',
      parameters: { look: JsonPath.objectAt('$.concluded.next') },
    });
    plan.next(scanParts).next(joinShards).next(conclude);
    lookAgain.next(scanParts);
    conclude.next(
      new Choice(this, 'What stands?')
        .when(
          Condition.stringEquals('$.concluded.verdict', 'clean'),
          new Succeed(this, 'Clean', { comment: 'Every chain, hash, balance and sum is right' }),
        )
        .when(Condition.stringEquals('$.concluded.verdict', 'again'), lookAgain)
        .otherwise(
          new Fail(this, 'Damaged', {
            comment: 'An item was changed past the code, or the code has a fault',
            error: 'LedgerDamaged',
            causePath: JsonPath.jsonToString(JsonPath.objectAt('$.concluded')),
          }),
        ),
    );

    this.stateMachine = workflowMachine(this, {
      stage,
      name: 'audit-ledger',
      comment: 'Proves the ledger: chains, postings, holds, payments, suspense',
      start: plan,
      timeout: Duration.hours(24),
    });
  }

  /** A part may take longer than a function runs, when one chain is very long: it is read by as many calls as it needs. */
  private scanPart(): LambdaInvoke {
    const scan = workflowStep(this, 'Scan part', this.props.steps.scan, {
      comment: 'Reads on until the end of the part, or of its time',
    });
    scan.next(
      new Choice(this, 'Is it at its end?')
        .when(Condition.booleanEquals('$.done', true), new Pass(this, 'Part read'))
        .otherwise(scan),
    );
    return scan;
  }

  /** A distributed map whose items lie in the working bucket. Any item that fails fails the map: nothing goes unread. */
  private map(
    name: string,
    props: {
      readonly label: string;
      readonly comment: string;
      readonly itemsKey: string;
      readonly itemSelector: Record<string, unknown>;
    },
  ): DistributedMap {
    const { workingBucket, stage } = this.props;
    const { itemsKey, ...rest } = props;
    return new DistributedMap(this, name, {
      ...rest,
      // the library's own classes declare an optional field more loosely than its interface does
      itemReader: new S3JsonItemReader({ bucket: workingBucket as IBucket, key: JsonPath.stringAt(itemsKey) }),
      maxConcurrency: stage.mapConcurrency,
      mapExecutionType: StateMachineType.STANDARD,
      resultPath: JsonPath.DISCARD,
    });
  }
}
