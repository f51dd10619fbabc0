import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { expireHolds } from '../holds/expire-holds.ts';

/** What a schedule tells is not looked at. */
export const handler = eventHandler(z.unknown(), async () => {
  const expired = await expireHolds(ledger());
  if (expired.released > 0) log.info('holds were over and released', { ...expired });
  return expired;
});
