/** Fuzzes one format, and says at which input it is. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Said } from '../fuzz.ts';
import { fuzzFormat } from './fuzz-formats.ts';
import { formatsWithSamples } from './samples.ts';

interface Work {
  readonly name: string;
  readonly seed: number;
  readonly inputs: number;
  /** shared with whoever watches */
  readonly at: Float64Array;
}

const { name, seed, inputs, at } = workerData as Work; // as `fuzz.ts` hands it over
const found = (await formatsWithSamples()).find(({ format }) => format.name === name);
if (!found) throw new Error(`there is no format ${name}`);
const onInput = (own: number) => {
  at[0] = own;
};
const tried = await fuzzFormat(found, { seed, inputs, onInput });
const broken = tried.broken.map((each) => ({
  ...each,
  error: each.error instanceof Error ? (each.error.stack ?? each.error.message) : String(each.error),
}));
parentPort?.postMessage({ ...tried, broken } satisfies Said);
