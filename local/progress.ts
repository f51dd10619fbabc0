/** Steps with a progress display: lively on a terminal, one line each elsewhere. */
import { Listr, type ListrTaskWrapper } from 'listr2';

export interface Step {
  readonly title: string;
  /** @param tell shows what happens now; @returns the title that the finished step keeps */
  readonly run: (tell: (now: string) => void) => Promise<string>;
}

/** Runs steps one after the other. @throws whatever a step throws, told once by the command and not by the display. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const list = new Listr(
    steps.map((step) => ({
      title: step.title,
      task: async (_: unknown, task: Pick<ListrTaskWrapper<unknown, never, never>, 'title' | 'output'>) => {
        const started = Date.now();
        try {
          const title = await step.run(
            sparingly((now) => {
              task.output = now;
            }),
          );
          task.title = `${title} (${Math.round((Date.now() - started) / 1000)} s)`;
        } catch (error) {
          failure = { error };
          throw new Error('see below');
        }
      },
    })),
    { registerSignalListeners: false, rendererOptions: { showErrorMessage: false }, fallbackRenderer: 'simple' },
  );
  try {
    await list.run();
  } catch (error) {
    throw failure ? failure.error : error;
  }
}

/** A terminal shows the latest word in place; a log would be flooded by what changes several times a second. */
function sparingly(tell: (now: string) => void): (now: string) => void {
  if (process.stdout.isTTY) return tell;
  let last = { at: 0, said: '' };
  return (now) => {
    if (now === last.said || Date.now() - last.at < 10_000) return;
    last = { at: Date.now(), said: now };
    tell(now);
  };
}
