/** What operators see of the messages of channels. */
import * as z from 'zod';
import { pageWithin } from '../../kernel/page.ts';
import { callbackStates, eventOutcomes, eventReasons } from './callback.ts';

/** What is settled leaves the lists and is shown by its id. */
export const listedStates = callbackStates.filter((state) => state !== 'handled');

export const callbackListQuerySchema = z.strictObject({
  ...pageWithin(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#cbk_[0-9A-Z]{26}$/),
  state: z
    .enum(listedStates)
    .meta({ description: 'what they wait for; those that are in the books wait for nothing and are in no list' }),
});

export const callbackSchema = z
  .object({
    id: z.string().meta({ example: 'cbk_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    channel: z.string(),
    messageId: z.string().nullable().meta({ description: "the channel's own number of the message" }),
    state: z.enum(callbackStates),
    receivedAt: z.iso.datetime(),
    changedAt: z.iso.datetime().meta({ description: 'when it was acted on last' }),
    events: z.array(
      z.object({
        kind: z.enum(['collection', 'payout', 'refund', 'payout_return']),
        merchantNo: z.string(),
        channelOrderNo: z.string(),
        claim: z.enum(['succeeded', 'failed', 'returned']).meta({ description: 'what the channel says' }),
        channelTradeNo: z.string().nullable(),
        outcome: z.enum(eventOutcomes).nullable().meta({ description: 'null before it was acted on' }),
        reason: z.enum(eventReasons).nullable(),
        transactionId: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Callback' });

export const callbackWithMessageSchema = callbackSchema.extend({
  headers: z.record(z.string(), z.string()),
  body: z.string().meta({ description: 'as it came' }),
});
