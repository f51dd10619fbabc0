import {
  captureFreezeRoute,
  createFreezeRoute,
  getFreezeRoute,
  listFreezesRoute,
  releaseFreezeRoute,
} from '../../../functions/ledger/holds/hold-routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import { ExpirySweep } from '../../constructs/expiry-sweep.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of holds, each with the least that its function may do, and the sweep that ends those whose time is over. */
export function addHoldRoutes(api: CenterApi, { ledgerTable }: DataStack): void {
  const environment = { LEDGER_TABLE: ledgerTable.tableName };
  const create = api.serve('CreateFreeze', createFreezeRoute, {
    entry: 'ledger/handlers/create-freeze.ts',
    whenItFails: 'Institutions and operators cannot freeze money',
    environment,
  });
  const release = api.serve('ReleaseFreeze', releaseFreezeRoute, {
    entry: 'ledger/handlers/release-freeze.ts',
    whenItFails: 'Frozen money cannot be released, and members cannot spend it',
    environment,
  });
  const capture = api.serve('CaptureFreeze', captureFreezeRoute, {
    entry: 'ledger/handlers/capture-freeze.ts',
    whenItFails: 'Institutions cannot take the money that they froze',
    environment,
  });
  // holds are changed by puts as well, each on the condition of the version before
  for (const mover of [create, release, capture]) {
    ledgerTable.grant(mover, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  }

  const get = api.serve('GetFreeze', getFreezeRoute, {
    entry: 'ledger/handlers/get-freeze.ts',
    whenItFails: 'Nobody can see what remains of a freeze',
    environment,
  });
  ledgerTable.grant(get, 'dynamodb:GetItem');

  const list = api.serve('ListFreezes', listFreezesRoute, {
    entry: 'ledger/handlers/list-freezes.ts',
    whenItFails: 'Nobody can see which money is frozen',
    environment,
  });
  ledgerTable.grant(list, 'dynamodb:Query');

  new ExpirySweep(api, 'HoldExpiry', { stage: api.stage, ledgerTable });
}
