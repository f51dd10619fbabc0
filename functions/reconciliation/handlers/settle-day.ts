import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { plannedRunSchema } from '../run.ts';
import { settleDay } from '../settle-day.ts';

export const handler = eventHandler(plannedRunSchema, (run) => settleDay(reconciliation(), run));
