import { Duration } from 'aws-cdk-lib';
import {
  addCardBindingAgreementsRoute,
  confirmCardBindingRoute,
  createCardBindingRoute,
  createInstitutionAccountRoute,
  createInstitutionRoute,
  createMemberAccountRoute,
  createSettlementAccountRoute,
  deleteCardBindingRoute,
  deleteMemberAccountRoute,
  getCardBindingRoute,
  getInstitutionRoute,
  getMemberAccountRoute,
  listCardBindingsRoute,
  listInstitutionAccountsRoute,
  listInstitutionsRoute,
  listMemberAccountsRoute,
  listSettlementAccountsRoute,
  setDefaultCardBindingRoute,
} from '../../../functions/parties/routes.ts';
import {
  confirmVerificationRoute,
  createVerificationRoute,
  getVerificationRoute,
  listVerificationsRoute,
} from '../../../functions/parties/verification-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import { grantChannelLookup, grantChannels } from '../../constructs/channel-access.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** Two channels asked side by side, each for a few seconds, and the writes around them. */
const channelCallTimeout = Duration.seconds(20);

/** The routes of the context `parties`, each with the least that its function may do. */
export function addPartiesRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  addInstitutionRoutes(api, data);
  addSettlementAccountRoutes(api, data, sandbox);
  addMemberRoutes(api, data, sandbox);
  addCardBindingRoutes(api, data, sandbox);
  addVerificationRoutes(api, data, sandbox);
}

function addInstitutionRoutes(api: RouteAdder, data: DataStack): void {
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

function addSettlementAccountRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
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

function addMemberRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  const environment = { PARTIES_TABLE: data.partiesTable.tableName, LEDGER_TABLE: data.ledgerTable.tableName };

  const create = api.serve('CreateMemberAccount', createMemberAccountRoute, {
    entry: 'parties/handlers/create-member-account.ts',
    whenItFails: 'Institutions cannot open accounts for new users',
    timeout: channelCallTimeout,
    environment: { ...environment, ...personalDataKeys(data) },
  });
  data.partiesTable.grant(create, 'dynamodb:GetItem', 'dynamodb:PutItem');
  data.ledgerTable.grant(create, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  data.personalDataKey.grant(create, 'kms:GenerateDataKey');
  data.cardRecognitionKey.grant(create, 'kms:GenerateMac');
  grantChannels(create, data, sandbox);

  const get = api.serve('GetMemberAccount', getMemberAccountRoute, {
    entry: 'parties/handlers/get-member-account.ts',
    whenItFails: 'Institutions cannot see the state of a member account',
    environment,
  });
  const list = api.serve('ListMemberAccounts', listMemberAccountsRoute, {
    entry: 'parties/handlers/list-member-accounts.ts',
    whenItFails: 'Institutions cannot find the accounts of their users',
    environment,
  });
  data.partiesTable.grant(get, 'dynamodb:GetItem');
  data.partiesTable.grant(list, 'dynamodb:GetItem', 'dynamodb:Query');
  for (const read of [get, list]) data.ledgerTable.grant(read, 'dynamodb:GetItem', 'dynamodb:Query');

  const close = api.serve('DeleteMemberAccount', deleteMemberAccountRoute, {
    entry: 'parties/handlers/delete-member-account.ts',
    whenItFails: 'Members who leave keep their accounts and bound cards',
    timeout: Duration.seconds(20),
    environment,
  });
  data.partiesTable.grant(close, ...changingBindings);
  data.ledgerTable.grant(
    close,
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:ConditionCheckItem',
  );
}

/** What a binding that becomes active or ends needs: itself, the number's guard, and the default of its account. */
const changingBindings = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
];

const personalDataKeys = ({ personalDataKey, cardRecognitionKey }: DataStack) => ({
  PERSONAL_DATA_KEY_ARN: personalDataKey.keyArn,
  CARD_RECOGNITION_KEY_ARN: cardRecognitionKey.keyArn,
});

function addCardBindingRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  const environment = { PARTIES_TABLE: data.partiesTable.tableName };
  const withLedger = { ...environment, LEDGER_TABLE: data.ledgerTable.tableName };

  const create = api.serve('CreateCardBinding', createCardBindingRoute, {
    entry: 'parties/handlers/create-card-binding.ts',
    whenItFails: 'Users of institutions cannot bind a bank card',
    timeout: channelCallTimeout,
    environment: { ...withLedger, ...personalDataKeys(data) },
  });
  data.personalDataKey.grant(create, 'kms:GenerateDataKey');
  data.cardRecognitionKey.grant(create, 'kms:GenerateMac');

  const confirm = api.serve('ConfirmCardBinding', confirmCardBindingRoute, {
    entry: 'parties/handlers/confirm-card-binding.ts',
    whenItFails: 'Users of institutions cannot bind a card whose bank has sent them a code',
    timeout: channelCallTimeout,
    environment,
  });

  const agree = api.serve('AddCardBindingAgreements', addCardBindingAgreementsRoute, {
    entry: 'parties/handlers/add-card-binding-agreements.ts',
    whenItFails: 'Bound cards cannot be used at channels that were registered later',
    timeout: channelCallTimeout,
    environment: withLedger,
  });
  data.personalDataKey.grant(agree, 'kms:Decrypt');

  for (const asking of [create, confirm, agree]) {
    data.partiesTable.grant(asking, ...changingBindings);
    grantChannels(asking, data, sandbox);
  }
  for (const looking of [create, agree]) data.ledgerTable.grant(looking, 'dynamodb:GetItem', 'dynamodb:Query');

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

  const setDefault = api.serve('SetDefaultCardBinding', setDefaultCardBindingRoute, {
    entry: 'parties/handlers/set-default-card-binding.ts',
    whenItFails: 'Users of institutions cannot choose the card that they pay with',
    environment,
  });
  data.partiesTable.grant(setDefault, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:ConditionCheckItem');

  const unbind = api.serve('DeleteCardBinding', deleteCardBindingRoute, {
    entry: 'parties/handlers/delete-card-binding.ts',
    whenItFails: 'Users of institutions cannot unbind a bank card',
    environment,
  });
  data.partiesTable.grant(unbind, ...changingBindings);
}

function addVerificationRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  const environment = { PARTIES_TABLE: data.partiesTable.tableName, LEDGER_TABLE: data.ledgerTable.tableName };

  const create = api.serve('CreateVerification', createVerificationRoute, {
    entry: 'parties/handlers/create-verification.ts',
    whenItFails: 'Institutions cannot have people and companies verified',
    timeout: channelCallTimeout,
    environment: { ...environment, ...personalDataKeys(data) },
  });
  const confirm = api.serve('ConfirmVerification', confirmVerificationRoute, {
    entry: 'parties/handlers/confirm-verification.ts',
    whenItFails: 'Institutions cannot prove their corporate accounts',
    timeout: channelCallTimeout,
    environment: { ...environment, ...personalDataKeys(data) },
  });
  const get = api.serve('GetVerification', getVerificationRoute, {
    entry: 'parties/handlers/get-verification.ts',
    whenItFails: 'Institutions cannot see what became of a verification',
    environment: { PARTIES_TABLE: data.partiesTable.tableName },
  });
  data.partiesTable.grant(get, 'dynamodb:GetItem');
  for (const change of [create, confirm]) {
    data.partiesTable.grant(change, 'dynamodb:GetItem', 'dynamodb:PutItem');
    data.ledgerTable.grant(change, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    grantChannels(change, data, sandbox);
  }
  data.personalDataKey.grant(create, 'kms:GenerateDataKey');
  data.cardRecognitionKey.grant(create, 'kms:GenerateMac');
  data.partiesTable.grant(confirm, ...changingBindings);
  data.personalDataKey.grant(confirm, 'kms:GenerateDataKey', 'kms:Decrypt');
  data.cardRecognitionKey.grant(confirm, 'kms:GenerateMac');

  const list = api.serve('ListVerifications', listVerificationsRoute, {
    entry: 'parties/handlers/list-verifications.ts',
    whenItFails: 'Institutions cannot list their verifications',
    environment: { PARTIES_TABLE: data.partiesTable.tableName },
  });
  data.partiesTable.grant(list, 'dynamodb:Query');
}
