import { Duration } from 'aws-cdk-lib';
import {
  getTransactionByReferenceRoute,
  getTransactionRoute,
  listTransactionsRoute,
  totalTransactionsRoute,
} from '../../../functions/payments/routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import type { HandedFiles } from '../../constructs/handed-files.ts';
import type { DataStack } from '../data-stack.ts';

/** Reading transactions, external and internal, with the least that each function may do. */
export function addTransactionRoutes(api: RouteAdder, data: DataStack, files: HandedFiles): void {
  const environment = {
    PAYMENTS_TABLE: data.paymentsTable.tableName,
    LEDGER_TABLE: data.ledgerTable.tableName,
    PARTIES_TABLE: data.partiesTable.tableName,
  };
  const get = api.serve('GetTransaction', getTransactionRoute, {
    entry: 'payments/handlers/get-transaction.ts',
    whenItFails: 'Business apps cannot look a transaction up',
    environment,
  });
  const getByReference = api.serve('GetTransactionByReference', getTransactionByReferenceRoute, {
    entry: 'payments/handlers/get-transaction-by-reference.ts',
    whenItFails: 'Business apps cannot find a transaction by their own reference',
    environment,
  });
  // a file or a sum is as long as its range: API Gateway waits for 30 s
  const long = { timeout: Duration.seconds(29), memoryMegabytes: 1769, environment };
  const list = api.serve('ServeTransactions', listTransactionsRoute, {
    entry: 'payments/handlers/list-transactions.ts',
    whenItFails: 'Business apps and operators cannot list transactions',
    ...long,
  });
  const total = api.serve('TotalTransactions', totalTransactionsRoute, {
    entry: 'payments/handlers/total-transactions.ts',
    whenItFails: 'Business apps and operators cannot add transactions up',
    ...long,
  });
  files.letHandOver(list, 'transactions');
  const tables = [data.paymentsTable, data.ledgerTable, data.partiesTable];
  for (const table of tables) {
    for (const handler of [get, getByReference]) table.grant(handler, 'dynamodb:GetItem');
    for (const handler of [list, total]) table.grant(handler, 'dynamodb:Query');
  }
  // what was taken back of a transfer stands beside it
  for (const handler of [get, getByReference]) data.ledgerTable.grant(handler, 'dynamodb:Query');
}
