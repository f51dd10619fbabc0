/** Every route of the center, gathered from the contexts' route files. */
import * as access from '../access/routes.ts';
import * as channels from '../channels/routes.ts';
import * as channelRouting from '../channels/routing/routing-routes.ts';
import * as accountChanges from '../ledger/account-change-routes.ts';
import * as holds from '../ledger/holds/hold-routes.ts';
import * as ledgerReports from '../ledger/reports/report-routes.ts';
import * as ledger from '../ledger/routes.ts';
import * as transfers from '../ledger/transfers/transfer-routes.ts';
import * as parties from '../parties/routes.ts';
import * as verifications from '../parties/verification-routes.ts';
import * as batches from '../payments/batches/batch-routes.ts';
import * as callbacks from '../payments/callbacks/callback-routes.ts';
import * as stuckPayments from '../payments/open/stuck-routes.ts';
import * as payments from '../payments/routes.ts';
import * as arrivals from '../reconciliation/arrivals/arrival-routes.ts';
import * as statementCalendar from '../reconciliation/calendar/calendar-routes.ts';
import * as cases from '../reconciliation/cases/case-routes.ts';
import * as statementOperations from '../reconciliation/operations/operations-routes.ts';
import * as reconciliationReports from '../reconciliation/reports/report-routes.ts';
import * as reconciliation from '../reconciliation/routes.ts';
import * as statementUploads from '../reconciliation/uploads/upload-routes.ts';
import type { Route } from '../runtime/route.ts';
import * as webhooks from '../webhooks/routes.ts';

const contexts: readonly Record<string, unknown>[] = [
  parties,
  verifications,
  access,
  ledger,
  holds,
  transfers,
  accountChanges,
  ledgerReports,
  payments,
  batches,
  callbacks,
  stuckPayments,
  reconciliation,
  reconciliationReports,
  arrivals,
  cases,
  statementOperations,
  statementCalendar,
  statementUploads,
  channels,
  channelRouting,
  webhooks,
];

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'answers' in value;

export const allRoutes: readonly Route[] = contexts.flatMap((routes) => Object.values(routes).filter(isRoute));
