import { CfnOutput, SecretValue, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { CenterApi } from '../constructs/center-api.ts';
import { HandedFiles } from '../constructs/handed-files.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { StoredSecret } from '../constructs/stored-secret.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import type { Stage } from '../stages.ts';
import { addAccessRoutes } from './api/access-routes.ts';
import { addAccountChangeRoutes } from './api/account-change-routes.ts';
import { addCallbackReception } from './api/callback-routes.ts';
import { addHoldRoutes } from './api/hold-routes.ts';
import { addLedgerRoutes } from './api/ledger-routes.ts';
import { addReconciliationRoutes } from './api/reconciliation-routes.ts';
import { addReportRoutes } from './api/report-routes.ts';
import { addTransferRoutes } from './api/transfer-routes.ts';
import type { DataStack } from './data-stack.ts';
import type { SandboxStack } from './sandbox-stack.ts';

export interface ApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  /** absent where the sandbox channel is not deployed */
  readonly sandbox?: SandboxStack;
}

/** The HTTP API: who may call, and one function per route. */
export class ApiStack extends Stack {
  /** messages of channels to look at again */
  readonly looks: WorkQueue;
  /** for stacks that serve routes of their own */
  readonly center: CenterApi;
  readonly files: HandedFiles;

  constructor(scope: Construct, id: string, { stage, data, sandbox, ...props }: ApiStackProps) {
    super(scope, id, props);
    const operator = this.bootstrapOperator('Operator', data);
    const approver = this.bootstrapOperator('Approver', data);

    const jwksUrl = stage.jwksUrl(data.userPool.userPoolId);
    const authorizeCaller = new ServiceFunction(this, 'AuthorizeCaller', {
      stage,
      entry: 'access/handlers/authorize-caller.ts',
      purpose: 'Verifies a bearer token and looks up whom it belongs to',
      whenItFails: 'Callers of the API are turned away although their tokens are good',
      environment: {
        ACCESS_TABLE: data.accessTable.tableName,
        USER_POOL_ID: data.userPool.userPoolId,
        BOOTSTRAP_OPERATOR_CLIENT_IDS: [operator.ref, approver.ref].join(','),
        ...(jwksUrl && { JWKS_URL: jwksUrl }),
      },
    });
    data.accessTable.grant(authorizeCaller, 'dynamodb:GetItem');

    const api = new CenterApi(this, 'Api', { stage, authorizeCaller, idempotencyTable: data.idempotencyTable });
    this.center = api;
    addAccessRoutes(api, data);
    this.files = new HandedFiles(this, 'HandedFiles', { stage });
    addLedgerRoutes(api, data, this.files);
    addHoldRoutes(api, data);
    addTransferRoutes(api, data);
    addAccountChangeRoutes(api, data);
    addReportRoutes(api, data);
    addReconciliationRoutes(api, data);
    this.looks = addCallbackReception(api, data, sandbox);
    api.document({ tokenUrl: data.tokenUrl });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }

  /** A machine operator for scripts: its id and secret are outputs. Two of them, since one can't approve its own proposals. */
  private bootstrapOperator(name: 'Operator' | 'Approver', data: DataStack): CfnUserPoolClient {
    const client = new CfnUserPoolClient(this, `${name}Client`, {
      userPoolId: data.userPool.userPoolId,
      clientName: `bootstrap-${name.toLowerCase()}`,
      generateSecret: true,
      allowedOAuthFlows: ['client_credentials'],
      allowedOAuthFlowsUserPoolClient: true,
      allowedOAuthScopes: [data.apiScope],
    });
    const secret = new StoredSecret(this, `${name}ClientSecret`, {
      description: `Client secret of the bootstrap ${name.toLowerCase()}`,
      secretStringValue: SecretValue.resourceAttribute(client.attrClientSecret),
    });
    new CfnOutput(this, `${name}ClientId`, { value: client.ref });
    new CfnOutput(this, `${name}ClientSecretArn`, { value: secret.byArn.secretArn });
    return client;
  }
}
