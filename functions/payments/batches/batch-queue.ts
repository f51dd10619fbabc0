/** Messages that carry a batch on, over SQS. They name it and hold nothing of it. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type BatchId, idSchema } from '../../kernel/ids.ts';
import type { BatchQueue } from './batches.ts';

export const batchQueue = (client: Pick<SQSClient, 'send'>, queueUrl: string): BatchQueue => ({
  send: async (batchId, delaySeconds) => {
    const body = JSON.stringify({ batchId });
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }));
  },
});

const messageSchema = z.object({ batchId: idSchema('batch') });

/** @throws Error for a body that is no message of ours. */
export const parseBatchMessage = (body: string): BatchId => messageSchema.parse(JSON.parse(body)).batchId;
