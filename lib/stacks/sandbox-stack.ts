import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ContextTable } from '../constructs/context-table.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { StoredSecret } from '../constructs/stored-secret.ts';
import type { Stage } from '../stages.ts';
import type { DataStack } from './data-stack.ts';

export interface SandboxStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
}

/** The payment company of our own making. Of the center it knows one thing: where statements are delivered. */
export class SandboxStack extends Stack {
  /** base URL without a slash at the end */
  readonly channelUrl: string;
  /** the secret that both sides sign with */
  readonly secret: ISecret;
  readonly signatureSecretArn: string;

  constructor(scope: Construct, id: string, { stage, data, ...props }: SandboxStackProps) {
    super(scope, id, props);
    const table = new ContextTable(this, 'Books', { stage, timeToLiveAttribute: 'expiresAt' });
    this.secret = new StoredSecret(this, 'SignatureSecret', {
      description: 'Signs what the center and the sandbox channel say to each other',
      // an empty object here makes an empty secret on the emulator
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: stage.removalPolicy,
    }).byArn;
    this.signatureSecretArn = this.secret.secretArn;

    const serve = (name: string, facts: { entry: string; purpose: string; whenItFails: string }): ServiceFunction => {
      const handler = new ServiceFunction(this, name, {
        ...facts,
        stage,
        // an answer is held back for 4 s where a time-out is asked for
        timeout: Duration.seconds(20),
        environment: { SANDBOX_TABLE: table.tableName, SIGNATURE_SECRET_ARN: this.signatureSecretArn },
      });
      table.grant(handler, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
      this.secret.grantRead(handler);
      return handler;
    };

    const merchants = serve('ServeMerchants', {
      entry: 'sandbox/handlers/serve-merchants.ts',
      purpose: 'The sandbox channel: agreements, verifications and orders of merchants',
      whenItFails: 'Payments on this stage through the sandbox channel stay processing',
    });
    const control = serve('ServeControl', {
      entry: 'sandbox/handlers/serve-control.ts',
      purpose: 'The sandbox channel: what tests and demonstrations ask of it, statements first',
      whenItFails: 'Tests and demonstrations on this stage get no statements',
    });
    table.grant(control, 'dynamodb:Query');
    control.addEnvironment('STATEMENT_BUCKET', data.statementBucket.bucketName);
    control.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [data.statementBucket.arnForObjects('statements/sandbox-*')],
      }),
    );

    const api = new HttpApi(this, 'Http', { apiName: `fund-center-sandbox-${stage.name}`, createDefaultStage: false });
    api.addStage('DefaultStage', {
      autoDeploy: true,
      // anybody may knock; the signature is checked inside
      throttle: { rateLimit: 500, burstLimit: 500 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, 'AccessLogs', { retention: stage.logRetention })),
      },
    });
    const routes = { '/v1/{operation+}': merchants, '/control/{operation+}': control };
    for (const [path, handler] of Object.entries(routes)) {
      const integration = new HttpLambdaIntegration(`${handler.node.id}Integration`, handler);
      api.addRoutes({ path, methods: [HttpMethod.POST], integration });
    }
    this.channelUrl = stage.apiUrl({ id: api.apiId, endpoint: api.apiEndpoint });

    new CfnOutput(this, 'SandboxChannelUrl', { value: this.channelUrl });
    new CfnOutput(this, 'SandboxControlSecretArn', { value: this.signatureSecretArn });
  }
}
