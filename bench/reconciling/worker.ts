/**
 * A process that stands for one Lambda worker: does the items of the maps that it is handed, one after another, by the functions that
 * are deployed.
 */
import { formatNamed } from '../../functions/reconciliation/reading/catalogue.ts';
import { localFiles } from './local-files.ts';
import { peakMegabytes } from './peak-memory.ts';
import { type TellItem, type WorkItem, workOn } from './work-item.ts';

export interface WorkerUse {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly puts: number;
  readonly gets: number;
}

const [folder = '.', formatName = ''] = process.argv.slice(2);
const files = localFiles(folder);
let begun: NodeJS.CpuUsage | undefined;

async function work(item: WorkItem | TellItem): Promise<unknown> {
  begun ??= process.cpuUsage();
  if (item.step !== 'tell') return workOn(files, item);
  const { user, system } = process.cpuUsage(begun);
  return { cpuSeconds: (user + system) / 1e6, peakMegabytes: peakMegabytes(), ...files.requests() } satisfies WorkerUse;
}

process.on('message', (item: WorkItem | TellItem) => {
  work(item).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('SIGINT', () => process.exit());
// what is deployed is one file of JavaScript: here it would be found and stripped of its types while the clock runs
await formatNamed(formatName);
process.send?.({ ready: true });
