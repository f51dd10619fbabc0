import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { rerunAskedDays } from '../rerun.ts';

/** What a schedule tells is not looked at. */
export const handler = eventHandler(z.unknown(), async () => {
  const started = await rerunAskedDays(reconciliation());
  for (const { executionName, startedBy: cause } of started) {
    log.info('a statement is worked on again', { executionName, cause });
  }
  return { started: started.length };
});
