import { Duration } from 'aws-cdk-lib';
import {
  createReversalRoute,
  createTransferBatchRoute,
  createTransferRoute,
  getTransferByReferenceRoute,
  getTransferRoute,
  listTransfersRoute,
} from '../../../functions/ledger/transfers/transfer-routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of transfers and reversals, each with the least that its function may do. */
export function addTransferRoutes(api: CenterApi, { ledgerTable }: DataStack): void {
  const environment = { LEDGER_TABLE: ledgerTable.tableName };
  const create = api.serve('CreateTransfer', createTransferRoute, {
    entry: 'ledger/handlers/create-transfer.ts',
    whenItFails: 'Institutions cannot move money between their accounts',
    environment,
  });
  const createBatch = api.serve('CreateTransferBatch', createTransferBatchRoute, {
    entry: 'ledger/handlers/create-transfer-batch.ts',
    whenItFails: 'Institutions cannot move money between many of their accounts at once',
    // twenty transfers, one after the other
    timeout: Duration.seconds(29),
    environment,
  });
  const reverse = api.serve('CreateReversal', createReversalRoute, {
    entry: 'ledger/handlers/create-reversal.ts',
    whenItFails: 'Institutions cannot take a transfer back',
    environment,
  });
  for (const mover of [create, createBatch, reverse]) {
    ledgerTable.grant(mover, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  }

  const get = api.serve('GetTransfer', getTransferRoute, {
    entry: 'ledger/handlers/get-transfer.ts',
    whenItFails: 'Business apps cannot look a transfer up',
    environment,
  });
  const getByReference = api.serve('GetTransferByReference', getTransferByReferenceRoute, {
    entry: 'ledger/handlers/get-transfer-by-reference.ts',
    whenItFails: 'Business apps cannot find a transfer by their own reference',
    environment,
  });
  for (const reader of [get, getByReference]) ledgerTable.grant(reader, 'dynamodb:GetItem', 'dynamodb:Query');

  const list = api.serve('ListTransfers', listTransfersRoute, {
    entry: 'ledger/handlers/list-transfers.ts',
    whenItFails: 'Business apps and operators cannot list transfers',
    environment,
  });
  ledgerTable.grant(list, 'dynamodb:Query');
}
