import { changeAccountRoute, listAccountChangesRoute } from '../../../functions/ledger/account-change-routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of account changes, each with the least that its function may do. */
export function addAccountChangeRoutes(api: CenterApi, { ledgerTable }: DataStack): void {
  const environment = { LEDGER_TABLE: ledgerTable.tableName };
  const change = api.serve('ChangeAccount', changeAccountRoute, {
    entry: 'ledger/handlers/change-account.ts',
    whenItFails: 'Accounts cannot be blocked, freed or closed, and overdrafts and slots stay as they are',
    environment,
  });
  ledgerTable.grant(change, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:ConditionCheckItem');

  const list = api.serve('ListAccountChanges', listAccountChangesRoute, {
    entry: 'ledger/handlers/list-account-changes.ts',
    whenItFails: 'Nobody can see who changed an account, when and why',
    environment,
  });
  ledgerTable.grant(list, 'dynamodb:GetItem', 'dynamodb:Query');
}
