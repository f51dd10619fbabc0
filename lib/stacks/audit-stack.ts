import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';
import { AuditLedger, type AuditSteps } from '../workflows/audit-ledger.ts';
import type { DataStack } from './data-stack.ts';

export interface AuditStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
}

/** The proof of the books: it reads every table of money and writes to none. */
export class AuditStack extends Stack {
  private readonly props: AuditStackProps;
  private readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: AuditStackProps) {
    const { stage, data: _data, ...stackProps } = props;
    super(scope, id, stackProps);
    this.props = props;
    this.bucket = new Bucket(this, 'Working', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: stage.tlsOnly,
      lifecycleRules: [
        { prefix: 'audits/', expiration: Duration.days(7) },
        { prefix: 'reports/', expiration: Duration.days(3 * 365) },
      ],
      removalPolicy: stage.removalPolicy,
    });
    const { stateMachine } = new AuditLedger(this, 'AuditLedger', {
      stage,
      steps: this.steps(),
      workingBucket: this.bucket,
    });
    new Rule(this, 'Weekly', {
      description: 'Audits the ledger in the quietest hours of the week: Monday, 02:00 in Shanghai',
      schedule: Schedule.cron({ weekDay: 'SUN', hour: '18', minute: '0' }),
      enabled: stage.auditsWeekly,
      targets: [new SfnStateMachine(stateMachine)],
    });
    this.alarm(stateMachine);

    new CfnOutput(this, 'AuditStateMachineArn', { value: stateMachine.stateMachineArn });
    new CfnOutput(this, 'AuditBucketName', { value: this.bucket.bucketName });
    new CfnOutput(this, 'PaymentsTableName', { value: props.data.paymentsTable.tableName });
    new CfnOutput(this, 'PartiesTableName', { value: props.data.partiesTable.tableName });
  }

  private alarm(stateMachine: StateMachine): void {
    const period = Duration.minutes(5);
    const unless = 'nobody can say that the books are right';
    for (const [id, metric, alarmDescription] of [
      ['NotClean', stateMachine.metricFailed({ period }), `The audit found the ledger damaged, or failed: ${unless}`],
      ['TookTooLong', stateMachine.metricTimedOut({ period }), `The audit has not come to its end in a day: ${unless}`],
    ] as const) {
      new Alarm(this, id, {
        alarmDescription,
        metric,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    }
  }

  private steps(): AuditSteps {
    const { data } = this.props;
    const tables = [data.ledgerTable, data.paymentsTable, data.partiesTable, data.reconciliationTable];
    const plan = this.step('PlanAudit', {
      entry: 'ledger/handlers/audit-plan.ts',
      purpose: 'Divides the tables into parts for an audit',
    });
    for (const table of tables) table.grant(plan, 'dynamodb:DescribeTable');
    this.grantFiles(plan, ['s3:PutObject'], 'audits/*');

    const scan = this.step('ScanPart', {
      entry: 'ledger/handlers/audit-scan.ts',
      purpose: 'Reads one part of a table for an audit and follows the chains in it',
      timeout: Duration.minutes(15),
    });
    for (const table of tables) table.grant(scan, 'dynamodb:Scan');
    // the last link of a chain that an earlier call has begun
    data.ledgerTable.grant(scan, 'dynamodb:GetItem');
    this.grantFiles(scan, ['s3:GetObject', 's3:PutObject'], 'audits/*');

    const join = this.step('JoinShard', {
      entry: 'ledger/handlers/audit-join.ts',
      purpose: 'Joins what the parts say of the postings, accounts and holds of one shard',
      timeout: Duration.minutes(15),
    });
    this.grantFiles(join, ['s3:GetObject', 's3:PutObject'], 'audits/*');

    const conclude = this.step('ConcludeAudit', {
      entry: 'ledger/handlers/audit-conclude.ts',
      purpose: 'Adds the books up, writes the report of an audit and gives the verdict',
      timeout: Duration.minutes(15),
    });
    this.grantFiles(conclude, ['s3:GetObject', 's3:PutObject'], 'audits/*');
    this.grantFiles(conclude, ['s3:PutObject'], 'reports/*');
    return { plan, scan, join, conclude };
  }

  private step(name: string, props: Pick<ServiceFunctionProps, 'entry' | 'purpose' | 'timeout'>): ServiceFunction {
    const { stage, data } = this.props;
    return new ServiceFunction(this, name, {
      whenItFails: 'Audits of the ledger fail at this step: nobody can say that the books are right',
      // a shard is joined in memory; memory buys processor time as well
      memoryMegabytes: 1769,
      ...props,
      stage,
      environment: {
        LEDGER_TABLE: data.ledgerTable.tableName,
        PAYMENTS_TABLE: data.paymentsTable.tableName,
        PARTIES_TABLE: data.partiesTable.tableName,
        RECONCILIATION_TABLE: data.reconciliationTable.tableName,
        AUDIT_BUCKET: this.bucket.bucketName,
      },
    });
  }

  private grantFiles(handler: ServiceFunction, actions: readonly string[], keys: string): void {
    handler.addToRolePolicy(
      new PolicyStatement({ actions: [...actions], resources: [this.bucket.arnForObjects(keys)] }),
    );
  }
}
