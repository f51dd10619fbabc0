/**
 * A process that stands for one Lambda worker: does the items of the maps that it is handed, one after another, by the functions that
 * are deployed.
 */
import { matchStaged } from '../../functions/reconciliation/match-staged.ts';
import { planStaging } from '../../functions/reconciliation/plan-staging.ts';
import type { IdentifiedRun, PlannedRun } from '../../functions/reconciliation/run.ts';
import { stageChannelRows } from '../../functions/reconciliation/stage-channel-rows.ts';
import { localFiles } from './local-files.ts';
import { type OwnPart, stageOwnText } from './own-text.ts';

export type WorkItem =
  | { readonly step: 'plan'; readonly run: IdentifiedRun }
  | { readonly step: 'stage range'; readonly run: PlannedRun; readonly item: RangeItem }
  | { readonly step: 'stage own'; readonly run: PlannedRun; readonly item: OwnPart }
  | { readonly step: 'match'; readonly run: PlannedRun; readonly item: { readonly shard: number } }
  | { readonly step: 'tell' };

export interface RangeItem {
  readonly range: number;
  readonly start: number;
  readonly end: number;
  readonly firstLineNumber: number;
}

export interface WorkerUse {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly puts: number;
  readonly gets: number;
}

const folder = process.argv[2] ?? '.';
const files = localFiles(folder);
let begun: NodeJS.CpuUsage | undefined;

async function work(item: WorkItem): Promise<unknown> {
  begun ??= process.cpuUsage();
  switch (item.step) {
    case 'plan':
      return planStaging({ files }, item.run);
    case 'stage range':
      return stageChannelRows({ files }, item);
    case 'stage own':
      return stageOwnText(files, item);
    case 'match':
      return matchStaged({ files }, item);
    case 'tell': {
      const { user, system } = process.cpuUsage(begun);
      const peakMegabytes = process.resourceUsage().maxRSS / 1024;
      return { cpuSeconds: (user + system) / 1e6, peakMegabytes, ...files.requests() } satisfies WorkerUse;
    }
  }
}

process.on('message', (item: WorkItem) => {
  work(item).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('SIGINT', () => process.exit());
process.send?.({ ready: true });
