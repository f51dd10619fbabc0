/** What the sandbox's use cases need, handed in. */
import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites } from '../kernel/write.ts';

export interface Sandbox {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly sleepMs: (milliseconds: number) => Promise<unknown>;
}
