/** An item of the maps, and the function that is deployed for it. */
import { matchStaged } from '../../functions/reconciliation/match-staged.ts';
import { planStaging } from '../../functions/reconciliation/plan-staging.ts';
import type { IdentifiedRun, PlannedRun } from '../../functions/reconciliation/run.ts';
import { stageChannelRows } from '../../functions/reconciliation/stage-channel-rows.ts';
import type { LocalFiles } from './local-files.ts';
import { type OwnPart, stageOwnText } from './own-text.ts';

export type WorkItem =
  | { readonly step: 'plan'; readonly run: IdentifiedRun }
  | { readonly step: 'stage range'; readonly run: PlannedRun; readonly item: RangeItem }
  | { readonly step: 'stage own'; readonly run: PlannedRun; readonly item: OwnPart }
  | { readonly step: 'match'; readonly run: PlannedRun; readonly item: { readonly shard: number } };

/** Asks a worker what it has used so far. */
export interface TellItem {
  readonly step: 'tell';
}

export interface RangeItem {
  readonly range: number;
  readonly start: number;
  readonly end: number;
  readonly firstLineNumber: number;
}

export async function workOn(files: LocalFiles, item: WorkItem): Promise<unknown> {
  switch (item.step) {
    case 'plan':
      return planStaging({ files }, item.run);
    case 'stage range':
      return stageChannelRows({ files }, item);
    case 'stage own':
      return stageOwnText(files, item);
    case 'match':
      return matchStaged({ files }, item);
  }
}
