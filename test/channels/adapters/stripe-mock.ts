/**
 * Stripe's own `stripe-mock`, which holds every request against Stripe's published API and answers in its shapes. It
 * remembers nothing: what becomes of an order is told by `stripe-in-memory.ts` in front of it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runLogged } from '../../../local/child.ts';
import { freePort, isSomethingAt } from '../../../local/emulator/port.ts';
import { localFolder } from '../../../local/workspace.ts';

const version = 'v0.203.0';
const folder = join(localFolder, 'go', `stripe-mock-${version}`);
const program = join(folder, 'stripe-mock');

export interface StripeMock {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Go builds it from the source that the public checksum database vouches for. @throws Error in CI, which has Go */
export function isGoThere(): boolean {
  const there = existsSync(program) || spawnSync('go', ['version']).status === 0;
  if (!there && process.env['CI'] === 'true') throw new Error('CI needs Go 1.22 or newer to build stripe-mock');
  return there;
}

/** @throws Failure when it can't be built: without a way to the Go modules the first time */
export async function startStripeMock(): Promise<StripeMock> {
  if (!existsSync(program)) {
    const args = ['install', `github.com/stripe/stripe-mock@${version}`];
    const env = { ...process.env, GOBIN: folder };
    await runLogged('building stripe-mock', { command: 'go', args, env }, { log: join(localFolder, 'go.log') });
  }
  const port = await freePort();
  const child = spawn(program, ['-http-addr', `127.0.0.1:${port}`], { stdio: 'ignore' });
  const stopWithUs = () => child.kill();
  process.on('exit', stopWithUs);
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; !(await isSomethingAt(url)); waited += 50) {
    if (child.exitCode !== null || waited > 30_000) throw new Error('stripe-mock did not start');
    await sleep(50);
  }
  return {
    url,
    stop: async () => {
      process.off('exit', stopWithUs);
      await ended(child);
    },
  };
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
