/**
 * `npm run simulate -- --seed N --runs M`: the production use cases on a DynamoDB in memory that misbehaves by the seed, and
 * the laws of the books after each run. The runs have the seeds N, N + 1, …, and each of them is repeated exactly by
 * `--seed <its own> --runs 1`. With `--operations` it goes on until so many were made. Ends with code 1 when a law is broken.
 */
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { Failure } from './failure.ts';
import { type Run, runScenario } from './simulation/scenarios/run.ts';

/** How much of the history of a run that broke a law is shown, and how many of its sentences. */
const shownLines = 40;
const shownLength = 240;
const shownSentences = 10;
const progressMs = 10_000;

interface Plan {
  readonly seed: number;
  readonly runs: number;
  /** runs go on beyond their number until so many operations were made */
  readonly operations: number;
  /** of callers in each run */
  readonly requests: number;
}

if (import.meta.main) {
  await runCommand(async () => {
    const { failures, ...result } = await simulate(planFrom(process.argv.slice(2)));
    console.log(JSON.stringify({ runs: result.runs, failures, runsPerSecond: result.runsPerSecond }));
    return failures > 0 ? 1 : 0;
  });
}

function planFrom(args: readonly string[]): Plan {
  const number = (standard: number) => ({ type: 'string', default: String(standard) }) as const;
  const options = { seed: number(1), runs: number(200), operations: number(0), requests: number(150) };
  const { values } = parseArgs({ args: [...args], options });
  const plan = {
    seed: Number(values.seed),
    runs: Number(values.runs),
    operations: Number(values.operations),
    requests: Number(values.requests),
  };
  for (const [name, value] of Object.entries(plan)) {
    if (!Number.isSafeInteger(value) || value < 0) throw new Failure(`--${name} must be a whole number`);
  }
  return plan;
}

async function simulate({ seed, runs, operations, requests }: Plan) {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  const perSecond = (count: number) => Number((count / seconds()).toFixed(2));
  let [done, made, failures] = [0, 0, 0];
  let toldAt = 0;
  const tell = (sign: string) =>
    console.log(
      `${sign} ${done} runs, ${made} operations in ${seconds().toFixed(0)} s: ` +
        `${perSecond(done)} runs/s, ${Math.round(perSecond(made))} operations/s, ${failures} failed`,
    );
  while (done < runs || made < operations) {
    const run = await runScenario({ seed: seed + done, requests });
    done += 1;
    made += run.operations;
    if (run.broken.length > 0) {
      failures += 1;
      tellFailure(run, requests);
    }
    if (performance.now() - started - toldAt < progressMs) continue;
    toldAt = performance.now() - started;
    tell('…');
  }
  tell(failures === 0 ? '✔' : '✖');
  return { runs: done, failures, runsPerSecond: perSecond(done) };
}

function tellFailure({ seed, broken, history }: Run, requests: number): void {
  for (const line of history.slice(-shownLines)) console.log(`  ${line.slice(0, shownLength)}`);
  console.log(`✖ seed ${seed} (--seed ${seed} --runs 1 --requests ${requests})`);
  for (const sentence of broken.slice(0, shownSentences)) console.log(`  ✖ ${sentence}`);
  if (broken.length > shownSentences) console.log(`  … and ${broken.length - shownSentences} more`);
}
