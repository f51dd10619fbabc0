/** What bundles hold in place of `@aws-sdk/client-secrets-manager`; a name that is missing here stops the bundling. */
import type { ClientSettings } from './connection.ts';
import { commandOf, JsonClient } from './json-client.ts';

export const CreateSecretCommand = commandOf('CreateSecret');
export const GetSecretValueCommand = commandOf('GetSecretValue');
export const PutSecretValueCommand = commandOf('PutSecretValue');

export class SecretsManagerClient extends JsonClient {
  constructor(settings: ClientSettings) {
    super({ name: 'secretsmanager', version: '1.1', target: 'secretsmanager' }, settings);
  }
}
