import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { statementFormatNames } from '../bundles.ts';
import { grantChannelLookup, grantChannels } from '../constructs/channel-access.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function.ts';
import { grantReceiving } from '../constructs/statement-reception.ts';
import { rowWorkerOptions } from '../node-options.ts';
import type { Stage } from '../stages.ts';
import { ReconcileStatement, type ReconciliationSteps } from '../workflows/reconcile-statement.ts';
import type { DataStack } from './data-stack.ts';
import type { SandboxStack } from './sandbox-stack.ts';

export interface ReconciliationStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  /** absent where the sandbox channel is not deployed */
  readonly sandbox?: SandboxStack;
}

/** What happens to a channel's statement from its arrival to the settled day. */
export class ReconciliationStack extends Stack {
  private readonly props: ReconciliationStackProps;
  readonly stateMachine: StateMachine;
  private readonly workingBucket: Bucket;

  constructor(scope: Construct, id: string, props: ReconciliationStackProps) {
    const { stage, data: _data, sandbox: _sandbox, ...stackProps } = props;
    super(scope, id, stackProps);
    this.props = props;
    this.workingBucket = new Bucket(this, 'Working', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: stage.tlsOnly,
      lifecycleRules: [{ expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: stage.removalPolicy,
    });

    const { stateMachine } = new ReconcileStatement(this, 'ReconcileStatement', {
      stage,
      steps: this.steps(),
      workingBucket: this.workingBucket,
    });
    this.stateMachine = stateMachine;
    this.receiveStatements(stateMachine);
    this.noteFaults(stateMachine.stateMachineArn);
    new Alarm(this, 'ExecutionsFailed', {
      alarmDescription: 'A statement was rejected or its reconciliation failed: the day of a merchant is not settled',
      metric: stateMachine.metricFailed({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    new CfnOutput(this, 'ReconciliationStateMachineArn', { value: stateMachine.stateMachineArn });
    new CfnOutput(this, 'ReconciliationTableName', { value: props.data.reconciliationTable.tableName });
    new CfnOutput(this, 'ConsoleUrl', {
      value: stage.consoleUrl({ arn: stateMachine.stateMachineArn, region: this.region }),
    });
  }

  private steps(): ReconciliationSteps {
    const { data } = this.props;
    const identify = this.step('IdentifyStatement', {
      entry: 'reconciliation/handlers/identify-statement.ts',
      purpose: 'Finds whose statement a file is and in which format, and unpacks it',
      environment: { STATEMENT_FORMATS: statementFormatNames().join(',') },
      // 2 GiB are unpacked and written again
      timeout: Duration.minutes(10),
    });
    this.readStatements(identify);
    this.writeWorkingFiles(identify);
    grantChannelLookup(identify, data, this.props.sandbox);
    data.reconciliationTable.grant(identify, 'dynamodb:UpdateItem', 'dynamodb:PutItem');

    const plan = this.step('PlanStaging', {
      entry: 'reconciliation/handlers/plan-staging.ts',
      purpose: 'Cuts a statement into byte ranges on line ends',
      timeout: Duration.minutes(10),
    });
    this.readStatements(plan);
    this.writeWorkingFiles(plan);
    // what it notes of its progress
    data.reconciliationTable.grant(plan, 'dynamodb:PutItem');

    const stageChannelRows = this.step('StageChannelRows', {
      entry: 'reconciliation/handlers/stage-channel-rows.ts',
      purpose: 'Parses the lines of one byte range into shard files',
      timeout: Duration.minutes(5),
    });
    this.readStatements(stageChannelRows);
    this.writeWorkingFiles(stageChannelRows);
    // what it notes of its progress
    data.reconciliationTable.grant(stageChannelRows, 'dynamodb:PutItem');

    const stageOwnPayments = this.step('StageOwnPayments', {
      entry: 'reconciliation/handlers/stage-own-payments.ts',
      purpose: 'Lays one shard of our own payments of a day into shard files',
      timeout: Duration.minutes(5),
      environment: { PAYMENTS_TABLE: data.paymentsTable.tableName },
    });
    this.writeWorkingFiles(stageOwnPayments);
    // what it notes of its progress
    data.reconciliationTable.grant(stageOwnPayments, 'dynamodb:PutItem');
    data.paymentsTable.grant(stageOwnPayments, 'dynamodb:Query');
    data.reconciliationTable.grant(stageOwnPayments, 'dynamodb:Query');

    const match = this.step('MatchShard', {
      entry: 'reconciliation/handlers/match-staged.ts',
      purpose: 'Joins the two sides of one shard and classifies what differs',
      timeout: Duration.minutes(5),
    });
    this.writeWorkingFiles(match);
    // what it notes of its progress
    data.reconciliationTable.grant(match, 'dynamodb:PutItem');

    const conclude = this.step('ConcludeBatch', {
      entry: 'reconciliation/handlers/conclude-batch.ts',
      purpose: 'Checks control totals, adds both sides up and records differences',
      timeout: Duration.minutes(10),
      environment: { PAYMENTS_TABLE: data.paymentsTable.tableName, CHANNELS_TABLE: data.channelsTable.tableName },
    });
    this.writeWorkingFiles(conclude);
    data.paymentsTable.grant(conclude, 'dynamodb:GetItem');
    // which bank account settlements arrive at
    data.channelsTable.grant(conclude, 'dynamodb:Query');
    data.reconciliationTable.grant(
      conclude,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    );
    conclude.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [data.statementBucket.arnForObjects('reports/*')] }),
    );

    const handle = this.step('HandleDifferences', {
      entry: 'reconciliation/handlers/handle-differences.ts',
      purpose: 'Completes payments that only the statement told of and books differences to suspense',
      timeout: Duration.minutes(15),
      environment: { PAYMENTS_TABLE: data.paymentsTable.tableName, LEDGER_TABLE: data.ledgerTable.tableName },
    });
    this.writeWorkingFiles(handle);
    data.paymentsTable.grant(handle, 'dynamodb:GetItem', 'dynamodb:PutItem');
    // channels are asked about payments that a statement lacks; a payment that fails gives back what it held under
    // limits; the policy says what is resolved without a person
    grantChannels(handle, data, this.props.sandbox);
    data.reconciliationTable.grant(
      handle,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:ConditionCheckItem',
    );
    // postings are only ever added
    data.ledgerTable.grant(handle, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');

    const settle = this.step('SettleDay', {
      entry: 'reconciliation/handlers/settle-day.ts',
      purpose: 'Moves a balanced day from pending to reconciled, with the proof',
      environment: { LEDGER_TABLE: data.ledgerTable.tableName },
    });
    data.reconciliationTable.grant(
      settle,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'dynamodb:PutItem',
    );
    settle.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [data.statementBucket.arnForObjects('reports/*')] }),
    );
    data.ledgerTable.grant(settle, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');

    const report = this.step('WriteReports', {
      entry: 'reconciliation/handlers/write-reports.ts',
      purpose: 'Writes the detail reports of a statement: each line with what became of it',
      whenItFails: 'Finance gets no detail reports of a statement whose day has ended; its execution can be redriven',
      timeout: Duration.minutes(15),
      memoryMegabytes: 1769,
    });
    data.reconciliationTable.grant(report, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem');
    report.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.workingBucket.arnForObjects('*')] }),
    );
    report.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [data.statementBucket.arnForObjects('reports/*')] }),
    );

    const quarantine = this.step('QuarantineStatement', {
      entry: 'reconciliation/handlers/quarantine-statement.ts',
      purpose: 'Keeps a rejected statement apart and records why',
      timeout: Duration.minutes(5),
    });
    this.readStatements(quarantine);
    data.reconciliationTable.grant(quarantine, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    quarantine.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [data.statementBucket.arnForObjects('quarantine/*')],
      }),
    );
    return { identify, plan, stageChannelRows, stageOwnPayments, match, conclude, handle, settle, report, quarantine };
  }

  private receiveStatements(stateMachine: StateMachine): void {
    const { data, sandbox } = this.props;
    const receive = this.step('ReceiveStatement', {
      entry: 'reconciliation/handlers/receive-statement.ts',
      purpose: 'Registers a file that came and starts its reconciliation',
      whenItFails: 'Statements that came are not reconciled',
      // 2 GiB are read once for their hash
      timeout: Duration.minutes(5),
    });
    grantReceiving(receive, { data, stateMachine, sandbox });
    // whether a day is empty of which the channel says that there is no statement
    receive.addEnvironment('PAYMENTS_TABLE', data.paymentsTable.tableName);
    data.paymentsTable.grant(receive, 'dynamodb:Query');
    new Rule(this, 'StatementCame', {
      description: 'A file came under statements/',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [data.statementBucket.bucketName] },
          object: { key: [{ prefix: 'statements/' }] },
        },
      },
      targets: [new LambdaFunction(receive)],
    });
  }

  private noteFaults(stateMachineArn: string): void {
    const note = this.step('NoteFault', {
      entry: 'reconciliation/handlers/note-fault.ts',
      purpose: 'Shows a reconciliation whose execution failed as failed, and as running once it is redriven',
      whenItFails: 'A failed reconciliation is shown as running and holds up the next version of its day',
    });
    this.props.data.reconciliationTable.grant(note, 'dynamodb:UpdateItem');
    new Rule(this, 'ExecutionFailed', {
      description: 'An execution ended badly',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [new LambdaFunction(note)],
    });
    new Rule(this, 'ExecutionRedriven', {
      description: 'Somebody let a failed execution go on',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [stateMachineArn],
          status: ['RUNNING'],
          redriveCount: [{ numeric: ['>', 0] }],
        },
      },
      targets: [new LambdaFunction(note)],
    });
  }

  private step(
    name: string,
    props: Omit<ServiceFunctionProps, 'stage' | 'whenItFails'> & { readonly whenItFails?: string },
  ): ServiceFunction {
    const { stage, data } = this.props;
    return new ServiceFunction(this, name, {
      whenItFails: 'Reconciliations of statements fail or wait at this step; their executions say where',
      // memory buys processor time; the largest worker stays below half of it
      memoryMegabytes: 1024,
      ...props,
      stage,
      environment: {
        NODE_OPTIONS: rowWorkerOptions.join(' '),
        RECONCILIATION_TABLE: data.reconciliationTable.tableName,
        WORKING_BUCKET: this.workingBucket.bucketName,
        TIME_ZONE: stage.timeZone,
        ...props.environment,
      },
    });
  }

  private readStatements(handler: ServiceFunction): void {
    const resources = [this.props.data.statementBucket.arnForObjects('statements/*')];
    handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:GetObjectVersion'], resources }));
  }

  private writeWorkingFiles(handler: ServiceFunction): void {
    const resources = [this.workingBucket.arnForObjects('*')];
    handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources }));
  }
}
