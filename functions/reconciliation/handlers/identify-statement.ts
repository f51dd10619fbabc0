import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { identifyStatement } from '../identify-statement.ts';
import { runSchema } from '../run.ts';

export const handler = eventHandler(runSchema, (run) => identifyStatement(reconciliation(), run));
