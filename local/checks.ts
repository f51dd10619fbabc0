/** The checks that need nothing but the files: the same by hand, before a push and in `npm test`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, runCaptured } from './child.ts';
import { bin, localFolder, repository } from './workspace.ts';

interface Check {
  readonly name: string;
  readonly program: Program;
}

const onNode = (tool: string, ...args: string[]): Program => ({ command: bin('node'), args: [bin(tool), ...args] });

const sources = ['bin', 'lib', 'functions', 'local', 'test', 'bench'].filter((folder) =>
  existsSync(join(repository, folder)),
);

/** Seconds. */
export const quickChecks: readonly Check[] = [
  { name: 'lint and format', program: onNode('biome', 'ci', '--colors=off') },
  { name: 'types', program: { command: bin('tsc'), args: ['--project', '.'] } },
  { name: 'dependency rules', program: onNode('depcruise', ...sources, '--config', '.dependency-cruiser.cjs') },
];

/** That the production stage can be synthesised; nothing is deployed. */
export const synthesis: Check = {
  name: 'synthesis',
  program: {
    ...onNode(
      'cdk',
      'synth',
      '--quiet',
      '--context',
      'stage=production',
      '--output',
      join(localFolder, 'check', 'cdk.out'),
    ),
    env: withoutEmulator(),
  },
};

/** Runs each check and shows what a failed one said. @returns the names of the failed ones */
export async function runChecks(checks: readonly Check[]): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, program } of checks) {
    const started = Date.now();
    const { code, output } = await runCaptured(program);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? '✔' : '✖'} ${name} (${seconds} s)`);
    if (code !== 0) {
      failed.push(name);
      console.log(output);
    }
  }
  return failed;
}

function withoutEmulator(): NodeJS.ProcessEnv {
  const { AWS_ENDPOINT_URL: _, ...rest } = process.env;
  return rest;
}
