import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { getAccountRoute, getBalancesRoute, listEntriesRoute } from '../../../functions/ledger/routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `ledger`, each with the least that its function may do. */
export function addLedgerRoutes(api: CenterApi, { ledgerTable }: DataStack): void {
  const environment = { LEDGER_TABLE: ledgerTable.tableName };
  const getAccount = api.serve('GetAccount', getAccountRoute, {
    entry: 'ledger/handlers/get-account.ts',
    whenItFails: 'Business apps and operators see no account balances',
    environment,
  });
  const getBalances = api.serve('GetBalances', getBalancesRoute, {
    entry: 'ledger/handlers/get-balances.ts',
    whenItFails: 'Business apps and operators see no balances of past moments',
    environment,
  });
  // files that wait to be fetched, each made again from the ledger at any time
  const statementFiles = new Bucket(api, 'StatementFiles', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: api.stage.tlsOnly,
    lifecycleRules: [{ expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: api.stage.removalPolicy,
  });
  const serveStatement = api.serve('ServeStatement', listEntriesRoute, {
    entry: 'ledger/handlers/list-entries.ts',
    whenItFails: 'Business apps and operators get no account statements',
    timeout: Duration.seconds(29),
    // a whole processor for files of a hundred thousand lines
    memoryMegabytes: 1769,
    environment: {
      ...environment,
      STATEMENT_FILES_BUCKET: statementFiles.bucketName,
      STATEMENT_INLINE_BYTES: `${api.stage.statementInlineBytes}`,
    },
  });
  // the link that it hands out may do what the function itself may
  serveStatement.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:PutObject', 's3:GetObject'],
      resources: [statementFiles.arnForObjects('statements/*')],
    }),
  );
  for (const reader of [getAccount, getBalances, serveStatement]) {
    ledgerTable.grant(reader, 'dynamodb:GetItem', 'dynamodb:Query');
  }
}
