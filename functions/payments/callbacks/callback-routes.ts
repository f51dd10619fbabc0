import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { pageSchema } from '../../kernel/page.ts';
import { defineRoute } from '../../runtime/route.ts';
import { callbackListQuerySchema, callbackSchema, callbackWithMessageSchema } from './callback-schemas.ts';

/** For channels: no bearer, no Idempotency-Key, and what goes in and out is in the channel's own words. */
export const receiveCallbackPath = {
  method: 'POST',
  path: '/v1/channels/{channel}/callbacks',
  summary: 'Hears what channels tell of their own accord',
} as const;

export const listCallbacksRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/callbacks',
  summary: 'Lists the messages of channels that are not in the books, or against them, newest first',
  callers: ['operator'],
  query: callbackListQuerySchema,
  answers: { 200: pageSchema(callbackSchema) },
});

export const getCallbackRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/callbacks/{id}',
  summary: 'Shows a message of a channel as it came, and what became of it',
  callers: ['operator'],
  params: z.object({ id: idSchema('cbk') }),
  answers: { 200: callbackWithMessageSchema },
});
