import { CfnOutput, Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';
import { CloseDays, type ClosingSteps } from '../workflows/close-days.ts';
import type { DataStack } from './data-stack.ts';

export interface ClosingStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
}

/** 日切: the end of every business day. */
export class ClosingStack extends Stack {
  private readonly props: ClosingStackProps;

  constructor(scope: Construct, id: string, props: ClosingStackProps) {
    const { stage, data, ...stackProps } = props;
    super(scope, id, stackProps);
    this.props = props;
    const { stateMachine } = new CloseDays(this, 'CloseDays', {
      stage,
      steps: this.steps(),
      booksBucket: data.booksBucket,
    });
    this.closeDaily(stateMachine);
    this.alarmForFailed(stateMachine);
    this.watch();
    new CfnOutput(this, 'CloseDaysStateMachineArn', { value: stateMachine.stateMachineArn });
  }

  private steps(): ClosingSteps {
    const { ledgerTable } = this.props.data;
    const nextDay = this.step('NextDay', {
      entry: 'ledger/handlers/close-next-day.ts',
      purpose: 'Moves the business date and names the next day to be closed',
      environment: {
        CLOSE_GRACE_SECONDS: String(this.props.stage.closeGraceSeconds),
        CLOSE_AHEAD_DAYS: String(this.props.stage.closeAheadDays),
      },
    });
    ledgerTable.grant(nextDay, 'dynamodb:GetItem', 'dynamodb:PutItem');

    const closeShard = this.step('CloseShard', {
      entry: 'ledger/handlers/close-shard.ts',
      purpose: 'Follows the accounts of one shard through a business day',
      timeout: Duration.minutes(15),
      memoryMegabytes: 1769,
    });
    ledgerTable.grant(closeShard, 'dynamodb:GetItem', 'dynamodb:Query');
    this.mayUseFiles(closeShard, { read: ['balances'], write: ['balances', 'work'] });

    const planInstitutions = this.step('PlanInstitutions', {
      entry: 'ledger/handlers/close-plan-institutions.ts',
      purpose: 'Checks that a business day balances and lays out whose books it concerns',
      timeout: Duration.minutes(2),
    });
    this.mayUseFiles(planInstitutions, { read: ['work'], write: ['work'] });

    const closeInstitution = this.step('CloseInstitution', {
      entry: 'ledger/handlers/close-institution.ts',
      purpose: 'Writes the general ledger, the journal and the trial balance of one institution',
      timeout: Duration.minutes(15),
      memoryMegabytes: 1769,
    });
    ledgerTable.grant(closeInstitution, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.mayUseFiles(closeInstitution, { read: ['balances', 'work'], write: ['general-ledger', 'journal'] });

    const conclude = this.step('ConcludeDay', {
      entry: 'ledger/handlers/close-conclude.ts',
      purpose: 'Adds all books of a business day up and closes it',
      timeout: Duration.minutes(2),
    });
    ledgerTable.grant(conclude, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    return { nextDay, closeShard, planInstitutions, closeInstitution, conclude };
  }

  private closeDaily(stateMachine: StateMachine): void {
    const { cutOff, timeZone } = this.props.stage;
    new Schedule(this, 'Daily', {
      description: 'Ends the business day',
      schedule: ScheduleExpression.cron({
        hour: String(cutOff.hour),
        minute: String(cutOff.minute),
        timeZone: TimeZone.of(timeZone),
      }),
      target: new StepFunctionsStartExecution(stateMachine, { input: ScheduleTargetInput.fromObject({}) }),
    });
  }

  private alarmForFailed(stateMachine: StateMachine): void {
    new Alarm(this, 'ExecutionsFailed', {
      alarmDescription: 'The close of a business day failed: finance has no figures of it until it is redriven',
      // one that was stopped or ran too long leaves a day unclosed, which the watch below notices
      metric: stateMachine.metricFailed({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Fails, and so raises its alarm, for as long as a day is overdue; that no execution ran at all fails no execution. */
  private watch(): void {
    const watcher = this.step('WatchBusinessDate', {
      entry: 'ledger/handlers/close-watch.ts',
      purpose: 'Looks whether the business date follows the calendar and the day before is closed',
      whenItFails:
        'The business day is more than an hour behind the calendar, or the day before is not closed: start the close by hand',
    });
    this.props.data.ledgerTable.grant(watcher, 'dynamodb:GetItem');
    new Schedule(this, 'Hourly', {
      description: 'Looks whether the last business day was closed',
      schedule: ScheduleExpression.cron({ minute: '5', timeZone: TimeZone.of(this.props.stage.timeZone) }),
      target: new LambdaInvoke(watcher, { input: ScheduleTargetInput.fromObject({}) }),
    });
  }

  private mayUseFiles(
    handler: ServiceFunction,
    { read, write }: { readonly read: readonly string[]; readonly write: readonly string[] },
  ): void {
    const { booksBucket } = this.props.data;
    const under = (prefixes: readonly string[]) => prefixes.map((prefix) => booksBucket.arnForObjects(`${prefix}/*`));
    handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: under(read) }));
    handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: under(write) }));
  }

  private step(
    name: string,
    props: Omit<ServiceFunctionProps, 'stage' | 'whenItFails'> & { readonly whenItFails?: string },
  ): ServiceFunction {
    const { stage, data } = this.props;
    return new ServiceFunction(this, name, {
      whenItFails: 'The close of a business day fails or waits at this step; its execution says where',
      ...props,
      stage,
      environment: {
        LEDGER_TABLE: data.ledgerTable.tableName,
        BOOKS_BUCKET: data.booksBucket.bucketName,
        TIME_ZONE: stage.timeZone,
        ...props.environment,
      },
    });
  }
}
