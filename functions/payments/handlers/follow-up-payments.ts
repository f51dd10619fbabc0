import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { followUpPayment } from '../follow-up-payment.ts';
import { parseFollowUp } from '../follow-up-queue.ts';

const queueEventSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
type Message = z.infer<typeof queueEventSchema>['Records'][number];

/** Messages are independent: those that fail come back on their own, at last to the dead-letter queue with its alarm. */
export const handler = eventHandler(queueEventSchema, async ({ Records: messages }) => {
  const failed = await Promise.all(messages.map(handleMessage));
  return { batchItemFailures: failed.flat() };
});

async function handleMessage({ messageId, body }: Message): Promise<{ itemIdentifier: string }[]> {
  try {
    const followUp = parseFollowUp(body);
    const outcome = await followUpPayment(payments(), followUp);
    // the metric and its alarm are made from this line
    if (outcome === 'left_to_statement') log.error('payment left to its statement', { ...followUp });
    else log.info('payment followed up', { ...followUp, outcome });
    return [];
  } catch (error) {
    log.error('following a payment up failed', { messageId, error: error as Error });
    return [{ itemIdentifier: messageId }];
  }
}
