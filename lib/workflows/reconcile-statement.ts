/**
 * The state machine that reconciles one statement: Identify → Plan → Stage → Match → Conclude → Handle → Settle → Report.
 *
 * Its state holds references and a few figures, never rows: the maps read their items from S3. It ends in Balanced or
 * Differing, or in Rejected with a cause that says why.
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
  Parallel,
  S3JsonItemReader,
  type StateMachine,
  StateMachineType,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { workflowMachine, workflowStep } from '../constructs/workflow.ts';
import type { Stage } from '../stages.ts';

/** One function per step. */
export interface ReconciliationSteps {
  readonly identify: IFunction;
  readonly plan: IFunction;
  readonly stageChannelRows: IFunction;
  readonly stageOwnPayments: IFunction;
  readonly match: IFunction;
  readonly conclude: IFunction;
  readonly handle: IFunction;
  readonly settle: IFunction;
  readonly report: IFunction;
  readonly quarantine: IFunction;
}

export interface ReconcileStatementProps {
  readonly stage: Stage;
  readonly steps: ReconciliationSteps;
  readonly workingBucket: Bucket;
}

export class ReconcileStatement extends Construct {
  readonly stateMachine: StateMachine;
  private readonly props: ReconcileStatementProps;

  constructor(scope: Construct, id: string, props: ReconcileStatementProps) {
    super(scope, id);
    this.props = props;
    const { stage, steps } = props;

    const quarantine = workflowStep(this, 'Quarantine', steps.quarantine, {
      comment: 'Keeps the file apart and records why',
      resultPath: '$.quarantined',
    });
    quarantine.next(
      new Fail(this, 'Rejected', {
        comment: 'The file was turned away; nothing was posted',
        error: 'StatementRejected',
        causePath: JsonPath.jsonToString(JsonPath.objectAt('$.quarantined')),
      }),
    );

    const identify = workflowStep(this, 'Identify', steps.identify, {
      comment: 'Whose statement it is and in which format',
      resultPath: '$.identified',
    });
    const plan = workflowStep(this, 'Plan', steps.plan, {
      comment: 'Byte ranges of the file and number of shards',
      resultPath: '$.plan',
    });
    const conclude = workflowStep(this, 'Conclude', steps.conclude, {
      comment: 'Totals of both sides, control totals, differences',
      resultPath: '$.conclusion',
      // a version of the same day is at work: wait for it, an hour at most
      retry: {
        errors: ['EarlierVersionRunning'],
        interval: Duration.seconds(5),
        backoffRate: 1.5,
        maxDelay: Duration.minutes(1),
        maxAttempts: 60,
      },
    });
    const handle = workflowStep(this, 'Handle', steps.handle, {
      comment: 'Completes open payments and books every difference to suspense',
      resultPath: '$.handled',
    });
    const settle = workflowStep(this, 'Settle', steps.settle, {
      comment: 'Moves the day from pending to reconciled when nothing is open',
      resultPath: '$.settled',
    });
    const report = workflowStep(this, 'Report', steps.report, {
      comment: 'Writes the detail reports; the day has its end already',
      resultPath: '$.reported',
    });
    const staged = this.stageBothSides();
    const matched = this.matchShards();
    const balanced = new Succeed(this, 'Balanced', { comment: 'Both sides agree; the day is settled' });
    const differing = new Succeed(this, 'Differing', { comment: 'Differences are open, or lines could not be read' });

    identify.next(
      new Choice(this, 'Is the statement good?', { comment: 'Announced, readable and in a format of its channel' })
        .when(Condition.isPresent('$.identified.rejection'), quarantine)
        .otherwise(plan),
    );
    plan.next(staged).next(matched).next(conclude);
    conclude.next(
      new Choice(this, 'Does the file tie?', { comment: 'Its lines are what its own summary says' })
        .when(Condition.isPresent('$.conclusion.rejection'), quarantine)
        .otherwise(handle),
    );
    handle
      .next(settle)
      .next(report)
      .next(
        new Choice(this, 'Is the day balanced?')
          .when(Condition.stringEquals('$.settled.status', 'balanced'), balanced)
          .otherwise(differing),
      );

    const resumption = new Choice(this, 'Where does it begin?', {
      comment: 'At the first step, or where an attempt failed that could not be redriven',
    });
    for (const step of [plan, staged, matched, conclude, handle, settle, report, quarantine]) {
      resumption.when(
        Condition.and(Condition.isPresent('$.resumeAt'), Condition.stringEquals('$.resumeAt', step.id)),
        step,
      );
    }
    resumption.otherwise(identify);

    this.stateMachine = workflowMachine(this, {
      stage,
      name: 'reconcile-statement',
      comment: 'Reconciles one version of a channel statement',
      start: resumption,
      timeout: Duration.hours(6),
    });
  }

  /** 挂账: the channel's rows and our payments, laid out by shard. */
  private stageBothSides(): Parallel {
    const { steps } = this.props;
    return new Parallel(this, 'Stage', {
      comment: 'Lays both sides out by shard',
      resultPath: JsonPath.DISCARD,
    }).branch(
      this.map('Stage channel rows', { itemsKey: '$.plan.rangesKey', label: 'StageChannelRows' }).itemProcessor(
        workflowStep(this, 'Stage byte range', steps.stageChannelRows, {
          comment: 'Reads the lines of one byte range',
        }),
      ),
      this.map('Stage own payments', {
        itemsKey: '$.plan.expectationShardsKey',
        label: 'StageOwnPayments',
      }).itemProcessor(
        workflowStep(this, 'Stage expectations', steps.stageOwnPayments, {
          comment: 'Reads one shard of our payments',
        }),
      ),
    );
  }

  private matchShards(): DistributedMap {
    return this.map('Match', { itemsKey: '$.plan.shardsKey', label: 'Match' }).itemProcessor(
      workflowStep(this, 'Match shard', this.props.steps.match, { comment: 'Joins and classifies one shard' }),
    );
  }

  /** A distributed map whose items lie in the working bucket. Any item that fails fails the map: no line is dropped. */
  private map(name: string, { itemsKey, label }: { itemsKey: string; label: string }): DistributedMap {
    const { workingBucket, stage } = this.props;
    return new DistributedMap(this, name, {
      label,
      // the library's own classes declare an optional field more loosely than its interface does
      itemReader: new S3JsonItemReader({ bucket: workingBucket as IBucket, key: JsonPath.stringAt(itemsKey) }),
      itemSelector: { run: JsonPath.objectAt('$'), item: JsonPath.objectAt('$$.Map.Item.Value') },
      maxConcurrency: stage.mapConcurrency,
      mapExecutionType: StateMachineType.STANDARD,
      resultPath: JsonPath.DISCARD,
    });
  }
}
