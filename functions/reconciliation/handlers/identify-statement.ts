import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { identifyStatement } from '../identify-statement.ts';
import { noteStep } from '../operations/note-progress.ts';
import { runSchema } from '../run.ts';

export const handler = eventHandler(runSchema, async (run) => {
  await noteStep(reconciliation(), run, 'Identify');
  return identifyStatement(reconciliation(), run);
});
