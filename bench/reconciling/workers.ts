/** What does the items of the maps: processes that each stand for a Lambda worker, or this one. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { bundleScript } from '../../lib/bundles.ts';
import { rowWorkerOptions } from '../../lib/node-options.ts';
import { localFiles } from './local-files.ts';
import { type TellItem, type WorkItem, workOn } from './work-item.ts';
import type { WorkerUse } from './worker.ts';

const workers = 2;

export interface Pool {
  /** each item by whichever worker is free. @throws Error when one fails */
  readonly doAll: (items: readonly WorkItem[]) => Promise<unknown[]>;
  readonly tell: () => Promise<WorkerUse[]>;
  readonly stop: () => void;
}

export async function startProcesses(folder: string, format: string): Promise<Pool> {
  const script = join(folder, 'worker.mjs');
  bundleScript(join(import.meta.dirname, 'worker.ts'), script);
  const children = Array.from({ length: workers }, () => fork(script, [folder, format], { execArgv: workerFlags() }));
  await Promise.all(children.map(messageOf));
  const ask = async (child: ChildProcess, item: WorkItem | TellItem): Promise<unknown> => {
    child.send(item);
    const message = (await messageOf(child)) as { readonly answer?: unknown; readonly failed?: string };
    if (message.failed !== undefined) throw new Error(`${item.step}: ${message.failed}`);
    return message.answer;
  };
  return {
    doAll: async (items) => {
      const waiting = [...items.entries()];
      const answers: unknown[] = [];
      const worksOn = async (child: ChildProcess): Promise<void> => {
        for (let next = waiting.shift(); next; next = waiting.shift()) answers[next[0]] = await ask(child, next[1]);
      };
      await Promise.all(children.map(worksOn));
      return answers;
    },
    tell: () => Promise.all(children.map(async (child) => (await ask(child, { step: 'tell' })) as WorkerUse)),
    stop: () => {
      for (const child of children) child.kill(process.env['BENCH_PROFILE'] ? 'SIGINT' : 'SIGTERM');
    },
  };
}

/** Does the items one after another where it is started: it measures nothing but what is found. */
export async function inThisProcess(folder: string): Promise<Pool> {
  const files = localFiles(folder);
  return {
    doAll: async (items) => {
      const answers: unknown[] = [];
      for (const item of items) answers.push(await workOn(files, item));
      return answers;
    },
    tell: async () => [],
    stop: () => undefined,
  };
}

/** As deployed. */
const workerFlags = (): string[] => [
  ...rowWorkerOptions,
  ...(process.env['BENCH_PROFILE'] ? ['--cpu-prof', '--cpu-prof-dir=.local/profiles'] : []),
];

const messageOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a worker ended with code ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
