import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { notePlan } from '../operations/note-progress.ts';
import { planStaging } from '../plan-staging.ts';
import { identifiedRunSchema } from '../run.ts';

export const handler = eventHandler(identifiedRunSchema, (run) =>
  notePlan(reconciliation(), run, () => planStaging(reconciliation(), run)),
);
