import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { noteFault } from '../batch-store.ts';
import { runSchema } from '../run.ts';

/** What EventBridge tells of an execution that ended badly. */
const executionEndedSchema = z.object({
  detail: z.object({ name: z.string(), status: z.string(), input: z.string() }),
});

export const handler = eventHandler(executionEndedSchema, async ({ detail: { name, status, input } }) => {
  const { reconciliationId } = runSchema.parse(JSON.parse(input));
  const fault = await noteFault(reconciliation().table, reconciliationId);
  if (fault) log.error('a reconciliation failed: redrive its execution', { executionName: name, status });
});
