import { chosenInstitution } from '../../kernel/caller.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { csv, ok, seeOther } from '../../runtime/answer.ts';
import { environmentValue } from '../../runtime/environment.ts';
import { httpHandler } from '../../runtime/http.ts';
import { handedFiles } from '../../runtime/wiring/handed-files.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { handOverReport, missingDaysHeader } from '../reports/hand-over-report.ts';
import { countedDays } from '../reports/period.ts';
import { getPeriodReportRoute } from '../reports/report-routes.ts';
import { missingDayView } from '../reports/report-view.ts';
import { checkReady, reportPage } from '../reports/show-report.ts';

export const handler = httpHandler(getPeriodReportRoute, async ({ caller, params, query, requestId, wantsCsv }) => {
  const { report } = params;
  const { limit, cursor, from, to, channel, merchantNo } = query;
  const { files, table, channels, clock } = reconciliation();
  const institutionId = chosenInstitution(caller, query.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const source = { table, channels, clock, timeZone: environmentValue('TIME_ZONE') };
  const days = await countedDays(source, { institutionId, from, to, channel, merchantNo });
  if (isRefusal(days)) return days;
  const asked = { report, batches: days.batches };
  const notReady = checkReady(asked);
  if (notReady) return notReady;

  if (!wantsCsv) {
    const page = await reportPage(files, { ...asked, limit: limit ?? 50, cursor });
    return isRefusal(page) ? page : ok({ ...page, missingDays: days.missing.map(missingDayView) });
  }
  if (limit !== undefined || cursor !== undefined) {
    return refuse('no_pages_in_files', 'A file holds all of its days: leave out limit and cursor.');
  }
  const name = `${report}-${from}-${to}.csv`;
  const file = await handOverReport({ files, handed: handedFiles(), requestId, name }, asked);
  if (isRefusal(file)) return file;
  const answer = 'url' in file ? seeOther(file.url) : csv(file.text, name);
  return { ...answer, headers: { ...answer.headers, ...missingDaysHeader(days.missing) } };
});
