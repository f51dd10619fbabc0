/** The operators' work on statements as callers see it. */
import type * as z from 'zod';
import type { Batch } from '../batch.ts';
import { reconciliationView } from '../reconciliation-view.ts';
import type { BackFilledDay } from './back-fill-month.ts';
import type { backFilledSchema, progressSchema, redrivenSchema, startedSchema } from './operations-schemas.ts';
import type { Progress } from './progress.ts';
import type { Redriven } from './redrive-reconciliation.ts';
import type { Started } from './start-statement.ts';

/** Branded ids come out of the schemas' own transforms; before that they are text. */
type View<Schema extends z.ZodType> = z.input<Schema>;

export const startedView = ({ outcome, object, executionName, batch }: Started): View<typeof startedSchema> => ({
  outcome,
  key: object.key,
  versionId: object.versionId ?? null,
  executionName,
  reconciliation: batch ? reconciliationView(batch) : null,
});

export const redrivenView = ({ outcome, batch }: Redriven): View<typeof redrivenSchema> => ({
  outcome,
  reconciliation: reconciliationView(batch),
});

export const backFilledView = (days: readonly BackFilledDay[]): View<typeof backFilledSchema> => ({
  items: days.map((day) => ({
    date: day.date,
    outcome: day.outcome,
    key: day.outcome === 'no_file' ? null : day.key,
    executionName: day.outcome === 'no_file' ? null : day.executionName,
    status: day.outcome === 'known' ? day.status : null,
  })),
});

export function progressView(batch: Batch, progress: Progress): View<typeof progressSchema> {
  const { lines, items } = progress;
  const ofMap = ({ done, all }: { readonly done: number; readonly all: number | undefined }) => ({
    done,
    all: all ?? null,
  });
  return {
    id: batch.id,
    status: batch.status,
    executionName: batch.executionName,
    step: progress.step,
    startedAt: progress.startedAt.toISOString(),
    updatedAt: progress.updatedAt.toISOString(),
    lines: { ...lines, all: lines.all ?? null },
    items: {
      ranges: ofMap(items.channel),
      expectationShards: ofMap(items.own),
      shards: ofMap(items.match),
    },
    linesPerSecond: progress.linesPerSecond ?? null,
    secondsLeft: progress.secondsLeft ?? null,
  };
}
