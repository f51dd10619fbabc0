import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { csv, ok, seeOther } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { handedFiles } from '../../runtime/wiring/handed-files.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { linkToReport } from '../../runtime/wiring/report-files.ts';
import { findReconciliation } from '../find-reconciliations.ts';
import { detailFile } from '../reports/detail-file.ts';
import { handOverReport } from '../reports/hand-over-report.ts';
import { concluded } from '../reports/period.ts';
import { getBatchReportRoute } from '../reports/report-routes.ts';
import { checkReady, detailBytes, isDetail, reportPage } from '../reports/show-report.ts';

export const handler = httpHandler(getBatchReportRoute, async ({ caller, params, query, requestId, wantsCsv }) => {
  const { files, table } = reconciliation();
  const { id, report } = params;
  const { limit, cursor } = query;
  const found = await findReconciliation({ table }, scopeOf(caller), id);
  if (isRefusal(found)) return found;
  const batch = concluded(found);
  if (isRefusal(batch)) return batch;
  const asked = { report, batches: [batch] };
  const notReady = checkReady(asked);
  if (notReady) return notReady;

  if (!wantsCsv) {
    const page = await reportPage(files, { ...asked, limit: limit ?? 50, cursor });
    return isRefusal(page) ? page : ok(page);
  }
  if (limit !== undefined || cursor !== undefined) {
    return refuse('no_pages_in_files', 'A file holds all of its lines: leave out limit and cursor.');
  }
  const name = `${report}-${id}.csv`;
  const handed = handedFiles();
  if (isDetail(report) && (await detailBytes(files, batch, report)) > handed.inlineBytes) {
    return seeOther(await linkToReport(detailFile({ bucket: batch.file.bucket, id, report }), name));
  }
  const file = await handOverReport({ files, handed, requestId, name }, asked);
  if (isRefusal(file)) return file;
  return 'url' in file ? seeOther(file.url) : csv(file.text, name);
});
