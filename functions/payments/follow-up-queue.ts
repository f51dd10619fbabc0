/** Follow-up messages over SQS. They name a payment and carry numbers: nothing about people or cards. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { PaymentId } from '../kernel/ids.ts';
import type { FollowUp, FollowUpQueue } from './payments.ts';

/** @throws when SQS does not take the message: then nothing has been stored or called yet. */
export const followUpQueue = (client: Pick<SQSClient, 'send'>, queueUrl: string): FollowUpQueue => ({
  send: async (followUp, delaySeconds) => {
    const body = JSON.stringify(followUp);
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }));
  },
});

const followUpSchema = z.object({
  paymentId: z.string().transform((id) => id as PaymentId), // our own message; an id that names nothing finds nothing
  attempt: z.int().positive(),
  check: z.int().positive(),
  once: z.literal(true).exactOptional(),
});

/** @throws Error for a body that is no message of ours. */
export const parseFollowUp = (body: string): FollowUp => followUpSchema.parse(JSON.parse(body));
