import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { takeTurn } from '../take-turn.ts';
import { parseTurn } from '../turn-queue.ts';

const queueEventSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
type Message = z.infer<typeof queueEventSchema>['Records'][number];

/** Turns are independent: those that fail come back on their own, at last to the dead-letter queue with its alarm. */
export const handler = eventHandler(queueEventSchema, async ({ Records: messages }) => {
  const failed = await Promise.all(messages.map(handleMessage));
  return { batchItemFailures: failed.flat() };
});

async function handleMessage({ messageId, body }: Message): Promise<{ itemIdentifier: string }[]> {
  try {
    const turn = parseTurn(body);
    const outcome = await takeTurn(webhooks(), turn);
    log.info('turn taken', { ...turn, outcome });
    return [];
  } catch (error) {
    log.error('a turn failed', { messageId, error: error as Error });
    return [{ itemIdentifier: messageId }];
  }
}
