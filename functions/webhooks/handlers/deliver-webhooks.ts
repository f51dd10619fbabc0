import { log } from '../../runtime/log.ts';
import { queueHandler } from '../../runtime/queue.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { takeTurn } from '../take-turn.ts';
import { parseTurn } from '../turn-queue.ts';

export const handler = queueHandler('taking a turn', async (body) => {
  const turn = parseTurn(body);
  const outcome = await takeTurn(webhooks(), turn);
  log.info('turn taken', { ...turn, outcome });
});
