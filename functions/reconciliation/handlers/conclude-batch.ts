import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { concludeBatch } from '../conclude-batch.ts';
import { plannedRunSchema } from '../run.ts';

export const handler = eventHandler(plannedRunSchema, (run) => concludeBatch(reconciliation(), run));
