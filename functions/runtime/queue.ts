/** The stack for the messages of a queue, which are independent of each other. */
import * as z from 'zod';
import { eventHandler } from './event.ts';
import { log } from './log.ts';

const queueEventSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
type Message = z.infer<typeof queueEventSchema>['Records'][number];

/**
 * Those that fail come back on their own, at last to the dead-letter queue with its alarm.
 *
 * @param what is done, for the log line of a failure
 */
export const queueHandler = (what: string, handle: (body: string) => Promise<void>) =>
  eventHandler(queueEventSchema, async ({ Records: messages }) => {
    const failed = await Promise.all(
      messages.map(async ({ messageId, body }: Message) => {
        try {
          await handle(body);
          return [];
        } catch (error) {
          log.error(`${what} failed`, { messageId, error: error as Error });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  });
