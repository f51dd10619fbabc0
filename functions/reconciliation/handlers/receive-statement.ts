import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { takeNoStatementReply } from '../calendar/take-no-statement-reply.ts';
import { receiveStatement } from '../receive-statement.ts';

/** What EventBridge tells of an object that S3 has created. */
const objectCreatedSchema = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), size: z.int(), 'version-id': z.string().optional() }),
  }),
});

export const handler = eventHandler(objectCreatedSchema, async ({ detail: { bucket, object } }) => {
  const versionId = object['version-id'];
  const file = { bucket: bucket.name, key: object.key, size: object.size, ...(versionId && { versionId }) };
  if (await takeNoStatementReply(reconciliation(), file)) {
    log.info('a channel says that there is no statement', { key: object.key, versionId });
    return;
  }
  const received = await receiveStatement(reconciliation(), file);
  log.info('a file came', { key: object.key, versionId, ...received });
});
