/** How workers tell of their work: around a step, or around one item of a map. */
import type { Reconciliation } from '../reconciliation.ts';
import type { Identified, Plan, Run } from '../run.ts';
import { type NotedStep, putStepNote, putWorkNote, type WorkPart } from './progress-store.ts';

type Needs = Pick<Reconciliation, 'table' | 'clock'>;
type Where = Pick<Run, 'reconciliationId'>;

/** 1 write unit. */
export const noteStep = (
  { table, clock }: Needs,
  { reconciliationId }: Where,
  step: Exclude<NotedStep, 'Plan'>,
): Promise<void> => putStepNote(table, reconciliationId, { step, startedAt: clock() });

/** 2 write units: when planning began, and what is planned. */
export async function notePlan(
  { table, clock }: Needs,
  { reconciliationId, identified }: Where & { readonly identified: Identified },
  plan: () => Promise<Plan>,
): Promise<Plan> {
  const startedAt = clock();
  await putStepNote(table, reconciliationId, { step: 'Plan', startedAt });
  const { ranges, expectationShards, shards, ...rest } = await plan();
  const planned = { bytes: identified.content.size, ranges, expectationShards, shards };
  await putStepNote(table, reconciliationId, { step: 'Plan', startedAt, planned });
  return { ranges, expectationShards, shards, ...rest };
}

export interface MapItem {
  readonly part: WorkPart;
  readonly item: number;
  /** of a byte range */
  readonly bytes?: number;
}

/** 1 write unit, when the item is done. */
export async function noteWork(
  { table, clock }: Needs,
  { reconciliationId, ...place }: Where & MapItem,
  work: () => Promise<{ readonly lines: number }>,
): Promise<void> {
  const startedAt = clock();
  const { lines } = await work();
  await putWorkNote(table, reconciliationId, { ...place, lines, startedAt, finishedAt: clock() });
}
