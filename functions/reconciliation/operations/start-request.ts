/** That a file is to be started, on its way to whoever reads it for its hash: a large one takes longer than an answer may. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';

export const startRequestSchema = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().optional(),
  size: z.int(),
  /** a version of this object that came to nothing; the same message twice makes one version of it */
  afterVersion: z.int().optional(),
  requestedBy: z.string(),
});

export type StartRequest = z.infer<typeof startRequestSchema>;

export interface StartRequests {
  readonly send: (request: StartRequest) => Promise<void>;
}

export const startRequestQueue = (client: Pick<SQSClient, 'send'>, queueUrl: string): StartRequests => ({
  send: async (request) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(request) }));
  },
});
