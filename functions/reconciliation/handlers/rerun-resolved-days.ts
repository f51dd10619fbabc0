import * as z from 'zod';
import { fromItem } from '../../kernel/table.ts';
import { eventHandler } from '../../runtime/event.ts';
import { log } from '../../runtime/log.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { rerunResolvedDay } from '../rerun.ts';
import { seriesKey, statementDaySchema } from '../statement-key.ts';

const changedCaseSchema = z
  .record(z.string(), z.unknown())
  // an attribute map is DynamoDB's own shape
  .transform((image) => fromItem(image as Parameters<typeof fromItem>[0]))
  .pipe(statementDaySchema.extend({ state: z.string() }));

const streamEventSchema = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ NewImage: changedCaseSchema.optional() }) })),
});

/** A batch is taken as a whole: told twice, a day is found started. */
export const handler = eventHandler(streamEventSchema, async ({ Records: records }) => {
  const days = new Map(
    records.flatMap(({ dynamodb: { NewImage: changed } }) => {
      if (changed?.state !== 'resolved') return [];
      const { state: _, ...day } = changed;
      return [[seriesKey(day), day] as const];
    }),
  );
  for (const day of days.values()) {
    const started = await rerunResolvedDay(reconciliation(), day);
    if (started) log.info('the last case of a day was resolved', { executionName: started.executionName });
  }
  return { batchItemFailures: [] };
});
