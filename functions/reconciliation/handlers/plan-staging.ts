import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { planStaging } from '../plan-staging.ts';
import { identifiedRunSchema } from '../run.ts';

export const handler = eventHandler(identifiedRunSchema, (run) => planStaging(reconciliation(), run));
