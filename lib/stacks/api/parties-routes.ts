import { Duration } from 'aws-cdk-lib';
import {
  createCardBindingRoute,
  createInstitutionAccountRoute,
  createInstitutionRoute,
  createMemberAccountRoute,
  createSettlementAccountRoute,
  deleteCardBindingRoute,
  getCardBindingRoute,
  getInstitutionRoute,
  listCardBindingsRoute,
  listInstitutionAccountsRoute,
  listInstitutionsRoute,
  listMemberAccountsRoute,
  listSettlementAccountsRoute,
} from '../../../functions/parties/routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import { grantChannelLookup, grantChannels } from '../../constructs/channel-access.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** Two channels asked side by side, each for a few seconds, and the writes around them. */
const channelCallTimeout = Duration.seconds(20);

/** The routes of the context `parties`, each with the least that its function may do. */
export function addPartiesRoutes(api: CenterApi, data: DataStack, sandbox?: SandboxStack): void {
  addInstitutionRoutes(api, data);
  addSettlementAccountRoutes(api, data, sandbox);
  addMemberRoutes(api, data, sandbox);
  addCardBindingRoutes(api, data, sandbox);
}

function addInstitutionRoutes(api: CenterApi, data: DataStack): void {
  const environment = { PARTIES_TABLE: data.partiesTable.tableName };
  const proposing = { ...environment, ACCESS_TABLE: data.accessTable.tableName };

  const create = api.serve('CreateInstitution', createInstitutionRoute, {
    entry: 'parties/handlers/create-institution.ts',
    whenItFails: 'Operators cannot propose new institutions',
    environment: proposing,
  });
  const createAccount = api.serve('CreateInstitutionAccount', createInstitutionAccountRoute, {
    entry: 'parties/handlers/create-institution-account.ts',
    whenItFails: 'Operators cannot propose accounts for institutions',
    environment: proposing,
  });
  for (const propose of [create, createAccount]) {
    data.partiesTable.grant(propose, 'dynamodb:GetItem', 'dynamodb:PutItem');
    data.accessTable.grant(propose, 'dynamodb:PutItem');
  }

  const get = api.serve('GetInstitution', getInstitutionRoute, {
    entry: 'parties/handlers/get-institution.ts',
    whenItFails: 'Nobody can see what became of a proposed institution',
    environment,
  });
  data.partiesTable.grant(get, 'dynamodb:GetItem');

  const list = api.serve('ListInstitutions', listInstitutionsRoute, {
    entry: 'parties/handlers/list-institutions.ts',
    whenItFails: 'Operators cannot list institutions',
    environment,
  });
  data.partiesTable.grant(list, 'dynamodb:GetItem', 'dynamodb:Query');

  const listAccounts = api.serve('ListInstitutionAccounts', listInstitutionAccountsRoute, {
    entry: 'parties/handlers/list-institution-accounts.ts',
    whenItFails: 'Institutions cannot find their own accounts',
    environment,
  });
  data.partiesTable.grant(listAccounts, 'dynamodb:GetItem', 'dynamodb:Query');
}

function addSettlementAccountRoutes(api: CenterApi, data: DataStack, sandbox?: SandboxStack): void {
  const create = api.serve('CreateSettlementAccount', createSettlementAccountRoute, {
    entry: 'parties/handlers/create-settlement-account.ts',
    whenItFails: 'Operators cannot register merchant numbers',
    environment: { PARTIES_TABLE: data.partiesTable.tableName, LEDGER_TABLE: data.ledgerTable.tableName },
  });
  data.partiesTable.grant(create, 'dynamodb:GetItem', 'dynamodb:PutItem');
  data.ledgerTable.grant(create, 'dynamodb:GetItem', 'dynamodb:PutItem');
  data.channelsTable.grant(create, 'dynamodb:PutItem');
  grantChannelLookup(create, data, sandbox);

  const list = api.serve('ListSettlementAccounts', listSettlementAccountsRoute, {
    entry: 'parties/handlers/list-settlement-accounts.ts',
    whenItFails: 'Institutions cannot find their settlement accounts',
    environment: { PARTIES_TABLE: data.partiesTable.tableName },
  });
  data.partiesTable.grant(list, 'dynamodb:GetItem');
  grantChannelLookup(list, data, sandbox);
}

function addMemberRoutes(api: CenterApi, data: DataStack, sandbox?: SandboxStack): void {
  const create = api.serve('CreateMemberAccount', createMemberAccountRoute, {
    entry: 'parties/handlers/create-member-account.ts',
    whenItFails: 'Institutions cannot open accounts for new users',
    timeout: channelCallTimeout,
    environment: {
      PARTIES_TABLE: data.partiesTable.tableName,
      LEDGER_TABLE: data.ledgerTable.tableName,
      PERSONAL_DATA_KEY_ARN: data.personalDataKey.keyArn,
    },
  });
  data.partiesTable.grant(create, 'dynamodb:GetItem', 'dynamodb:PutItem');
  data.ledgerTable.grant(create, 'dynamodb:GetItem', 'dynamodb:PutItem');
  data.personalDataKey.grant(create, 'kms:GenerateDataKey');
  grantChannels(create, data, sandbox);

  const list = api.serve('ListMemberAccounts', listMemberAccountsRoute, {
    entry: 'parties/handlers/list-member-accounts.ts',
    whenItFails: 'Institutions cannot find the accounts of their users',
    environment: { PARTIES_TABLE: data.partiesTable.tableName },
  });
  data.partiesTable.grant(list, 'dynamodb:GetItem', 'dynamodb:Query');
}

function addCardBindingRoutes(api: CenterApi, data: DataStack, sandbox?: SandboxStack): void {
  const environment = { PARTIES_TABLE: data.partiesTable.tableName };

  const create = api.serve('CreateCardBinding', createCardBindingRoute, {
    entry: 'parties/handlers/create-card-binding.ts',
    whenItFails: 'Users of institutions cannot bind a bank card',
    timeout: channelCallTimeout,
    environment: {
      ...environment,
      PERSONAL_DATA_KEY_ARN: data.personalDataKey.keyArn,
      CARD_RECOGNITION_KEY_ARN: data.cardRecognitionKey.keyArn,
    },
  });
  data.partiesTable.grant(create, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
  data.personalDataKey.grant(create, 'kms:GenerateDataKey');
  data.cardRecognitionKey.grant(create, 'kms:GenerateMac');
  grantChannels(create, data, sandbox);

  const get = api.serve('GetCardBinding', getCardBindingRoute, {
    entry: 'parties/handlers/get-card-binding.ts',
    whenItFails: 'Institutions cannot look up a bound card',
    environment,
  });
  data.partiesTable.grant(get, 'dynamodb:GetItem');

  const list = api.serve('ListCardBindings', listCardBindingsRoute, {
    entry: 'parties/handlers/list-card-bindings.ts',
    whenItFails: 'Institutions cannot show a user which cards are bound',
    environment,
  });
  data.partiesTable.grant(list, 'dynamodb:GetItem', 'dynamodb:Query');

  const unbind = api.serve('DeleteCardBinding', deleteCardBindingRoute, {
    entry: 'parties/handlers/delete-card-binding.ts',
    whenItFails: 'Users of institutions cannot unbind a bank card',
    environment,
  });
  data.partiesTable.grant(unbind, 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
}
