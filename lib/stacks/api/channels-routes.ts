import {
  deleteConfigurationRoute,
  getConfigurationRoute,
  getMerchantRoute,
  listChangesRoute,
  listConfigurationChangesRoute,
  listConfigurationRoute,
  listMerchantChangesRoute,
  listMerchantsRoute,
  putConfigurationRoute,
  putCredentialsRoute,
  putMerchantRoute,
} from '../../../functions/channels/routes.ts';
import { statementFormatNames } from '../../bundles.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import { grantChannelLookup, grantMerchantSecrets } from '../../constructs/channel-access.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** The routes by which operators manage channels, each with the least that its function may do. */
export function addChannelsRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  addConfigurationRoutes(api, data, sandbox);
  addMerchantRoutes(api, data);
}

function addConfigurationRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  const list = api.serve('ListConfiguration', listConfigurationRoute, {
    entry: 'channels/handlers/list-configuration.ts',
    whenItFails: 'Operators cannot see which channels, banks, switches, limits, routes and fees there are',
  });
  const get = api.serve('GetConfiguration', getConfigurationRoute, {
    entry: 'channels/handlers/get-configuration.ts',
    whenItFails: 'Operators cannot see how a channel, bank, switch, limit, route or fee is configured',
  });
  const put = api.serve('PutConfiguration', putConfigurationRoute, {
    entry: 'channels/handlers/put-configuration.ts',
    whenItFails: 'Operators cannot switch banks off, change limits or routes',
    environment: { STATEMENT_FORMATS: statementFormatNames().join(',') },
  });
  const remove = api.serve('DeleteConfiguration', deleteConfigurationRoute, {
    entry: 'channels/handlers/delete-configuration.ts',
    whenItFails: 'Operators cannot delete switches, limits, routes and fees',
  });
  for (const handler of [list, get, put, remove]) grantChannelLookup(handler, data, sandbox);
  data.channelsTable.grant(put, 'dynamodb:PutItem');
  data.channelsTable.grant(remove, 'dynamodb:PutItem', 'dynamodb:DeleteItem');

  const changes = api.serve('ListConfigurationChanges', listConfigurationChangesRoute, {
    entry: 'channels/handlers/list-configuration-changes.ts',
    whenItFails: 'Operators cannot see who changed a channel, bank, switch, limit, route or fee',
  });
  const allChanges = api.serve('ListChanges', listChangesRoute, {
    entry: 'channels/handlers/list-changes.ts',
    whenItFails: 'Operators cannot see who changed what of the channels',
  });
  for (const handler of [changes, allChanges]) {
    handler.addEnvironment('CHANNELS_TABLE', data.channelsTable.tableName);
    data.channelsTable.grant(handler, 'dynamodb:Query');
  }
}

function addMerchantRoutes(api: RouteAdder, data: DataStack): void {
  const environment = { CHANNELS_TABLE: data.channelsTable.tableName };

  const list = api.serve('ListMerchants', listMerchantsRoute, {
    entry: 'channels/handlers/list-merchants.ts',
    whenItFails: 'Operators cannot find merchant numbers',
    environment,
  });
  const changes = api.serve('ListMerchantChanges', listMerchantChangesRoute, {
    entry: 'channels/handlers/list-merchant-changes.ts',
    whenItFails: 'Operators cannot see who changed a merchant number or its credentials',
    environment,
  });
  const get = api.serve('GetMerchant', getMerchantRoute, {
    entry: 'channels/handlers/get-merchant.ts',
    whenItFails: 'Operators cannot see how a merchant number is used',
    environment,
  });
  const put = api.serve('PutMerchant', putMerchantRoute, {
    entry: 'channels/handlers/put-merchant.ts',
    whenItFails: 'Operators cannot suspend merchant numbers',
    environment: { ...environment, STATEMENT_FORMATS: statementFormatNames().join(',') },
  });
  const putCredentials = api.serve('PutCredentials', putCredentialsRoute, {
    entry: 'channels/handlers/put-credentials.ts',
    whenItFails: 'Operators cannot put or rotate the credentials of merchant numbers',
    environment,
  });
  for (const handler of [list, changes, get, put, putCredentials]) data.channelsTable.grant(handler, 'dynamodb:Query');
  for (const handler of [get, put, putCredentials]) data.channelsTable.grant(handler, 'dynamodb:GetItem');
  data.channelsTable.grant(put, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
  data.channelsTable.grant(putCredentials, 'dynamodb:PutItem');
  grantMerchantSecrets(putCredentials, data, 'secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue');
}
