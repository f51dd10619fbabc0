/** Looks over SQS. They name a message that is kept, and hold nothing of it. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import type { Look, LookQueue } from './callbacks.ts';

export const lookQueue = (client: Pick<SQSClient, 'send'>, queueUrl: string): LookQueue => ({
  send: async (look, delaySeconds) => {
    const body = JSON.stringify(look);
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }));
  },
});

const lookSchema = z.object({ callbackId: idSchema('cbk'), look: z.int().positive() });

/** @throws Error for a body that is no message of ours. */
export const parseLook = (body: string): Look => lookSchema.parse(JSON.parse(body));
