/** Keeps what a bench found beside the code, so that a change of it can be seen in the history. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'results');

/** Writes `bench/results/<name>.json`, with the machine it was measured on. */
export function writeResults(name: string, figures: object): void {
  mkdirSync(folder, { recursive: true });
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
}
