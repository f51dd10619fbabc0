import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/**
 * Reads a secret from Secrets Manager at the first use and keeps it as long as the function stays warm. A read that
 * failed is tried again at the next use.
 */
export function secretReader(client: Pick<SecretsManagerClient, 'send'>, arn: string): () => Promise<string> {
  let reading: Promise<string> | undefined;
  return () => {
    reading ??= readSecret(client, arn).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

async function readSecret(client: Pick<SecretsManagerClient, 'send'>, arn: string): Promise<string> {
  const { SecretString: secret } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (!secret) throw new Error(`the secret ${arn} is empty`);
  return secret;
}
