import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { noteFault, noteRedriven } from '../operations/batch-state-store.ts';
import { runSchema } from '../run.ts';

/** What EventBridge tells of an execution that ended badly, or that somebody has redriven. */
const executionChangedSchema = z.object({
  detail: z.object({ name: z.string(), status: z.string(), input: z.string(), redriveCount: z.int().default(0) }),
});

export const handler = eventHandler(executionChangedSchema, async ({ detail }) => {
  const { name, status, input, redriveCount } = detail;
  const { reconciliationId } = runSchema.parse(JSON.parse(input));
  const news = { executionName: name, redrives: redriveCount };
  if (status === 'RUNNING') {
    await noteRedriven(reconciliation().table, reconciliationId, news);
    return;
  }
  const fault = await noteFault(reconciliation().table, reconciliationId, news);
  if (fault) log.error('a reconciliation failed: redrive its execution', { executionName: name, status });
});
