import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { handleDifferences } from '../handle-differences.ts';
import { plannedRunSchema } from '../run.ts';

export const handler = eventHandler(plannedRunSchema, (run) => handleDifferences(reconciliation(), run));
