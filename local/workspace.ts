/** Where a deployment on this machine keeps its outputs, logs and what was synthesised: `.local`, or a folder below it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url));
export const localFolder = join(repository, '.local');
export const bin = (name: string): string => join(repository, 'node_modules', '.bin', name);

export interface Workspace {
  readonly folder: string;
  /** the stack outputs as one flat object */
  readonly outputs: string;
  readonly cdkOutput: string;
  readonly deployLog: string;
  readonly emulatorLog: string;
  /** tells a later command which emulator runs */
  readonly emulatorRecord: string;
}

export function workspaceIn(folder: string): Workspace {
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    outputs: join(folder, 'outputs.json'),
    cdkOutput: join(folder, 'cdk.out'),
    deployLog: join(folder, 'deploy.log'),
    emulatorLog: join(folder, 'emulator.log'),
    emulatorRecord: join(folder, 'emulator.json'),
  };
}
