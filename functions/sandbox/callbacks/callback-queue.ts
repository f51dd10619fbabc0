/** Callbacks that wait for their time in a queue. They hold numbers of orders and amounts, and nothing about people. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { currencySchema } from '../../kernel/money.ts';
import { merchantSchema } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { type Callback, spoiltWays } from './callback.ts';

export const callbackQueue =
  (client: Pick<SQSClient, 'send'>, queueUrl: string): Sandbox['callBackLater'] =>
  async (callback, delaySeconds) => {
    const body = JSON.stringify(callback, (_name, value) => (typeof value === 'bigint' ? value.toString() : value));
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }));
  };

const orderKind = z.enum(['collection', 'payout', 'refund']);

const eventSchema = z.union([
  z.object({
    kind: orderKind,
    channelOrderNo: z.string(),
    outcome: z.literal('succeeded'),
    tradeNo: z.string(),
    completedAt: z.string(),
  }),
  z.object({
    kind: orderKind,
    channelOrderNo: z.string(),
    outcome: z.literal('refused'),
    reason: z.string(),
    retryElsewhere: z.boolean(),
  }),
  z.object({
    kind: z.literal('payout_return'),
    channelOrderNo: z.string(),
    tradeNo: z.string(),
    amount: z.string().transform(BigInt),
    currency: currencySchema,
    returnedAt: z.string(),
  }),
]);

const callbackSchema = merchantSchema.extend({
  callbackUrl: z.string(),
  messageNo: z.string(),
  events: z.array(eventSchema),
  spoilt: z.enum(spoiltWays).optional(),
});

/** @throws Error for a body that is no message of ours. */
export const parseCallback = (body: string): Callback => callbackSchema.parse(JSON.parse(body));
