import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { createStatementUploadRoute } from '../../../functions/reconciliation/uploads/upload-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import { grantChannelLookup } from '../../constructs/channel-access.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** The route by which statements are brought. */
export function addUploadRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  const { reconciliationTable, statementBucket } = data;
  const upload = api.serve('CreateStatementUpload', createStatementUploadRoute, {
    entry: 'reconciliation/handlers/create-statement-upload.ts',
    whenItFails: 'Institutions and operators cannot bring statements by the API',
    environment: {
      RECONCILIATION_TABLE: reconciliationTable.tableName,
      STATEMENT_BUCKET: statementBucket.bucketName,
    },
  });
  reconciliationTable.grant(upload, 'dynamodb:GetItem', 'dynamodb:PutItem');
  grantChannelLookup(upload, data, sandbox);
  // whoever has the link may do what the function that signed it may
  const resources = [statementBucket.arnForObjects('statements/*')];
  upload.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources }));
}
