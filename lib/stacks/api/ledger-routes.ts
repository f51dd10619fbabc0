import { Duration } from 'aws-cdk-lib';
import { getAccountRoute, listEntriesRoute } from '../../../functions/ledger/routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `ledger`, each with the least that its function may do. */
export function addLedgerRoutes(api: CenterApi, { ledgerTable }: DataStack): void {
  const environment = { LEDGER_TABLE: ledgerTable.tableName };
  const getAccount = api.serve('GetAccount', getAccountRoute, {
    entry: 'ledger/handlers/get-account.ts',
    whenItFails: 'Business apps and operators see no account balances',
    environment,
  });
  const listEntries = api.serve('ListEntries', listEntriesRoute, {
    entry: 'ledger/handlers/list-entries.ts',
    whenItFails: 'Business apps and operators get no account statements',
    timeout: Duration.seconds(29),
    environment,
  });
  for (const reader of [getAccount, listEntries]) ledgerTable.grant(reader, 'dynamodb:GetItem', 'dynamodb:Query');
}
