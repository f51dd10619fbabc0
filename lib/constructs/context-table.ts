import { AttributeType, BillingMode, type StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

export interface ContextTableProps {
  readonly stage: Stage;
  /** the attribute, in epoch seconds, after which DynamoDB forgets an item */
  readonly timeToLiveAttribute?: string;
  /** false for a table whose items have only a partition key */
  readonly sortKey?: boolean;
  readonly stream?: StreamViewType;
}

/** The one table of a context: `pk` and `sk`, on demand, encrypted, restorable to any second of 35 days, retained. */
export class ContextTable extends Table {
  constructor(scope: Construct, id: string, props: ContextTableProps) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      ...(props.sortKey !== false && { sortKey: { name: 'sk', type: AttributeType.STRING } }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: props.stage.removalPolicy,
      ...(props.timeToLiveAttribute !== undefined && { timeToLiveAttribute: props.timeToLiveAttribute }),
      ...(props.stream && { stream: props.stream }),
    });
  }
}
