import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { verificationBooks } from '../../runtime/wiring/parties.ts';
import { expireBindings } from '../expire-binding.ts';
import { sweepVerifications } from '../verification/sweep-verifications.ts';

/** At three seconds for a channel's silence, as many as fit the time between two sweeps. */
const limit = 15;

/** What a schedule tells is not looked at. */
export const handler = eventHandler(z.unknown(), async () => {
  const { looked, ended } = await sweepVerifications(verificationBooks(), { limit });
  const expiredBindings = await expireBindings(verificationBooks(), { limit: 100 });
  if (looked + expiredBindings > 0) log.info('looked at what was left behind', { looked, ended, expiredBindings });
  return { looked, ended, expiredBindings };
});
