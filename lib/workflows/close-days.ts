/**
 * 日切, the state machine that closes business days: NextDay → Wait → CloseDay (Close shards → Plan institutions → Close
 * institutions → Conclude), and again until every day before the open one is closed.
 *
 * Started with `{}` it opens the calendar day, with `{"until": "YYYY-MM-DD"}` that day. Every step can be repeated, and
 * an execution writes only under its own name: one that is redriven goes on where it stopped, and of two at once the first
 * to conclude a day closes it.
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
  type RetryProps,
  S3JsonItemReader,
  type StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { type WorkflowStepProps, workflowMachine, workflowStep } from '../constructs/workflow.ts';
import type { Stage } from '../stages.ts';

/** One function per step. */
export interface ClosingSteps {
  readonly nextDay: IFunction;
  readonly closeShard: IFunction;
  readonly planInstitutions: IFunction;
  readonly closeInstitution: IFunction;
  readonly conclude: IFunction;
}

export interface CloseDaysProps {
  readonly stage: Stage;
  readonly steps: ClosingSteps;
  readonly booksBucket: Bucket;
}

/** Which day, and under which name its files go. */
const run = { day: JsonPath.stringAt('$.next.day'), run: JsonPath.stringAt('$$.Execution.Name') };

/** The index follows the table within a second, as a rule; after some forty minutes it is no longer believed. */
const indexBehind = {
  errors: ['IndexBehind'],
  interval: Duration.seconds(30),
  backoffRate: 1.5,
  maxDelay: Duration.minutes(5),
  maxAttempts: 12,
} satisfies RetryProps;

export class CloseDays extends Construct {
  readonly stateMachine: StateMachine;
  private readonly props: CloseDaysProps;

  constructor(scope: Construct, id: string, props: CloseDaysProps) {
    super(scope, id);
    this.props = props;
    const { stage, steps } = props;

    const nextDay = this.step('NextDay', steps.nextDay, {
      comment: 'Moves the business date; names the oldest day that is left and not closed',
      payload: TaskInput.fromObject({ start: JsonPath.objectAt('$$.Execution.Input') }),
      resultPath: '$.next',
    });
    const wait = new Wait(this, 'Wait', {
      comment: 'Until nothing can join the day any more',
      time: WaitTime.timestampPath('$.next.readyAt'),
    });
    nextDay.next(
      new Choice(this, 'Is a day to be closed?')
        .when(Condition.isPresent('$.next.day'), wait)
        .when(
          Condition.isPresent('$.next.refused'),
          new Fail(this, 'Refused', {
            comment: 'The day that it was started with makes no sense',
            error: 'InvalidDay',
            causePath: JsonPath.stringAt('$.next.detail'),
          }),
        )
        .otherwise(new Succeed(this, 'Closed', { comment: 'Every day before the open one is closed' })),
    );
    wait.next(this.closeDay()).next(nextDay);

    this.stateMachine = workflowMachine(this, {
      stage,
      name: 'close-days',
      comment: 'Closes business days',
      start: nextDay,
      timeout: Duration.hours(12),
    });
  }

  /** The steps of one day, taken together: where the index was behind, all of them are done again. */
  private closeDay(): Parallel {
    const { steps } = this.props;
    const closeShards = this.map('Close shards', {
      comment: 'Follows every chain of a shard through the day',
      itemsPath: '$.next.shards',
      itemSelector: { ...run, shard: JsonPath.numberAt('$$.Map.Item.Value') },
    }).itemProcessor(this.step('Close shard', steps.closeShard, { comment: 'Lays one shard of the day out by owner' }));
    const planInstitutions = this.step('Plan institutions', steps.planInstitutions, {
      comment: 'Checks that debits equal credits; whose books the day concerns',
      payload: TaskInput.fromObject(run),
      resultPath: '$.owners',
    });
    const closeInstitutions = this.map('Close institutions', {
      comment: 'General ledger, journal and trial balance of each institution',
      itemReader: new S3JsonItemReader({
        // the library's own classes declare an optional field more loosely than its interface does
        bucket: this.props.booksBucket as IBucket,
        key: JsonPath.stringAt('$.owners.ownersKey'),
      }),
      itemSelector: { ...run, work: JsonPath.objectAt('$$.Map.Item.Value') },
    }).itemProcessor(this.step('Close institution', steps.closeInstitution, { comment: "One institution's books" }));
    const conclude = this.step('Conclude', steps.conclude, {
      comment: 'Adds all books up once more and closes the day',
      payload: TaskInput.fromObject(run),
    });
    const day = new Parallel(this, 'CloseDay', { comment: 'Closes one day', resultPath: JsonPath.DISCARD });
    day.branch(closeShards.next(planInstitutions).next(closeInstitutions).next(conclude));
    return day.addRetry(indexBehind);
  }

  /** Any item that fails fails the map: no shard and no institution is left out. */
  private map(
    name: string,
    props: {
      readonly comment: string;
      readonly itemsPath?: string;
      readonly itemReader?: S3JsonItemReader;
      readonly itemSelector: Record<string, unknown>;
    },
  ): DistributedMap {
    return new DistributedMap(this, name, {
      ...props,
      label: name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase()),
      maxConcurrency: this.props.stage.mapConcurrency,
      mapExecutionType: StateMachineType.STANDARD,
      resultPath: JsonPath.DISCARD,
    });
  }

  private step(name: string, handler: IFunction, props: Omit<WorkflowStepProps, 'retry'>): LambdaInvoke {
    // what a shard lacks is there at a later try; where the sums lack it, only the shards know better
    const retry = handler === this.props.steps.closeShard ? indexBehind : { ...indexBehind, maxAttempts: 0 };
    return workflowStep(this, name, handler, { ...props, retry });
  }
}
