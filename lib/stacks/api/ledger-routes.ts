import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `ledger`, each with the least that its function may do. */
export function addLedgerRoutes(_api: CenterApi, _data: DataStack): void {}
