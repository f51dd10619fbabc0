import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `reconciliation`, each with the least that its function may do. */
export function addReconciliationRoutes(_api: CenterApi, _data: DataStack): void {}
