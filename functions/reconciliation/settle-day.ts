/**
 * Settle: the close gate. Where nothing is open and the file's own totals tie, one posting moves the day's net from
 * pending to reconciled (待对账 → 已对账), written in one transaction with where its proof lies.
 */
import { idFrom } from '../kernel/ids.ts';
import { decimalFromMinorUnits, money } from '../kernel/money.ts';
import { isRefusal } from '../kernel/refusal.ts';
import { post } from '../ledger/index.ts';
import type { Batch, Conclusion, Settlement } from './batch.ts';
import { readBatch } from './batch-store.ts';
import { awaitRerun, type Difference } from './cases/case.ts';
import { closeGate } from './close-gate.ts';
import { type DayEnd, endDayWrites, readHead } from './day-store.ts';
import { changeWrite, differencesOfDay } from './difference-store.ts';
import { writeProof } from './proof.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { PlannedRun } from './run.ts';
import { settlementLegs } from './settlement-legs.ts';
import { reconciliationIdOf } from './statement-key.ts';
import { netOfTotals } from './totals.ts';

type Needs = Pick<Reconciliation, 'table' | 'clock' | 'commit' | 'ledger' | 'files'>;

/** What operators see at the end of the execution. */
export interface Settled {
  readonly status: 'balanced' | 'differing';
  readonly openDifferences: number;
  /** decimal text, such as `1234.50 CNY`: what was moved from pending to reconciled */
  readonly settled?: string;
}

/** A posting of 4 entries' worth at most and two or three items; where nothing moves, only the items. One file. */
export async function settleDay(dependencies: Needs, run: PlannedRun): Promise<Settled> {
  const { table, clock } = dependencies;
  const { statement, version, reconciliationId } = run;
  const batch = await readBatch(table, reconciliationId);
  if (!batch?.conclusion) throw new Error(`${reconciliationId} was not concluded`);
  const differences = await differencesOfDay(table, statement);
  const gate = closeGate(batch.conclusion, differences, batch);
  const openDifferences = gate.open.length;
  // the step was repeated after its answer was lost
  if (batch.status === 'balanced' || batch.status === 'differing') {
    return answer(run, { status: batch.status, openDifferences, settlement: batch.settlement });
  }

  const { concludedVersion } = await readHead(table, statement);
  const end = {
    series: statement,
    version,
    reconciliationId,
    finishedAt: clock(),
    ...(concludedVersion > 0 && { supersedes: reconciliationIdOf(statement, concludedVersion) }),
  };
  if (!gate.passed) {
    await finish(dependencies, { ...end, status: 'differing' }, gate.stale);
    return answer(run, { status: 'differing', openDifferences });
  }
  const settlement = await settle(dependencies, run, { end, conclusion: batch.conclusion, differences });
  return answer(run, { status: 'balanced', openDifferences, settlement });
}

interface Settling {
  readonly end: Omit<DayEnd, 'status' | 'settlement'>;
  readonly conclusion: Conclusion;
  readonly differences: readonly Difference[];
}

async function settle(
  dependencies: Needs,
  run: PlannedRun,
  { end, conclusion, differences }: Settling,
): Promise<Settlement> {
  const { table, ledger, files } = dependencies;
  const { settlementAccountId, currency } = run.identified;
  const net = netOfTotals(conclusion.theirs);
  const facts = {
    settledAt: end.finishedAt,
    accountingDate: run.statement.date,
    net,
    ...(net !== 0n && { postingId: idFrom('post', 'settlement', run.reconciliationId) }),
    ...(run.file.versionId && { fileVersionId: run.file.versionId }),
    sha256: run.file.sha256,
  };
  const proof = await writeProof(files, run, { ...facts, conclusion, differences });
  const settlement: Settlement = { ...facts, proof };
  const day: DayEnd = { ...end, status: 'balanced', settlement };
  if (!settlement.postingId) {
    await finish(dependencies, day, []);
    return settlement;
  }
  const outcome = await post(
    ledger,
    {
      id: settlement.postingId,
      type: 'settlement',
      belongsTo: run.statement.date,
      transactionId: run.reconciliationId,
      description: `statement of ${run.statement.date}, version ${run.version}`,
      legs: settlementLegs(settlementAccountId, money(net, currency)),
    },
    endDayWrites(table, day),
  );
  if (isRefusal(outcome)) throw new Error(`the settlement was refused: ${outcome.detail}`);
  if (outcome.outcome === 'overtaken') throw new Error('another version has taken the day, or it is settled');
  return settlement;
}

/** @param stale cases whose change, once the day is free, starts it again */
async function finish({ table, commit, clock }: Needs, day: DayEnd, stale: readonly Difference[]): Promise<void> {
  const [first] = stale;
  const { committed } = await commit([
    ...endDayWrites(table, day),
    ...(first ? [changeWrite(table, first, awaitRerun(first, { at: clock(), version: day.version }))] : []),
  ]);
  if (!committed) throw new Error('another version has taken the day, or a case was changed');
}

function answer(
  run: PlannedRun,
  { status, openDifferences, settlement }: Omit<Settled, 'settled'> & Pick<Batch, 'settlement'>,
): Settled {
  const { currency } = run.identified;
  const settled = settlement && `${decimalFromMinorUnits(settlement.net, currency)} ${currency}`;
  return { status, openDifferences, ...(settled !== undefined && { settled }) };
}
