/** What the use cases of reconciliation need, handed in. Each takes only its own part. */
import type { Channels } from '../channels/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites } from '../kernel/write.ts';
import type { Ledger } from '../ledger/index.ts';
import type { PaymentBooks } from '../payments/index.ts';
import type { WorkingFiles } from './files.ts';
import type { RunInput } from './run.ts';

export interface Reconciliation {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly files: WorkingFiles;
  readonly channels: Pick<Channels, 'table' | 'catalogue'>;
  /** to ask channels about payments that a statement lacks */
  readonly adapters: Channels['adapters'];
  readonly ledger: Ledger;
  readonly payments: PaymentBooks;
  /** the files of `formats/` */
  readonly formatNames: readonly string[];
  readonly startExecution: StartExecution;
}

/** Starts one execution per name; a repeat finds it started. */
export type StartExecution = (execution: { readonly name: string; readonly input: RunInput }) => Promise<void>;
