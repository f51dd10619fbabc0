import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { sweepDeliveries } from '../sweep-deliveries.ts';

export const handler = eventHandler(z.unknown(), async () => {
  const overdue = await sweepDeliveries(webhooks());
  if (overdue > 0) log.warn('deliveries were overdue', { overdue });
});
