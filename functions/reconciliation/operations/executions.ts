/** What operators do to executions, as a port: Step Functions stands behind it. */
import type { StartExecution } from '../reconciliation.ts';

export interface Executions {
  /** Starts one execution per name; a repeat finds it started. */
  readonly start: StartExecution;
  /** One that has ended stays as it is. */
  readonly stop: (name: string, cause: string) => Promise<void>;
  /**
   * Lets a failed execution go on at the state that failed. `impossible` where it ended more than 14 days ago, where it did not
   * fail, and where Step Functions has no redrive (an emulator).
   */
  readonly redrive: (name: string) => Promise<'redriven' | 'impossible'>;
  readonly stateOf: (name: string) => Promise<ExecutionState>;
  /** The last of these states that the execution entered, and what it was handed there; undefined once that is forgotten. */
  readonly lastEntered: (name: string, states: readonly string[]) => Promise<EnteredState | undefined>;
}

export type ExecutionState = 'running' | 'succeeded' | 'failed' | 'never_started';

export interface EnteredState {
  readonly state: string;
  readonly at: Date;
  readonly input: unknown;
}
