import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { handleDifferences } from '../handle-differences.ts';
import { holdOffCancellation } from '../operations/hold-off-cancellation.ts';
import { noteStep } from '../operations/note-progress.ts';
import { plannedRunSchema } from '../run.ts';

export const handler = eventHandler(plannedRunSchema, async (run) => {
  await noteStep(reconciliation(), run, 'Handle');
  await holdOffCancellation(reconciliation(), run);
  return handleDifferences(reconciliation(), run);
});
