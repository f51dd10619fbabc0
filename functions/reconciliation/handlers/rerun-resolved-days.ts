import * as z from 'zod';
import { fromItem } from '../../kernel/table.ts';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { rerunAskedDay, rerunResolvedDay } from '../rerun.ts';
import { isRerunRequest } from '../rerun-request-store.ts';
import { seriesKey, statementDaySchema } from '../statement-key.ts';

/** A case, or a request to work on a day again. */
const changedSchema = z
  .record(z.string(), z.unknown())
  // an attribute map is DynamoDB's own shape
  .transform((image) => fromItem(image as Parameters<typeof fromItem>[0]))
  .pipe(statementDaySchema.extend({ sk: z.string(), state: z.string().optional() }));

const streamEventSchema = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ NewImage: changedSchema.optional() }) })),
});

/** A batch is taken as a whole: told twice, a day is found started. */
export const handler = eventHandler(streamEventSchema, async ({ Records: records }) => {
  const days = new Map(
    records.flatMap(({ dynamodb: { NewImage: changed } }) => {
      if (!changed) return [];
      const { sk, state, ...day } = changed;
      const isAsked = isRerunRequest({ sk });
      return isAsked || state === 'resolved' ? [[`${seriesKey(day)}#${isAsked}`, { day, isAsked }] as const] : [];
    }),
  );
  for (const { day, isAsked } of days.values()) {
    const started = await (isAsked ? rerunAskedDay : rerunResolvedDay)(reconciliation(), day);
    if (started) {
      log.info('a statement is worked on again', { executionName: started.executionName, cause: started.startedBy });
    }
  }
  return { batchItemFailures: [] };
});
