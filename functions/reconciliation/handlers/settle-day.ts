import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { noteStep } from '../operations/note-progress.ts';
import { plannedRunSchema } from '../run.ts';
import { settleDay } from '../settle-day.ts';

export const handler = eventHandler(plannedRunSchema, async (run) => {
  await noteStep(reconciliation(), run, 'Settle');
  return settleDay(reconciliation(), run);
});
