import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  type Adapters,
  adapterWith,
  type Channels,
  channelsOf,
  channelTimeoutMs,
  type KnownFormats,
  type MerchantCredentials,
  type MerchantKeeping,
  merchantCredentials,
  type Putting,
  sandboxAdapter,
  sandboxConfiguration,
  sandboxEndpoint,
  sandboxLine,
  sandboxXmlAdapter,
  secretVault,
  stripeAdapter,
} from '../../channels/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { environmentValue } from '../environment.ts';
import { secretReader } from '../secret.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';

/** Where the sandbox is deployed, its channels are there before any operator has stored one. */
export const channels = /* @__PURE__ */ lazily((): Channels => {
  const sandboxUrl = process.env['SANDBOX_CHANNEL_URL'];
  const builtIn = sandboxUrl ? sandboxConfiguration : [];
  return channelsOf({ table: tableNamed('CHANNELS_TABLE'), builtIn, adapters: adaptersOf(sandboxUrl) }, systemClock);
});

function adaptersOf(baseUrl: string | undefined): Adapters {
  const secret = () => sandboxSecret()();
  const credentials: MerchantCredentials = (...asked) => credentialsOf()(...asked);
  return {
    'statements-only': adapterWith({}),
    stripe: stripeAdapter({ merchantCredentials: credentials, clock: systemClock, timeoutMs: channelTimeoutMs }),
    ...(baseUrl && {
      sandbox: sandboxAdapter(sandboxEndpoint({ baseUrl, secret }), credentials),
      'sandbox-xml': sandboxXmlAdapter(sandboxLine({ baseUrl }), credentials),
    }),
  };
}

const secrets = /* @__PURE__ */ lazily(() => new SecretsManagerClient({}));

/** Only functions that call the channel are told of its secret. */
const sandboxSecret = /* @__PURE__ */ lazily(() =>
  secretReader(secrets(), environmentValue('SANDBOX_CHANNEL_SECRET_ARN')),
);

/** Of merchant numbers: `grantChannels` opens them for reading, `grantMerchantSecrets` for putting. */
export const vault = /* @__PURE__ */ lazily(() =>
  secretVault({ client: secrets(), prefix: environmentValue('MERCHANT_SECRETS_PREFIX') }),
);

/** For adapters: what operators have put for a merchant number. */
export const credentialsOf = /* @__PURE__ */ lazily(() => merchantCredentials(vault(), systemClock));

/** The files of `functions/reconciliation/formats/`, as the deployment found them. */
export const statementFormatNames = (): readonly string[] => environmentValue('STATEMENT_FORMATS').split(',');

export const configuring = /* @__PURE__ */ lazily(
  (): Putting => ({
    channels: channels(),
    commit: commitWrites(),
    clock: systemClock,
    get formatNames() {
      return statementFormatNames();
    },
  }),
);

export const merchantKeeping = /* @__PURE__ */ lazily(
  (): MerchantKeeping => ({ table: tableNamed('CHANNELS_TABLE'), commit: commitWrites(), clock: systemClock }),
);

/** For those who put merchant numbers, and are told of the formats that there are. */
export const merchantPutting = /* @__PURE__ */ lazily((): MerchantKeeping & Pick<KnownFormats, 'formatNames'> => ({
  ...merchantKeeping(),
  formatNames: statementFormatNames(),
}));
