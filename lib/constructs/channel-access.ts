import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { DataStack } from '../stacks/data-stack.ts';
import type { SandboxStack } from '../stacks/sandbox-stack.ts';

/** Lets a function look up the configuration of channels, card bins and merchant numbers; registering one needs `dynamodb:PutItem` besides. */
export function grantChannelLookup(handler: LambdaFunction, data: DataStack, sandbox?: SandboxStack): void {
  handler.addEnvironment('CHANNELS_TABLE', data.channelsTable.tableName);
  data.channelsTable.grant(handler, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
  if (sandbox) handler.addEnvironment('SANDBOX_CHANNEL_URL', sandbox.channelUrl);
}

/** Lets a function call channels: look them up, and read the credentials of merchant numbers and the secret of the sandbox. */
export function grantChannels(handler: LambdaFunction, data: DataStack, sandbox?: SandboxStack): void {
  grantChannelLookup(handler, data, sandbox);
  // whoever sends an order may be the one that tries an open circuit
  data.channelsTable.grant(handler, 'dynamodb:UpdateItem');
  grantMerchantSecrets(handler, data, 'secretsmanager:GetSecretValue');
  if (!sandbox) return;
  handler.addEnvironment('SANDBOX_CHANNEL_SECRET_ARN', sandbox.signatureSecretArn);
  sandbox.secret.grantRead(handler);
}

/** Lets a function do something with the credentials of merchant numbers, which operators put and adapters read. */
export function grantMerchantSecrets(
  handler: LambdaFunction,
  { merchantSecretsPrefix: prefix }: DataStack,
  ...actions: readonly string[]
): void {
  handler.addEnvironment('MERCHANT_SECRETS_PREFIX', prefix);
  const resource = { service: 'secretsmanager', resource: 'secret', resourceName: `${prefix}*` };
  const arn = Stack.of(handler).formatArn({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  handler.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [arn] }));
}
