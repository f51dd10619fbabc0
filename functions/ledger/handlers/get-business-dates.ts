import { parseAccountingDate } from '../../kernel/clock.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { listBusinessDates } from '../close/business-dates.ts';
import { getBusinessDatesRoute } from '../reports/report-routes.ts';

export const handler = httpHandler(getBusinessDatesRoute, async ({ caller, query: { limit, cursor } }) => {
  const before = cursor === undefined ? undefined : parseAccountingDate(cursor);
  return ok(await listBusinessDates(ledger().table, caller, { limit, before }));
});
