/** The AWS emulator of this machine: found, started, waited for, stopped. */
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Program, runCaptured } from '../child.ts';
import { Failure } from '../failure.ts';
import { repository, type Workspace } from '../workspace.ts';
import { dockerRuns, emulatorInDocker } from './docker.ts';
import { callersAws, emulatedAws, emulatorProcess } from './environment.ts';
import { answers, expectPortFree, isSomethingAt } from './port.ts';
import { findPython, installEmulator } from './python.ts';

export interface Emulator {
  readonly origin: string;
  /** what AWS tools need to reach it */
  readonly env: NodeJS.ProcessEnv;
  readonly origins: 'started' | 'already running' | 'named by AWS_ENDPOINT_URL';
  readonly stop: () => Promise<void>;
}

const recordSchema = z.object({ pid: z.int(), port: z.int() });
type ProcessRecord = z.infer<typeof recordSchema>;

/** The emulator that AWS_ENDPOINT_URL names, ours that still runs, or a new one. @throws Failure with what to do. */
export async function emulatorFor(workspace: Workspace, port: number, tell: (now: string) => void): Promise<Emulator> {
  const origin = process.env['AWS_ENDPOINT_URL'];
  if (origin !== undefined && origin !== '') return namedEmulator(origin);
  const running = await runningEmulator(workspace);
  return running ? ours(workspace, running, 'already running') : startEmulator(workspace, port, tell);
}

/** A new emulator, whatever else there is. @throws Failure with what to do. */
export const startEmulator = (workspace: Workspace, port: number, tell: (now: string) => void): Promise<Emulator> =>
  startWith({}, { workspace, port, tell });

/** As {@link startEmulator}, and every call is held to the policies of whoever makes it: a missing grant fails a test. */
export const startEnforcingEmulator: typeof startEmulator = (workspace, port, tell) =>
  startWith({ AUTH: 'true' }, { workspace, port, tell });

async function startWith(
  settings: Readonly<Record<string, string>>,
  { workspace, port, tell }: { workspace: Workspace; port: number; tell: (now: string) => void },
): Promise<Emulator> {
  await expectPortFree(port);
  tell('installing it, unless it is there already');
  const record = await startProcess(workspace, port, settings);
  tell('starting');
  const leaveNothing = () => signalGroup(record.pid, 'SIGKILL');
  process.on('exit', leaveNothing);
  await untilReady(workspace, record);
  process.off('exit', leaveNothing);
  return ours(workspace, record, 'started');
}

async function namedEmulator(origin: string): Promise<Emulator> {
  if (!(await isSomethingAt(origin))) {
    throw new Failure(
      `nothing answers at AWS_ENDPOINT_URL=${origin}: start that emulator, or unset AWS_ENDPOINT_URL to have one started`,
    );
  }
  return { origin, env: callersAws(), origins: 'named by AWS_ENDPOINT_URL', stop: async () => undefined };
}

const ours = (workspace: Workspace, record: ProcessRecord, origins: Emulator['origins']): Emulator => {
  const origin = `http://localhost:${record.port}`;
  return { origin, env: emulatedAws(origin), origins, stop: () => stopEmulator(workspace, record) };
};

/** The emulator that an earlier command of this workspace left running. */
export async function runningEmulator(workspace: Workspace): Promise<ProcessRecord | undefined> {
  if (!existsSync(workspace.emulatorRecord)) return undefined;
  const record = recordSchema.parse(JSON.parse(readFileSync(workspace.emulatorRecord, 'utf8')));
  // whether it answers says nothing: a busy one takes its time, and is not to be forgotten while it runs
  if (await isEmulator(record.pid)) return record;
  rmSync(workspace.emulatorRecord);
  return undefined;
}

/** Leads a process group of its own, so that Ctrl-C reaches us first and its functions end with it. */
async function startProcess(
  workspace: Workspace,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ProcessRecord> {
  const program = await emulatorProgram(port, settings);
  const log = openSync(workspace.emulatorLog, 'w');
  const child = spawn(program.command, program.args, {
    cwd: workspace.folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: program.env,
  });
  child.on('error', () => undefined); // told by untilReady, which finds no process
  child.unref();
  const record = { pid: child.pid ?? 0, port };
  writeFileSync(workspace.emulatorRecord, JSON.stringify(record));
  return record;
}

async function emulatorProgram(port: number, further: Readonly<Record<string, string>>): Promise<Program> {
  // MQTT over TLS would bind one fixed port, and two emulators could not run side by side
  const settings = { GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0', ...further };
  const python = await findPython();
  if (python !== undefined) {
    const program = await installEmulator(python);
    return { ...program, env: { ...emulatorProcess(settings), ...program.env } };
  }
  if (await dockerRuns()) return emulatorInDocker(port, settings);
  throw new Failure(
    'there is neither Python 3.10 or newer nor a running Docker engine: install one of them and repeat',
  );
}

async function untilReady(workspace: Workspace, record: ProcessRecord): Promise<void> {
  const { pid, port } = record;
  const until = Date.now() + 180_000; // a Docker image may have to be fetched first
  while (!(await answers(`http://localhost:${port}/_ministack/ready`))) {
    const gone = !isAlive(pid);
    if (gone || Date.now() > until) {
      await stopEmulator(workspace, record);
      const said = readFileSync(workspace.emulatorLog, 'utf8').trim().split('\n').slice(-5).join('\n  ');
      const place = relative(repository, workspace.emulatorLog);
      throw new Failure(`the emulator ${gone ? 'ended at once' : 'did not get ready'} (its log: ${place}):\n  ${said}`);
    }
    await sleep(100);
  }
}

/** Asks it to end, and ends it after five seconds; its functions' processes are in its group. */
export async function stopEmulator(workspace: Workspace, { pid }: ProcessRecord): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  for (let waited = 0; isAlive(pid) && waited < 5_000; waited += 50) await sleep(50);
  signalGroup(pid, 'SIGKILL');
  rmSync(workspace.emulatorRecord, { force: true });
}

/** A number may have passed to another program since it was written down. */
async function isEmulator(pid: number): Promise<boolean> {
  const commandLine = `/proc/${pid}/cmdline`;
  if (existsSync(commandLine)) return readFileSync(commandLine, 'utf8').includes('ministack');
  const { output } = await runCaptured({ command: 'ps', args: ['-o', 'command=', '-p', String(pid)] });
  return output.includes('ministack');
}

function isAlive(pid: number): boolean {
  return signalTo(pid, 0);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (pid > 0) signalTo(-pid, signal);
}

function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid === 0) return false;
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // no such process, or not ours: either way there is nothing to signal
  }
}
