import { chosenInstitution } from '../../kernel/caller.ts';
import { handOver } from '../../kernel/hand-over-file.ts';
import { pageOf } from '../../kernel/page.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { csv, ok, seeOther } from '../../runtime/answer.ts';
import { environmentValue } from '../../runtime/environment.ts';
import { httpHandler } from '../../runtime/http.ts';
import { handedFiles } from '../../runtime/wiring/handed-files.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { listArrivalsRoute } from '../arrivals/arrival-routes.ts';
import { arrivalsCsv, arrivalTotalView, arrivalView } from '../arrivals/arrival-view.ts';
import { arrivalPlace, arrivalTotals, listArrivals } from '../arrivals/list-arrivals.ts';

/** API Gateway waits 30 s for a function; what is left is for the last part and the link. */
const fileSeconds = 24;

export const handler = httpHandler(listArrivalsRoute, async ({ caller, query, requestId, wantsCsv }) => {
  const { limit, cursor, institutionId: wanted, ...asked } = query;
  const { table, clock } = reconciliation();
  const institutionId = chosenInstitution(caller, wanted);
  if (isRefusal(institutionId)) return institutionId;
  const arrivals = await listArrivals(
    { table, clock, timeZone: environmentValue('TIME_ZONE') },
    { ...asked, institutionId },
  );
  if (isRefusal(arrivals)) return arrivals;

  if (!wantsCsv) {
    const left = arrivals.filter(({ arrival }) => cursor === undefined || arrivalPlace(arrival) > cursor);
    const { items, nextCursor } = pageOf(left, limit ?? 50, ({ arrival }) => arrivalPlace(arrival));
    return ok({ items: items.map(arrivalView), nextCursor, totals: arrivalTotals(arrivals).map(arrivalTotalView) });
  }
  if (limit !== undefined || cursor !== undefined) {
    return refuse('no_pages_in_files', 'A file holds all of its days: leave out limit and cursor.');
  }
  const files = handedFiles();
  const name = `arrivals-${query.from}-${query.to}.csv`;
  const deadline = new Date(files.clock().getTime() + fileSeconds * 1000);
  const pieces = (async function* () {
    yield arrivalsCsv(arrivals);
  })();
  const file = await handOver(files, { name, key: `reports/${requestId}/${name}`, pieces, deadline });
  if (isRefusal(file)) return file;
  return 'url' in file ? seeOther(file.url) : csv(file.text, name);
});
