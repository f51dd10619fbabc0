import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { writeReports } from '../reports/write-reports.ts';
import { plannedRunSchema } from '../run.ts';

export const handler = eventHandler(plannedRunSchema, (run) => writeReports(reconciliation(), run));
