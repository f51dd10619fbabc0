import * as z from 'zod';
import { fromItem } from '../../kernel/table.ts';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { observing } from '../../runtime/wiring/routing.ts';
import { observePayments } from '../observe-payments.ts';

// an attribute map is DynamoDB's own shape; payments hold no bytes, which would come as base64
const imageSchema = z
  .record(z.string(), z.unknown())
  .transform((image) => fromItem(image as Parameters<typeof fromItem>[0]));

const streamEventSchema = z.object({
  Records: z.array(
    z.object({ dynamodb: z.object({ OldImage: imageSchema.optional(), NewImage: imageSchema.optional() }) }),
  ),
});

/** A batch is taken as a whole; repeated after a fault it counts twice, which a rate can bear. */
export const handler = eventHandler(streamEventSchema, async ({ Records: records }) => {
  const changes = records.map(({ dynamodb }) => ({ before: dynamodb.OldImage, after: dynamodb.NewImage }));
  for (const change of await observePayments(observing(), changes)) {
    // the metric and its alarm are made from this line
    if (change.to === 'open') log.error('channel circuit opened', { ...change });
    else log.info('channel circuit changed', { ...change });
  }
  return { batchItemFailures: [] };
});
