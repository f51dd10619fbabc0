/** Turns over SQS: they name an endpoint and an object, and hold nothing of what is told. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { WebhookEndpointId } from '../kernel/ids.ts';
import type { Turn, TurnQueue } from './webhooks.ts';

export const turnQueue = (client: Pick<SQSClient, 'send'>, queueUrl: string): TurnQueue => ({
  send: async (turn, delaySeconds) => {
    const body = JSON.stringify(turn);
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }));
  },
});

const turnSchema = z.object({
  endpointId: z.string().transform((id) => id as WebhookEndpointId), // our own message; an id that names nothing finds nothing
  objectId: z.string(),
  position: z.string(),
  attempt: z.int().positive(),
});

/** @throws Error for a body that is no message of ours. */
export const parseTurn = (body: string): Turn => {
  const { endpointId, objectId, position, attempt } = turnSchema.parse(JSON.parse(body));
  return { endpointId, objectId, position, attempt };
};
