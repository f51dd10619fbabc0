/**
 * Report: the detail reports of a version, funds and fees, written in one pass over its lines. It comes after Settle, so that
 * nobody waits for it, and shows what became of the lines in the end.
 */

import type { Conclusion } from '../batch.ts';
import { noteReports, readBatch } from '../batch-store.ts';
import type { DifferenceFacts } from '../difference.ts';
import { differencesOfDay } from '../difference-store.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { PlannedRun } from '../run.ts';
import { startDetailFile } from './detail-file.ts';
import { bearsFee, type DetailRow } from './detail-row.ts';
import { withDifference } from './line-outcomes.ts';
import { type LaterOutcome, statementRows } from './statement-rows.ts';

type Needs = Pick<Reconciliation, 'table' | 'files'>;

export interface Reported {
  /** lines, and expectations without one */
  readonly rows: number;
  /** those that bear a fee */
  readonly feeRows: number;
}

/**
 * @throws Error where the rows are not the lines that were concluded: a line was lost on the way, which is a fault of ours that
 * must not be handed out as a report.
 */
export async function writeReports({ table, files }: Needs, run: PlannedRun): Promise<Reported> {
  const { reconciliationId: id, statement: day, identified, file } = run;
  const batch = await readBatch(table, id);
  if (!batch?.conclusion) throw new Error(`${id} was not concluded`);
  const owner = { day, currency: identified.currency };
  const funds = await startDetailFile(files, { bucket: file.bucket, id, report: 'funds-detail' }, owner);
  const fees = await startDetailFile(files, { bucket: file.bucket, id, report: 'fee-detail' }, owner);
  const tally = startTally();
  for await (const row of statementRows({ files }, run, await foundInHandle({ table }, run))) {
    tally.add(row);
    await funds.add(row);
    if (bearsFee(row)) await fees.add(row);
  }
  tally.check(batch.conclusion);
  const reported = { rows: await funds.finish(), feeRows: await fees.finish() };
  await noteReports(table, id, reported);
  return reported;
}

/** What Handle found of a line that had matched: its payment could not be completed any more. */
async function foundInHandle(
  { table }: Pick<Needs, 'table'>,
  { statement, version }: PlannedRun,
): Promise<LaterOutcome> {
  const byLine = new Map<number, DifferenceFacts[]>();
  for (const { facts, openedIn } of await differencesOfDay(table, statement)) {
    // of an earlier version the line number is another file's
    if (openedIn !== version || facts.lineNumber === undefined) continue;
    const others = byLine.get(facts.lineNumber);
    if (others) others.push(facts);
    else byLine.set(facts.lineNumber, [facts]);
  }
  return (lineNumber, before) =>
    (byLine.get(lineNumber) ?? []).reduce(
      (outcome, facts) =>
        outcome?.became === 'differing' && outcome.types.includes(facts.type)
          ? outcome
          : withDifference(outcome, facts, lineNumber),
      before,
    );
}

/** Counts the rows of lines. */
function startTally() {
  const tally = { read: 0, errors: 0, carriedOut: 0 };
  return {
    add: ({ result, lineNumber }: DetailRow): void => {
      if (lineNumber === undefined) return;
      tally.read += 1;
      if (result === 'line_error') tally.errors += 1;
      if (result === 'carried') tally.carriedOut += 1;
    },
    check: ({ lines: { read, errors, carriedOut } }: Conclusion): void => {
      if (tally.read === read && tally.errors === errors && tally.carriedOut === carriedOut) return;
      const concluded = { read, errors, carriedOut };
      throw new Error(`the report has ${JSON.stringify(tally)}, and the conclusion ${JSON.stringify(concluded)}`);
    },
  };
}
