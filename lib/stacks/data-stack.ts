import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { OAuthScope, ResourceServerScope, UserPool, type UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, ProjectionType, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ContextTable } from '../constructs/context-table.ts';
import type { Stage } from '../stages.ts';

/** Everything that outlives a deployment: one table per context, the statement bucket, the key for personal data, the user pool. */
export class DataStack extends Stack {
  readonly ledgerTable: ContextTable;
  readonly channelsTable: ContextTable;
  readonly accessTable: ContextTable;
  readonly partiesTable: ContextTable;
  readonly paymentsTable: ContextTable;
  readonly reconciliationTable: ContextTable;
  readonly webhooksTable: ContextTable;
  readonly idempotencyTable: ContextTable;
  readonly statementBucket: Bucket;
  /** what closed business days leave behind: files for finance, and the balances that the next day begins with */
  readonly booksBucket: Bucket;
  readonly personalDataKey: Key;
  readonly cardRecognitionKey: Key;
  readonly webhookSecretKey: Key;
  readonly userPool: UserPool;
  readonly userPoolDomain: UserPoolDomain;
  /** the one OAuth2 scope of the API; what a caller may do is looked up by its client id */
  readonly apiScope: string;
  readonly tokenUrl: string;
  /** what the names of the secrets begin with that hold the credentials of merchant numbers */
  readonly merchantSecretsPrefix: string;

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { readonly stage: Stage }) {
    super(scope, id, props);
    this.ledgerTable = new ContextTable(this, 'Ledger', { stage });
    this.ledgerTable.addGlobalSecondaryIndex({
      // what moved on a business day, by institution and account, in shards: the daily close and the open day's figures
      indexName: 'by-day',
      partitionKey: { name: 'day', type: AttributeType.STRING },
      sortKey: { name: 'dayPlace', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.ledgerTable.addGlobalSecondaryIndex({
      // an institution's transfers, reversals and holds by time, in shards: GET /v1/transfers, GET /v1/freezes
      indexName: 'by-institution',
      partitionKey: { name: 'listing', type: AttributeType.STRING },
      sortKey: { name: 'listKey', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.ledgerTable.addGlobalSecondaryIndex({
      // the active holds that expire, in four parts, by when: what the sweep releases
      indexName: 'holds-by-expiry',
      partitionKey: { name: 'expiryShard', type: AttributeType.STRING },
      sortKey: { name: 'expiryKey', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    // counters of past days, outcomes of past minutes and tellings of reserves are forgotten
    this.channelsTable = new ContextTable(this, 'Channels', {
      stage,
      timeToLiveAttribute: 'expiresAt',
      // tells of reserves that are low
      stream: StreamViewType.NEW_IMAGE,
    });
    this.accessTable = new ContextTable(this, 'Access', { stage });
    this.accessTable.addGlobalSecondaryIndex({
      // what waits for an operator: GET /v1/approvals?status=proposed
      indexName: 'approvals-by-status',
      partitionKey: { name: 'status', type: AttributeType.STRING },
      sortKey: { name: 'approvalId', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.partiesTable = new ContextTable(this, 'Parties', { stage, stream: StreamViewType.NEW_AND_OLD_IMAGES });
    this.partiesTable.addGlobalSecondaryIndex({
      // an institution's verifications by time: GET /v1/verifications, GET /v1/transactions
      indexName: 'by-institution',
      partitionKey: { name: 'listing', type: AttributeType.STRING },
      sortKey: { name: 'createdKey', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.partiesTable.addGlobalSecondaryIndex({
      // verifications and bindings that somebody has to look at again, by when: what the sweep ends
      indexName: 'by-due',
      partitionKey: { name: 'due', type: AttributeType.STRING },
      sortKey: { name: 'dueKey', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    // its stream is the outbox of payments: whoever tells others of a change reads it there
    this.paymentsTable = new ContextTable(this, 'Payments', {
      stage,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // of the messages of channels; payments are kept for ever
      timeToLiveAttribute: 'forgetAt',
    });
    this.paymentsTable.addGlobalSecondaryIndex({
      // an institution's transactions by time, in shards: GET /v1/transactions
      indexName: 'by-institution',
      partitionKey: { name: 'listing', type: AttributeType.STRING },
      sortKey: { name: 'createdKey', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.paymentsTable.addGlobalSecondaryIndex({
      // what we expect a channel to report for one merchant number and day, in shards: our side of a reconciliation
      indexName: 'by-expected-day',
      partitionKey: { name: 'expectedDay', type: AttributeType.STRING },
      sortKey: { name: 'channelOrderNo', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.paymentsTable.addGlobalSecondaryIndex({
      // what still has to come to an end, or waits for people, oldest first: open payments in four parts, batches, messages of
      // channels. The sweep and GET /v1/admin/stuck-payments, GET /v1/admin/callbacks
      indexName: 'unfinished',
      partitionKey: { name: 'unfinished', type: AttributeType.STRING },
      sortKey: { name: 'createdKey', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['changedAt', 'expiresAt', 'channel', 'attempt'],
    });
    this.reconciliationTable = new ContextTable(this, 'Reconciliation', {
      stage,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    for (const [indexName, owner] of [
      // an institution's reconciliations by day and its cases by due time, and everyone's for operators: GET /v1/reconciliations,
      // GET /v1/differences
      ['by-institution', 'institutionId'],
      ['by-listing', 'listing'],
    ] as const) {
      this.reconciliationTable.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: owner, type: AttributeType.STRING },
        sortKey: { name: 'listKey', type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    }
    this.webhooksTable = new ContextTable(this, 'Webhooks', { stage, timeToLiveAttribute: 'expiresAt' });
    this.webhooksTable.addGlobalSecondaryIndex({
      // an institution's events and an endpoint's deliveries by time, in shards: GET /v1/events, GET /v1/webhook-deliveries
      indexName: 'by-listing',
      partitionKey: { name: 'listing', type: AttributeType.STRING },
      sortKey: { name: 'listKey', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.webhooksTable.addGlobalSecondaryIndex({
      // where an event or a delivery stands, by its id
      indexName: 'by-id',
      partitionKey: { name: 'id', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.webhooksTable.addGlobalSecondaryIndex({
      // open deliveries by when they are due, in four parts: what the sweep looks after
      indexName: 'open-by-due',
      partitionKey: { name: 'openShard', type: AttributeType.STRING },
      sortKey: { name: 'dueKey', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.idempotencyTable = new ContextTable(this, 'Idempotency', {
      stage,
      sortKey: false,
      timeToLiveAttribute: 'expiresAt',
    });

    this.statementBucket = new Bucket(this, 'Statements', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: stage.tlsOnly,
      versioned: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(stage.statementLockDays)),
      // of reports that were broken off
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: stage.removalPolicy,
    });
    // `eventBridgeEnabled` would add a custom resource; the bucket's own property does the same
    const bucketResource = this.statementBucket.node.defaultChild as CfnBucket; // a Bucket's default child is one
    bucketResource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };

    const kept = { expiration: Duration.days(stage.bookFileDays), noncurrentVersionExpiration: Duration.days(30) };
    this.booksBucket = new Bucket(this, 'Books', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: stage.tlsOnly,
      versioned: true,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...['general-ledger/', 'journal/', 'balances/'].map((prefix) => ({ prefix, ...kept })),
        // what the steps of a close hand to each other
        { prefix: 'work/', expiration: Duration.days(30), noncurrentVersionExpiration: Duration.days(1) },
      ],
      removalPolicy: stage.removalPolicy,
    });

    this.personalDataKey = new Key(this, 'PersonalData', {
      description: 'Encrypts the data keys of card and identity numbers',
      enableKeyRotation: true,
      removalPolicy: stage.removalPolicy,
    });

    this.cardRecognitionKey = new Key(this, 'CardRecognition', {
      description: 'Hashes card numbers, so that a card that is bound twice is recognised',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy: stage.removalPolicy,
    });

    this.webhookSecretKey = new Key(this, 'WebhookSecrets', {
      description: 'Encrypts the secrets that webhooks are signed with',
      enableKeyRotation: true,
      removalPolicy: stage.removalPolicy,
    });

    this.userPool = new UserPool(this, 'Callers', {
      selfSignUpEnabled: false,
      deletionProtection: true,
      removalPolicy: stage.removalPolicy,
    });
    const apiScope = new ResourceServerScope({ scopeName: 'api', scopeDescription: 'The Fund Center API' });
    const server = this.userPool.addResourceServer('Api', { identifier: 'fund-center', scopes: [apiScope] });
    this.apiScope = OAuthScope.resourceServer(server, apiScope).scopeName;
    const prefix = `fund-center-${stage.name}-${this.account}`;
    this.userPoolDomain = this.userPool.addDomain('Tokens', { cognitoDomain: { domainPrefix: prefix } });

    this.tokenUrl = stage.tokenUrl({ prefix, region: this.region });
    this.merchantSecretsPrefix = `fund-center/${stage.name}/merchants/`;

    new CfnOutput(this, 'StatementBucketName', { value: this.statementBucket.bucketName });
    new CfnOutput(this, 'TokenUrl', { value: this.tokenUrl });
    new CfnOutput(this, 'LedgerTableName', { value: this.ledgerTable.tableName });
  }
}
