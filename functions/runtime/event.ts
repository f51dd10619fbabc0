/** The stack for everything that is no HTTP: queue messages, streams, steps of a workflow. */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { log } from './log.ts';

/**
 * Parses the event at the door and runs one use case. An exception is logged once with its cause and rethrown: the
 * queue or the workflow retries it.
 */
export function eventHandler<Event extends z.ZodType, Result>(
  schema: Event,
  handle: (event: z.infer<Event>, context: Context) => Promise<Result>,
) {
  return middy<unknown, Result, Error, Context>()
    .before((request) => {
      log.resetKeys();
      log.appendKeys({ requestId: request.context.awsRequestId });
    })
    .onError((request) => {
      log.error('the event failed', { error: request.error as Error });
    })
    .handler((event, context) => handle(schema.parse(event), context));
}
