import {
  approveRoute,
  createClientRoute,
  deleteClientRoute,
  getApprovalRoute,
  listApprovalsRoute,
  listClientsRoute,
  rejectRoute,
} from '../../../functions/access/routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `access`, each with the least that its function may do. */
export function addAccessRoutes(api: CenterApi, data: DataStack): void {
  addApprovalRoutes(api, data);
  addClientRoutes(api, data);
}

function addApprovalRoutes(api: CenterApi, data: DataStack): void {
  const environment = { ACCESS_TABLE: data.accessTable.tableName };

  const list = api.serve('ListApprovals', listApprovalsRoute, {
    entry: 'access/handlers/list-approvals.ts',
    whenItFails: 'Operators cannot see what waits for their decision',
    environment,
  });
  data.accessTable.grant(list, 'dynamodb:Query');

  const get = api.serve('GetApproval', getApprovalRoute, {
    entry: 'access/handlers/get-approval.ts',
    whenItFails: 'Operators cannot see what they are to decide',
    environment,
  });
  data.accessTable.grant(get, 'dynamodb:GetItem');

  const deciding = {
    ...environment,
    PARTIES_TABLE: data.partiesTable.tableName,
    LEDGER_TABLE: data.ledgerTable.tableName,
    RECONCILIATION_TABLE: data.reconciliationTable.tableName,
    PAYMENTS_TABLE: data.paymentsTable.tableName,
    CHANNELS_TABLE: data.channelsTable.tableName,
  };
  const approve = api.serve('ApproveProposal', approveRoute, {
    entry: 'access/handlers/approve-proposal.ts',
    whenItFails: 'Operators cannot approve: institutions and their accounts stay proposed, and differences open',
    environment: deciding,
  });
  const reject = api.serve('RejectProposal', rejectRoute, {
    entry: 'access/handlers/reject-proposal.ts',
    whenItFails: 'Operators cannot reject what was proposed',
    environment: deciding,
  });
  for (const decide of [approve, reject]) {
    data.accessTable.grant(decide, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    data.partiesTable.grant(decide, 'dynamodb:UpdateItem');
    data.reconciliationTable.grant(decide, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  }
  data.ledgerTable.grant(approve, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  // a day that was settled is opened again, and a payment is corrected with its case
  data.reconciliationTable.grant(approve, 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem');
  data.paymentsTable.grant(approve, 'dynamodb:GetItem', 'dynamodb:PutItem');
  // which gives back what it held under limits; the policy tells how urgent what is open again is
  data.channelsTable.grant(approve, 'dynamodb:UpdateItem', 'dynamodb:Query');
}

function addClientRoutes(api: CenterApi, data: DataStack): void {
  const environment = { ACCESS_TABLE: data.accessTable.tableName };
  const keeping = {
    ...environment,
    PARTIES_TABLE: data.partiesTable.tableName,
    USER_POOL_ID: data.userPool.userPoolId,
    API_SCOPE: data.apiScope,
  };

  const create = api.serve('CreateClient', createClientRoute, {
    entry: 'access/handlers/create-client.ts',
    whenItFails: 'Operators cannot give an institution credentials',
    environment: { ...keeping, TOKEN_URL: data.tokenUrl },
  });
  data.accessTable.grant(create, 'dynamodb:GetItem', 'dynamodb:PutItem');
  data.partiesTable.grant(create, 'dynamodb:GetItem');
  data.userPool.grant(
    create,
    'cognito-idp:CreateUserPoolClient',
    'cognito-idp:DescribeUserPoolClient',
    'cognito-idp:DeleteUserPoolClient',
  );

  const list = api.serve('ListClients', listClientsRoute, {
    entry: 'access/handlers/list-clients.ts',
    whenItFails: 'Operators cannot see which credentials an institution has',
    environment: { ...environment, PARTIES_TABLE: data.partiesTable.tableName },
  });
  data.partiesTable.grant(list, 'dynamodb:GetItem');
  data.accessTable.grant(list, 'dynamodb:GetItem', 'dynamodb:Query');

  const withdraw = api.serve('DeleteClient', deleteClientRoute, {
    entry: 'access/handlers/delete-client.ts',
    whenItFails: 'Operators cannot withdraw credentials, leaked ones included',
    environment: keeping,
  });
  data.accessTable.grant(withdraw, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  data.userPool.grant(withdraw, 'cognito-idp:DeleteUserPoolClient');
}
