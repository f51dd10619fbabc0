import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { refreshing } from '../../runtime/wiring/routing.ts';
import { refreshReserves } from '../routing/refresh-reserves.ts';

/** Woken by a schedule, whose event says nothing. */
export const handler = eventHandler(z.unknown(), async () => {
  const { asked, silent, low } = await refreshReserves(refreshing());
  for (const each of silent) log.warn('merchant reserve not told', { ...each });
  for (const { reserve, left } of low) {
    const { channel, merchantNo } = reserve;
    // the metric and its alarm are made from this line
    log.error('merchant reserve low', { channel, merchantNo, left: String(left.amount), currency: left.currency });
  }
  log.info('merchant reserves looked at', { asked, silent: silent.length, low: low.length });
});
