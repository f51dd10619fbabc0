/** How every command runs: what it opened is closed again, however it ends, and it ends with a clear message and code. */
import { Failure } from './failure.ts';

class Interruption extends Error {}

/**
 * Runs `main` and exits: with the code that it returns (0 for none), 1 when it throws, 130 when it is interrupted. Before that everything on
 * `opened` is closed, the latest first.
 */
export async function runCommand(main: (opened: AsyncDisposableStack) => Promise<number | undefined>): Promise<never> {
  const opened = new AsyncDisposableStack();
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => reject(new Interruption()));
  });
  let code = 0;
  try {
    code = (await Promise.race([main(opened), interrupted])) ?? 0;
  } catch (error) {
    code = error instanceof Interruption ? 130 : 1;
    if (code === 1) report(error);
  }
  try {
    await opened.disposeAsync();
  } catch (error) {
    code = 1;
    report(error);
  }
  process.exit(code);
}

/** Waits until someone asks the command to stop: the end that was meant. */
export const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.prependListener(signal, () => {
        clearInterval(alive);
        resolve();
      });
    }
  });

/** A failure is told as it is; anything else is a mistake of ours, and is told with its stack. */
export function report(error: unknown): void {
  if (error instanceof Failure) console.error(`\n✖ ${error.message}`);
  else console.error('\n✖', error);
}
