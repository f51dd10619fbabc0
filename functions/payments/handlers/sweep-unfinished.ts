import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { sweeping } from '../../runtime/wiring/sweeping.ts';
import { sweepUnfinished } from '../open/sweep-unfinished.ts';

/** What a schedule tells is not looked at. */
export const handler = eventHandler(z.unknown(), async () => {
  const report = await sweepUnfinished(sweeping());
  // the metrics and their alarms are made from this line
  log.info('unfinished payments counted', { ...report });
  return report;
});
