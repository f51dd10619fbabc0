import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Channels, sandboxAdapter, sandboxChannels, sandboxEndpoint } from '../../channels/index.ts';
import { environmentValue } from '../environment.ts';
import { secretReader } from '../secret.ts';
import { lazily, tableNamed } from './base.ts';

/** Where no sandbox is deployed, the catalogue is empty. */
export const channels = /* @__PURE__ */ lazily((): Channels => {
  const table = tableNamed('CHANNELS_TABLE');
  const baseUrl = process.env['SANDBOX_CHANNEL_URL'];
  if (!baseUrl) return { table, catalogue: async () => [], adapters: {} };
  const secret = () => sandboxSecret()();
  return {
    table,
    catalogue: async () => sandboxChannels,
    adapters: { sandbox: sandboxAdapter(sandboxEndpoint({ baseUrl, secret })) },
  };
});

/** Only functions that call the channel are told of its secret. */
const sandboxSecret = /* @__PURE__ */ lazily(() =>
  secretReader(new SecretsManagerClient({}), environmentValue('SANDBOX_CHANNEL_SECRET_ARN')),
);
