import * as z from 'zod';
import { accountingDateAt } from '../../kernel/clock.ts';
import { environmentValue } from '../../runtime/environment.ts';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { overdueDays } from '../arrivals/arrival-store.ts';

/** Nobody needs to know how many more there are. */
const maximumCounted = 1_000;

export const handler = eventHandler(z.unknown(), async () => {
  const { table, clock } = reconciliation();
  const days = await overdueDays(table, accountingDateAt(clock(), environmentValue('TIME_ZONE')), maximumCounted);
  // an alarm counts them by this line: lib/constructs/overdue-arrivals.ts
  log.info('overdue arrivals counted', { overdue: days.length, ...(days[0] && { oldestDueOn: days[0] }) });
});
