import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
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

    const functionTimeout = Duration.seconds(20);
    const callbacks = new Queue(this, 'Callbacks', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.tlsOnly,
      // AWS advises six times the function's own time
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
      // whoever has not heard by then finds out by a query
      retentionPeriod: Duration.hours(1),
      removalPolicy: stage.removalPolicy,
    });
    const serve = (name: string, facts: { entry: string; purpose: string; whenItFails: string }): ServiceFunction => {
      const handler = new ServiceFunction(this, name, {
        ...facts,
        stage,
        // an answer is held back for 4 s where a time-out is asked for
        timeout: functionTimeout,
        environment: {
          SANDBOX_TABLE: table.tableName,
          SIGNATURE_SECRET_ARN: this.signatureSecretArn,
          CALLBACK_QUEUE_URL: callbacks.queueUrl,
        },
      });
      callbacks.grant(handler, 'sqs:SendMessage');
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
    const cashier = serve('ServeCashier', {
      entry: 'sandbox/handlers/serve-cashier.ts',
      purpose: 'The sandbox channel: the page on which payers pay by e-banking',
      whenItFails: 'E-banking payments on this stage through the sandbox channel expire unpaid',
    });
    const sender = serve('SendCallbacks', {
      entry: 'sandbox/handlers/send-callbacks.ts',
      purpose: 'The sandbox channel: tells merchants what became of orders that ended late',
      whenItFails: 'On this stage the sandbox channel tells nothing of its own accord: payments wait for their queries',
    });
    sender.addEventSource(new SqsEventSource(callbacks, { batchSize: 10 }));
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
    const routes = [
      { path: '/v1/{operation+}', methods: [HttpMethod.POST], handler: merchants },
      { path: '/control/{operation+}', methods: [HttpMethod.POST], handler: control },
      { path: '/cashier', methods: [HttpMethod.GET, HttpMethod.POST], handler: cashier },
      { path: '/cashier/decide', methods: [HttpMethod.POST], handler: cashier },
    ];
    for (const { path, methods, handler } of routes) {
      const integration = new HttpLambdaIntegration(`${handler.node.id}Integration`, handler);
      api.addRoutes({ path, methods, integration });
    }
    this.channelUrl = stage.apiUrl({ id: api.apiId, endpoint: api.apiEndpoint });

    new CfnOutput(this, 'SandboxChannelUrl', { value: this.channelUrl });
    new CfnOutput(this, 'SandboxControlSecretArn', { value: this.signatureSecretArn });
  }
}
