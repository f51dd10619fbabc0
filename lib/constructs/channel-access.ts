import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { DataStack } from '../stacks/data-stack.ts';
import type { SandboxStack } from '../stacks/sandbox-stack.ts';

/** Lets a function look up channels and merchant numbers; registering one needs `dynamodb:PutItem` besides. */
export function grantChannelLookup(handler: LambdaFunction, data: DataStack, sandbox?: SandboxStack): void {
  handler.addEnvironment('CHANNELS_TABLE', data.channelsTable.tableName);
  data.channelsTable.grant(handler, 'dynamodb:GetItem', 'dynamodb:Query');
  if (sandbox) handler.addEnvironment('SANDBOX_CHANNEL_URL', sandbox.channelUrl);
}

/** Lets a function call channels: look them up, and read the secret that signs what is sent to the sandbox. */
export function grantChannels(handler: LambdaFunction, data: DataStack, sandbox?: SandboxStack): void {
  grantChannelLookup(handler, data, sandbox);
  if (!sandbox) return;
  handler.addEnvironment('SANDBOX_CHANNEL_SECRET_ARN', sandbox.signatureSecretArn);
  sandbox.secret.grantRead(handler);
}
