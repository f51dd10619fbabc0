import { Duration } from 'aws-cdk-lib';
import { getAccountRoute, getBalancesRoute, listEntriesRoute } from '../../../functions/ledger/routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { HandedFiles } from '../../constructs/handed-files.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `ledger`, each with the least that its function may do. */
export function addLedgerRoutes(api: CenterApi, { ledgerTable }: DataStack, files: HandedFiles): void {
  const environment = { LEDGER_TABLE: ledgerTable.tableName };
  const getAccount = api.serve('GetAccount', getAccountRoute, {
    entry: 'ledger/handlers/get-account.ts',
    whenItFails: 'Business apps and operators see no account balances',
    environment,
  });
  const getBalances = api.serve('GetBalances', getBalancesRoute, {
    entry: 'ledger/handlers/get-balances.ts',
    whenItFails: 'Business apps and operators see no balances of past moments',
    environment,
  });
  const serveStatement = api.serve('ServeStatement', listEntriesRoute, {
    entry: 'ledger/handlers/list-entries.ts',
    whenItFails: 'Business apps and operators get no account statements',
    timeout: Duration.seconds(29),
    // a whole processor for files of a hundred thousand lines
    memoryMegabytes: 1769,
    environment,
  });
  files.letHandOver(serveStatement, 'statements');
  for (const reader of [getAccount, getBalances, serveStatement]) {
    ledgerTable.grant(reader, 'dynamodb:GetItem', 'dynamodb:Query');
  }
}
