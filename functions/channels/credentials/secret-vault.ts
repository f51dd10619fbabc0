/** Credentials in Secrets Manager, one secret for each merchant number. */
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { MerchantReference } from '../channel-adapter.ts';
import { type Credentials, credentialsSchema } from './credentials.ts';

export interface SecretVault {
  readonly put: (merchant: MerchantReference, credentials: Credentials) => Promise<void>;
  /** undefined where none were ever put */
  readonly read: (merchant: MerchantReference) => Promise<Credentials | undefined>;
}

/** @param prefix such as `fund-center/staging/merchants/`; a function's policy opens it alone */
export function secretVault({
  client,
  prefix,
}: {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly prefix: string;
}): SecretVault {
  const nameOf = ({ channel, merchantNo }: MerchantReference) => `${prefix}${channel}/${merchantNo}`;
  const replace = async (SecretId: string, SecretString: string) => {
    await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  };
  return {
    put: async (merchant, credentials) => {
      const name = nameOf(merchant);
      const text = JSON.stringify(credentials);
      try {
        await replace(name, text);
      } catch (error) {
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
        await client.send(
          new CreateSecretCommand({
            Name: name,
            SecretString: text,
            Description: 'Credentials of a merchant number, put by an operator',
          }),
        );
      }
    },
    read: async (merchant) => {
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: nameOf(merchant) }));
        return credentialsSchema.parse(JSON.parse(SecretString ?? ''));
      } catch (error) {
        if (isNamed(error, 'ResourceNotFoundException')) return undefined;
        throw error;
      }
    },
  };
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
