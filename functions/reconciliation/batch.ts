/** The record of one version of a statement: what callers see as a reconciliation. */

import type { Signature } from '../kernel/caller.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import type { AccountId, DifferenceId, InstitutionId, PostingId, ReconciliationId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { BatchStatus } from './batch-status.ts';
import type { ControlCheck } from './control-totals.ts';
import type { DifferenceType } from './difference-types.ts';
import type { GateObstacle } from './gate-obstacles.ts';
import type { LineCounts } from './match-result.ts';
import type { Rejection } from './rejection.ts';
import type { StatementFile } from './run.ts';
import type { Series } from './statement-key.ts';
import type { SideTotals } from './totals.ts';

export interface Batch {
  readonly id: ReconciliationId;
  readonly series: Series;
  readonly version: number;
  readonly status: BatchStatus;
  /** of the newest attempt */
  readonly executionName: string;
  /** absent for the first; a redrive of an execution is no attempt of its own */
  readonly attempt?: number | undefined;
  /** how often Step Functions has redriven the execution, as far as it told */
  readonly redrives?: number | undefined;
  readonly file: StatementFile;
  readonly receivedAt: Date;
  /** when the calendar expected the file of that day; absent where it expects none */
  readonly dueAt?: Date | undefined;
  /** how long after that it came, as the first file of the day that was worked on */
  readonly lateSeconds?: number | undefined;
  /** from then on it can't be cancelled */
  readonly postingSince?: Date | undefined;
  readonly cancellation?: Cancellation | undefined;
  /** in whose place it came when it ended, and which version came in its own */
  readonly supersedes?: ReconciliationId | undefined;
  readonly supersededBy?: ReconciliationId | undefined;
  /** the rest is known once the step that finds it has run */
  readonly institutionId?: InstitutionId | undefined;
  readonly settlementAccountId?: AccountId | undefined;
  readonly currency?: Currency | undefined;
  readonly format?: string | undefined;
  /** of a file that came in a zip archive: names of its entries */
  readonly archive?: ArchiveRead | undefined;
  readonly rejection?: (Rejection & { readonly quarantineKey?: string | undefined }) | undefined;
  readonly conclusion?: Conclusion | undefined;
  readonly settlement?: Settlement | undefined;
  /** what kept it from settling its day when it ended; absent of one that did, or was not that far */
  readonly obstacles?: readonly GateObstacle[] | undefined;
  /** by what its settlement was taken back */
  readonly settlementReversal?: SettlementReversal | undefined;
  /** the version whose file it works on again */
  readonly rerunOf?: ReconciliationId | undefined;
  /** the operation that asked for that; `resolved` where its last case was resolved, or another cause of a rerun by itself */
  readonly startedBy?: string | undefined;
  readonly finishedAt?: Date | undefined;
  /** that the detail reports are there, and how many rows each has */
  readonly reports?: { readonly rows: number; readonly feeRows: number } | undefined;
}

/** What of an archive was read, and what was passed over since it says nothing that the rest does not. */
export interface ArchiveRead {
  readonly read: readonly string[];
  readonly passedOver: readonly string[];
}

export interface Cancellation {
  readonly by: Signature;
  readonly at: Date;
  readonly reason: string;
}

export interface Conclusion {
  /** read + carriedIn = matched + differing + ignored + errors + carriedOut */
  readonly lines: LineCounts & {
    readonly read: number;
    readonly errors: number;
    /** lines of other days that this one found the counterpart of, or that waited in vain */
    readonly carriedIn: number;
    /** lines of this day that wait for another one */
    readonly carriedOut: number;
  };
  readonly differences: Readonly<Record<DifferenceType, { readonly count: number; readonly adjustment: bigint }>>;
  /** payments that the statement completed */
  readonly completed: number;
  readonly stillOpen: number;
  readonly theirs: SideTotals;
  readonly ours: SideTotals;
  readonly control: ControlCheck;
}

/** That a day agreed: written in the transaction that moved the money. */
export interface Settlement {
  readonly settledAt: Date;
  readonly accountingDate: AccountingDate;
  /** what was moved from pending to reconciled, minor units; below zero where money flowed out */
  readonly net: bigint;
  /** absent where nothing had to move */
  readonly postingId?: PostingId | undefined;
  readonly fileVersionId?: string | undefined;
  /** of the statement */
  readonly sha256: string;
  /** the document that shows what agreed with what */
  readonly proof: ProofFile;
}

export interface ProofFile {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly sha256: string;
}

/** 反结算: a settled day is open again, since a newer version came or a case was reopened. */
export interface SettlementReversal {
  readonly reversedAt: Date;
  readonly postingId?: PostingId | undefined;
  readonly byVersion?: number | undefined;
  readonly byDifference?: DifferenceId | undefined;
}
