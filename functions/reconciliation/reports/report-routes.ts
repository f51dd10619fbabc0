import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { idSchema } from '../../kernel/ids.ts';
import { pageQuery } from '../../kernel/page.ts';
import { defineRoute } from '../../runtime/route.ts';
import { detailReports } from './detail-columns.ts';
import { batchReportSchema, periodReportSchema } from './report-schemas.ts';
import { summaryReports } from './summary.ts';

export const reportNames = [...summaryReports, ...detailReports] as const;

const report = z.enum(reportNames).meta({
  description: 'funds summary 资金汇总, funds detail 资金明细, fee summary 手续费汇总, fee detail 手续费明细',
});

/** A file has no pages: neither has a value of its own. */
const page = { limit: pageQuery.limit.unwrap().optional(), cursor: pageQuery.cursor };

const day = z.iso
  .date('must be a calendar day, such as 2026-03-01')
  .transform((date) => date as AccountingDate) // just checked
  .meta({ example: '2026-03-01' });

export const getBatchReportRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}/report/{report}',
  summary: 'Shows one of the four reports of one version of a statement',
  description: 'JSON in pages, or one CSV file by `Accept: text/csv`, a large one behind a link.',
  refusals: {
    not_found: "there is no such reconciliation, or it is another institution's",
    report_not_ready: 'it is not concluded, or its details are not written yet',
    statement_rejected: 'the file was turned away, and nothing of it is told',
    reconciliation_cancelled: 'it was cancelled',
    unknown_cursor: 'the cursor is of another list',
    no_pages_in_files: 'a CSV file has no pages: leave out limit and cursor',
    file_too_long: 'the file takes longer than an answer may',
  },
  callers: ['institution', 'operator'],
  params: z.object({ id: idSchema('recon'), report }),
  query: z.object(page),
  answers: { 200: batchReportSchema, 303: null },
  csv: true,
});

export const getPeriodReportRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliation-reports/{report}',
  summary: "Shows one of the four reports of an institution's days, 92 at most",
  description:
    'Of each day the newest concluded version counts; days that are over and have none are named (`missingDays`, `x-missing-days`).',
  refusals: {
    institution_required: 'operators name the institution',
    range_too_long: 'more than 92 days, or more versions than an answer may hold',
    report_not_ready: 'the details of a day are not written yet',
    unknown_cursor: 'the cursor is of another list',
    no_pages_in_files: 'a CSV file has no pages: leave out limit and cursor',
    file_too_long: 'the file takes longer than an answer may',
  },
  callers: ['institution', 'operator'],
  params: z.object({ report }),
  query: z
    .object({
      ...page,
      from: day,
      to: day,
      channel: z.string().max(40).optional(),
      merchantNo: z.string().max(32).optional(),
      institutionId: idSchema('inst').optional().meta({ description: 'operators name the institution' }),
    })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' }),
  answers: { 200: periodReportSchema, 303: null },
  csv: true,
});
