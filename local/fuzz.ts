/**
 * `npm run fuzz -- --inputs N --seed S`: damages the samples of every statement format and holds the readers to their laws. Input
 * `n` is made of the seed `S + n` alone: what was found comes again by `--format <name> --seed <its own> --inputs 1`. Ends with code
 * 1 when a law is broken, a reader hangs or takes more memory than a function has.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { runCommand } from './command.ts';
import { Failure } from './failure.ts';
import type { Tried } from './fuzz/fuzz-formats.ts';
import { formatsWithSamples } from './fuzz/samples.ts';
import { tableText } from './table.ts';

/** No input of some kilobytes takes as long. */
const hangMs = 20_000;
const maximumHeapMb = 256;

await runCommand(async () => {
  const { seed, inputs, format: only } = planFrom(process.argv.slice(2));
  const names = (await formatsWithSamples()).map(({ format }) => format.name);
  const chosen = only === undefined ? names : names.filter((name) => name === only);
  if (chosen.length === 0) throw new Failure(`there is no format ${only}; there are: ${names.join(', ')}`);
  const share = Math.ceil(inputs / chosen.length);
  console.log(`${chosen.length} formats, ${share} inputs each, seeds from ${seed}`);
  const results: Result[] = [];
  for (const name of chosen) {
    const result = await fuzzed(name, seed, share);
    results.push(result);
    tell(result);
  }
  const head = ['format', 'inputs', 'read', 'turned away', 'inputs/s', 'slowest ms', 'peak MB', 'broken'];
  console.log(tableText(head, results.map(rowOf)));
  const broken = results.reduce((sum, { tried }) => sum + tried.broken.length, 0);
  const total = results.reduce((sum, { tried }) => sum + tried.inputs, 0);
  console.log(JSON.stringify({ seed, inputs: total, formats: results.length, broken }));
  return broken === 0 ? 0 : 1;
});

function planFrom(args: readonly string[]) {
  const options = {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '100000' },
    format: { type: 'string' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const plan = { seed: Number(values.seed), inputs: Number(values.inputs) };
  for (const [name, value] of Object.entries(plan)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new Failure(`--${name} must be a whole number of 1 or more`);
  }
  return { ...plan, format: values.format };
}

interface Result {
  readonly name: string;
  readonly tried: Tried;
  readonly seconds: number;
  readonly peakMb: number;
}

/** What a worker says in the end; errors as text, since they are of its own realm. */
export interface Said extends Omit<Tried, 'broken'> {
  readonly broken: readonly { readonly seed: number; readonly sample: string; readonly error: string }[];
}

/** In a worker of its own, which can be ended where it hangs and has no more memory than is allowed. */
async function fuzzed(name: string, seed: number, inputs: number): Promise<Result> {
  const started = performance.now();
  const at = new Float64Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('fuzz/worker.ts', import.meta.url), {
    workerData: { name, seed, inputs, at },
    resourceLimits: { maxOldGenerationSizeMb: maximumHeapMb },
  });
  let peakMb = 0;
  let seen = { seed: at[0], since: performance.now() };
  const ended = (error: string): Said => ({
    inputs: (at[0] ?? seed) - seed + 1,
    outcomes: { read: 0, 'turned away': 0 },
    slowestMs: hangMs,
    broken: [{ seed: at[0] ?? seed, sample: 'any', error }],
  });
  const said = await new Promise<Said>((resolve) => {
    const watching = setInterval(() => {
      peakMb = Math.max(peakMb, Math.round(process.memoryUsage().rss / 1024 ** 2));
      if (at[0] !== seen.seed) seen = { seed: at[0], since: performance.now() };
      else if (performance.now() - seen.since > hangMs) resolve(ended(`hangs for more than ${hangMs / 1_000} s`));
    }, 250);
    worker.on('message', (message: Said) => resolve(message));
    worker.on('error', (error: Error) => resolve(ended(`${error.name}: ${error.message}`)));
    worker.on('exit', () => clearInterval(watching));
  });
  await worker.terminate();
  return { name, tried: said, seconds: (performance.now() - started) / 1_000, peakMb };
}

function tell({ name, tried }: Result): void {
  for (const { seed, sample, error } of tried.broken) {
    console.log(`✖ ${name}, ${sample}: ${String(error)}`);
    console.log(`  again by: npm run fuzz -- --format ${name} --seed ${seed} --inputs 1`);
  }
}

function rowOf({ name, tried, seconds, peakMb }: Result) {
  const { inputs, outcomes, slowestMs, broken } = tried;
  const perSecond = Math.round(inputs / seconds);
  return [
    name,
    inputs,
    outcomes.read,
    outcomes['turned away'],
    perSecond,
    Math.round(slowestMs),
    peakMb,
    broken.length,
  ];
}
