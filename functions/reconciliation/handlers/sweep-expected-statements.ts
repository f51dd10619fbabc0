import * as z from 'zod';
import { environmentValue } from '../../runtime/environment.ts';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { sweepExpectedStatements } from '../calendar/sweep-expected-statements.ts';

/** What a schedule tells is not looked at. */
export const handler = eventHandler(z.unknown(), async () => {
  const { table, clock, commit, channels, payments } = reconciliation();
  const needs = { table, clock, commit, channels, payments, timeZone: environmentValue('TIME_ZONE') };
  const { newlyMissing, missing, empty } = await sweepExpectedStatements(needs);
  for (const { day, dueAt, merchant } of newlyMissing) {
    const { institutionId } = merchant;
    log.error('a statement has not come', { ...day, dueAt: dueAt.toISOString(), institutionId });
  }
  const counts = { missing, newlyMissing: newlyMissing.length, empty };
  // the metric and its alarm are made from this line
  log.info('missing statements counted', counts);
  return counts;
});
