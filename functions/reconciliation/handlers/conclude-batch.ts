import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { concludeBatch } from '../conclude-batch.ts';
import { noteStep } from '../operations/note-progress.ts';
import { plannedRunSchema } from '../run.ts';

export const handler = eventHandler(plannedRunSchema, async (run) => {
  await noteStep(reconciliation(), run, 'Conclude');
  return concludeBatch(reconciliation(), run);
});
