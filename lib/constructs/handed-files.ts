import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

/** Files too large for an answer wait here for a day to be fetched; each can be made again at any time. */
export class HandedFiles extends Construct {
  private readonly bucket: Bucket;
  private readonly inlineBytes: number;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.inlineBytes = stage.statementInlineBytes;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: stage.tlsOnly,
      lifecycleRules: [{ expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: stage.removalPolicy,
    });
  }

  /** Lets a function hand files over, and links to them: a link may do what the function itself may. */
  letHandOver(handler: LambdaFunction, prefix: 'statements' | 'transactions' | 'reports'): void {
    handler.addEnvironment('STATEMENT_FILES_BUCKET', this.bucket.bucketName);
    handler.addEnvironment('STATEMENT_INLINE_BYTES', `${this.inlineBytes}`);
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:GetObject'],
        resources: [this.bucket.arnForObjects(`${prefix}/*`)],
      }),
    );
  }
}
