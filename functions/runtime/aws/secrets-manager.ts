/** What bundles hold in place of `@aws-sdk/client-secrets-manager`; a name that is missing here stops the bundling. */
import type { ClientSettings } from './connection.ts';
import { commandOf, JsonClient } from './json-client.ts';

export const GetSecretValueCommand = commandOf('GetSecretValue');

export class SecretsManagerClient extends JsonClient {
  constructor(settings: ClientSettings) {
    super({ name: 'secretsmanager', version: '1.1', target: 'secretsmanager' }, settings);
  }
}
