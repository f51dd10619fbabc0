import { log } from '../../runtime/log.ts';
import { queueHandler } from '../../runtime/queue.ts';
import { callbacks } from '../../runtime/wiring/callbacks.ts';
import { lookAgain } from '../callbacks/look-again.ts';
import { parseLook } from '../callbacks/look-queue.ts';
import { logWhatPeopleMustSee } from './callback-log.ts';

export const handler = queueHandler('looking at a callback', async (body) => {
  const look = parseLook(body);
  const looked = await lookAgain(callbacks(), look);
  if (looked.outcome === 'concluded' && looked.changed) logWhatPeopleMustSee(looked.callback);
  else log.info('callback looked at', { ...look, outcome: looked.outcome });
});
