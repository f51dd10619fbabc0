/** Runs jest over one or more of its projects, and reads how many tests passed. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { runVisibly } from './child.ts';
import { bin, localFolder, repository } from './workspace.ts';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

const resultSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
  success: z.boolean(),
});

/** A file that can't be loaded, and a run that ends without a result, count as one failure each. */
export async function runJest(
  projects: readonly string[],
  {
    args = [],
    env = process.env,
    workers = 2,
  }: { args?: readonly string[]; env?: NodeJS.ProcessEnv; workers?: number },
): Promise<TestCounts> {
  const resultFile = join(localFolder, `jest-${projects.join('-')}-${process.pid}.json`);
  const options = ['--ci', '--passWithNoTests', `--maxWorkers=${workers}`, '--json', `--outputFile=${resultFile}`];
  const code = await runVisibly({
    command: bin('node'),
    args: [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(repository, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...options,
      ...['--selectProjects', ...projects],
      ...args,
    ],
    env,
  });
  try {
    const result = resultSchema.parse(JSON.parse(readFileSync(resultFile, 'utf8')));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed: code === 0 ? failed : Math.max(failed, 1) };
  } catch {
    return { passed: 0, failed: 1 }; // jest itself has said why on the terminal
  } finally {
    rmSync(resultFile, { force: true });
  }
}
