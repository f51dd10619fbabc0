import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { parseCallback } from '../callbacks/callback-queue.ts';
import { sandbox } from './dependencies.ts';

const queueEventSchema = z.object({ Records: z.array(z.object({ body: z.string() })) });

/** Callbacks whose time has come. One that nobody hears is given up after its tries, as payment companies do. */
export const handler = eventHandler(queueEventSchema, async ({ Records: messages }) => {
  await Promise.all(
    messages.map(async ({ body }) => {
      const callback = parseCallback(body);
      const reception = await sandbox().callBack(callback);
      log.info('called back', { messageNo: callback.messageNo, ...reception });
    }),
  );
});
