/** A batch of a table's stream as Lambda hands it over, and its answer: where to go on. */
import * as z from 'zod';
import { fromItem } from '../../kernel/table.ts';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import type { ObjectChange, ReadChange } from '../object-change.ts';
import { relayChanges } from '../relay-changes.ts';

// an attribute map is DynamoDB's own shape, in which bytes come as base64: sealed data, of which nobody is told
const imageSchema = z
  .record(z.string(), z.unknown())
  .transform((image) => fromItem(image as Parameters<typeof fromItem>[0]));

const streamEventSchema = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({
        SequenceNumber: z.string(),
        ApproximateCreationDateTime: z.number(),
        OldImage: imageSchema.optional(),
        NewImage: imageSchema.optional(),
      }),
    }),
  ),
});

type StreamRecord = z.infer<typeof streamEventSchema>['Records'][number];

/** What cannot be told holds up what comes after it, until it can be; its alarm says so. */
export const streamHandler = (readChange: ReadChange) =>
  eventHandler(streamEventSchema, async ({ Records: records }) => {
    const { events, stopped } = await relayChanges(webhooks(), records.flatMap(changeOf), readChange);
    log.info('changes relayed', { changes: records.length, events });
    if (stopped) log.error('a change cannot be told', { at: stopped.at, error: stopped.cause as Error });
    return { batchItemFailures: stopped ? [{ itemIdentifier: stopped.at }] : [] };
  });

/** Nothing that is told of is ever deleted. */
function changeOf({ dynamodb }: StreamRecord): ObjectChange[] {
  const { NewImage: after, OldImage: before, SequenceNumber: sequenceNumber } = dynamodb;
  const at = new Date(dynamodb.ApproximateCreationDateTime * 1000);
  return after ? [{ before, after, sequenceNumber, at }] : [];
}
