/** How every command runs: what it opened is closed again, however it ends, and it ends with a clear message and code. */
import { Failure } from './failure.ts';

class Interruption extends Error {}

let serving = false;

/**
 * Runs `main` and exits: with the code that it returns (0 for none), 1 when it throws, 130 when it is interrupted before
 * it serves. Before that everything on `opened` is closed, the latest first.
 */
export async function runCommand(main: (opened: AsyncDisposableStack) => Promise<number | undefined>): Promise<never> {
  const opened = new AsyncDisposableStack();
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => reject(new Interruption()));
    process.stdout.on('error', () => reject(new Interruption())); // whoever read what we say has gone
  });
  let code = 0;
  try {
    code = (await Promise.race([main(opened), interrupted])) ?? 0;
  } catch (error) {
    if (error instanceof Interruption) code = serving ? 0 : 130;
    else {
      code = 1;
      report(error);
    }
  }
  try {
    await opened.disposeAsync();
  } catch (error) {
    code = 1;
    report(error);
  }
  process.exit(code);
}

/** Serves until someone asks the command to stop, which is the end that was meant. */
export function untilStopped(): Promise<never> {
  serving = true;
  return new Promise(() => setInterval(() => undefined, 60_000));
}

/** A failure is told as it is; anything else is a mistake of ours, and is told with its stack. */
export function report(error: unknown): void {
  if (error instanceof Failure) console.error(`\n✖ ${error.message}`);
  else console.error('\n✖', error);
}
