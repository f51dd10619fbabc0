import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Found, resourcesOf, type Stack, synthesise } from '../support/synthesised.ts';

let stacks: readonly Stack[];

beforeAll(() => {
  stacks = synthesise('production');
});

const only = (type: string, stack = 'Data'): Found[] =>
  resourcesOf(stacks, type).filter((found) => found.stack === stack);

describe('what outlives a deployment', () => {
  test('is retained when its stack goes, and when it would be replaced', () => {
    const types = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Cognito::UserPool'];
    const lost = types
      .flatMap((type) => only(type))
      .filter(({ resource }) => resource.DeletionPolicy !== 'Retain' || resource.UpdateReplacePolicy !== 'Retain');
    expect(lost.map(({ id }) => id)).toEqual([]);
  });
});

describe('every table', () => {
  test('can be restored to any second, is encrypted, pays per request and resists deletion', () => {
    const tables = only('AWS::DynamoDB::Table');
    expect(tables.length).toBeGreaterThanOrEqual(7);
    for (const { resource } of tables) {
      expect(resource.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
      });
    }
  });
});

describe('the statement bucket', () => {
  const bucket = () => {
    const [found] = only('AWS::S3::Bucket').filter(({ id }) => id.startsWith('Statements'));
    if (!found) throw new Error('there is no statement bucket');
    return found;
  };

  test('keeps every version under a lock of ten years', () => {
    expect(bucket().resource.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3650 } } },
    });
  });

  test('is encrypted and closed to the public', () => {
    expect(bucket().resource.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test('tells EventBridge of every upload', () => {
    expect(bucket().resource.Properties).toMatchObject({
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
  });
});

test('every bucket refuses requests without TLS', () => {
  const policies = resourcesOf(stacks, 'AWS::S3::BucketPolicy').map(({ resource }) => resource.Properties);
  const buckets = resourcesOf(stacks, 'AWS::S3::Bucket');
  expect(buckets.length).toBeGreaterThan(0);
  for (const { id } of buckets) {
    expect(policies).toContainEqual(
      expect.objectContaining({
        Bucket: { Ref: id },
        PolicyDocument: expect.objectContaining({
          Statement: expect.arrayContaining([
            expect.objectContaining({
              Effect: 'Deny',
              Action: 's3:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ]),
        }),
      }),
    );
  }
});

test('the key of personal data is rotated', () => {
  const [key] = only('AWS::KMS::Key');
  expect(key?.resource.Properties).toMatchObject({ EnableKeyRotation: true });
});

test('nobody signs up by themselves', () => {
  const [pool] = only('AWS::Cognito::UserPool');
  expect(pool?.resource.Properties).toMatchObject({
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    DeletionProtection: 'ACTIVE',
  });
});

test('every queue is encrypted', () => {
  const open = resourcesOf(stacks, 'AWS::SQS::Queue').filter(
    ({ resource }) => resource.Properties['SqsManagedSseEnabled'] !== true && !resource.Properties['KmsMasterKeyId'],
  );
  expect(open).toEqual([]);
});
