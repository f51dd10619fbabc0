/** A deployed fund center as those outside meet it: operators and business apps over HTTP, files and executions over AWS. */
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { type ApiClient, apiClient } from './api-client.ts';
import { type OutputName, type Outputs, output } from './outputs.ts';
import { type Credentials, tokenSource } from './tokens.ts';

export interface Center {
  readonly outputs: Outputs;
  /** a bootstrap operator, and another one who approves what the first proposes */
  readonly operator: ApiClient;
  readonly approver: ApiClient;
  /** a caller without a token */
  readonly anonymous: ApiClient;
  readonly clientWith: (credentials: Credentials) => ApiClient;
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
  readonly readSecret: (arn: string) => Promise<string>;
}

/** Region, credentials and emulator come from the environment, as for every AWS tool. */
export function centerAt(outputs: Outputs): Center {
  const secrets = new SecretsManagerClient({});
  const readSecret = async (arn: string) => {
    const { SecretString: text } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
    if (text === undefined) throw new Error(`the secret ${arn} holds no text`);
    return text;
  };
  const apiUrl = output(outputs, 'ApiUrl');
  const clientOf = (credentials: () => Promise<Credentials>) =>
    apiClient(apiUrl, tokenSource(output(outputs, 'TokenUrl'), credentials));
  const bootstrapClient = (id: OutputName, secretArn: OutputName) =>
    clientOf(async () => ({
      clientId: output(outputs, id),
      clientSecret: await readSecret(output(outputs, secretArn)),
    }));
  return {
    outputs,
    operator: bootstrapClient('OperatorClientId', 'OperatorClientSecretArn'),
    approver: bootstrapClient('ApproverClientId', 'ApproverClientSecretArn'),
    anonymous: apiClient(apiUrl, async () => undefined),
    clientWith: (credentials) => clientOf(async () => credentials),
    s3: new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined }),
    stepFunctions: new SFNClient({}),
    readSecret,
  };
}
