import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  type Channels,
  configurationOf,
  sandboxAdapter,
  sandboxChannels,
  sandboxEndpoint,
} from '../../channels/index.ts';
import { environmentValue } from '../environment.ts';
import { secretReader } from '../secret.ts';
import { lazily, tableNamed } from './base.ts';

/** Where no sandbox is deployed, the catalogue is empty. */
export const channels = /* @__PURE__ */ lazily((): Channels => {
  const table = tableNamed('CHANNELS_TABLE');
  const baseUrl = process.env['SANDBOX_CHANNEL_URL'];
  const builtIn = baseUrl ? sandboxChannels : [];
  const configuration = async () => configurationOf(builtIn);
  const catalogue = async () => (await configuration()).channels;
  if (!baseUrl) return { table, configuration, catalogue, adapters: {} };
  const secret = () => sandboxSecret()();
  return {
    table,
    configuration,
    catalogue,
    adapters: { sandbox: sandboxAdapter(sandboxEndpoint({ baseUrl, secret })) },
  };
});

/** Only functions that call the channel are told of its secret. */
const sandboxSecret = /* @__PURE__ */ lazily(() =>
  secretReader(new SecretsManagerClient({}), environmentValue('SANDBOX_CHANNEL_SECRET_ARN')),
);
