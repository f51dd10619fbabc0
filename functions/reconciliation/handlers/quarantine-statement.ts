import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { quarantineStatement } from '../quarantine-statement.ts';
import { rejectedRunSchema } from '../run.ts';

export const handler = eventHandler(rejectedRunSchema, (run) => quarantineStatement(reconciliation(), run));
