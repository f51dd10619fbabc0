/** Other programs: run to their end with their output in a log, or captured for a look at what they say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { relative } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from './failure.ts';
import { repository } from './workspace.ts';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/** Runs a program with its output on the terminal. @returns its exit code */
export const runVisibly = async (program: Program): Promise<number> => {
  const child = start(program, 'inherit'); // with the terminal's input as well: cdk asks before it widens permissions
  return exitOf(child);
};

export interface Captured {
  readonly code: number;
  readonly output: string;
}

/** Runs a program and keeps what it says. A program that is not there ends with code 127. */
export async function runCaptured(program: Program, timeoutMs?: number): Promise<Captured> {
  const child = start(program, 'pipe');
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill(), timeoutMs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const code = await exitOf(child);
  clearTimeout(timer);
  return { code, output };
}

/**
 * Runs a program with its output added to a log file.
 *
 * @throws Failure with the last lines that look like errors, and the log's place.
 */
export async function runLogged(
  what: string,
  program: Program,
  { log, onLine }: { readonly log: string; readonly onLine?: (line: string) => void },
): Promise<void> {
  const file = createWriteStream(log, { flags: 'a' });
  const lines: string[] = [];
  const child = start(program, 'pipe');
  const readings = [child.stdout, child.stderr].map(async (stream) => {
    if (!stream) return;
    for await (const line of createInterface({ input: stream })) {
      file.write(`${line}\n`);
      lines.push(line);
      onLine?.(line);
    }
  });
  const code = await exitOf(child);
  await Promise.all(readings);
  file.end();
  if (code !== 0)
    throw new Failure(`${what} failed (the whole log: ${relative(repository, log)}):\n${tellingLines(lines)}`);
}

/** The lines from the first that names an error, or the last ones; at most eight. */
function tellingLines(lines: readonly string[]): string {
  const spoken = lines.filter((line) => line.trim() !== '');
  const errors = spoken.filter((line) => /error|fail|❌|denied|cannot|refused|no space/i.test(line));
  return (errors.length > 0 ? errors : spoken)
    .slice(-8)
    .map((line) => `  ${line.trim().slice(0, 300)}`)
    .join('\n');
}

function start({ command, args, env = process.env }: Program, stdio: 'pipe' | 'inherit'): ChildProcess {
  const child = spawn(command, args, {
    cwd: repository,
    env,
    stdio: [stdio === 'inherit' ? stdio : 'ignore', stdio, stdio],
  });
  running.add(child);
  return child;
}

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    const ended = (code: number) => {
      running.delete(child);
      resolve(code);
    };
    child.on('error', () => ended(127));
    child.on('close', (code) => ended(code ?? 1));
  });
