/**
 * Settle: the close gate. Where nothing is open and the file's own totals tie, one posting moves the day's net from
 * pending to reconciled (待对账 → 已对账), written in one transaction with where its proof lies.
 */
import { addDays } from '../kernel/clock.ts';
import { idFrom } from '../kernel/ids.ts';
import { decimalFromMinorUnits, money } from '../kernel/money.ts';
import { isRefusal } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import { post } from '../ledger/index.ts';
import type { Batch, Conclusion, Settlement } from './batch.ts';
import { readBatch } from './batch-store.ts';
import { cameAfterDay } from './calendar/expected-statement.ts';
import { awaitRerun, type Difference } from './cases/case.ts';
import { closeGate, type GateVerdict } from './close-gate.ts';
import { type DayEnd, endDayWrites, readHead } from './day-store.ts';
import { changeWrite, differencesOfDay } from './difference-store.ts';
import { writeProof } from './proof.ts';
import { localInstantOf } from './reading/instant.ts';
import type { Reconciliation } from './reconciliation.ts';
import { askAfterDayWrite, readRerunRequest } from './rerun-request-store.ts';
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
  const gate = closeGate(batch.conclusion, differences, { ...batch, isUnfinished: isUnfinished(run, batch) });
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
  if (gate.obstacles.length > 0) {
    await finish(dependencies, { ...end, status: 'differing', obstacles: gate.obstacles }, [
      ...(await rerunAfterDay(dependencies, run, { batch, gate })),
      ...awaitRerunWrites(dependencies, run, gate),
    ]);
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

/** Channels of which no calendar tells deliver by the next noon. */
const longestDeliveryMs = 12 * 60 * 60 * 1_000;

const isUnfinished = ({ identified, statement }: PlannedRun, { receivedAt, dueAt }: Batch): boolean =>
  identified.policy.unfinishedDay === 'wait' &&
  !cameAfterDay(receivedAt, { date: statement.date, timeZone: identified.timeZone, dueAt });

/** Where nothing else stands in the way, the same file may turn out to be the whole one: it is held against the whole day. */
async function rerunAfterDay(
  { table }: Needs,
  { statement, version, identified }: PlannedRun,
  { batch: { dueAt }, gate: { obstacles } }: { readonly batch: Batch; readonly gate: GateVerdict },
): Promise<readonly Write[]> {
  if (obstacles.some((each) => each !== 'day_not_over')) return [];
  const waiting = await readRerunRequest(table, statement);
  // asked for while this one was at work: the version that begins for it asks for the end of the day anew
  if (waiting && waiting.afterVersion >= version) return [];
  const dayEnd = localInstantOf(addDays(statement.date, 1), '00:00:00', identified.timeZone);
  if (!dayEnd) throw new Error(`${statement.date} has no end in ${identified.timeZone}`);
  const notBefore = new Date(Math.max(dayEnd.getTime() + longestDeliveryMs, dueAt?.getTime() ?? 0));
  return [askAfterDayWrite(table, { day: statement, afterVersion: version, notBefore }, waiting)];
}

/** The change of a case, once the day is free, starts it again. */
function awaitRerunWrites({ table, clock }: Needs, { version }: PlannedRun, { stale: [first] }: GateVerdict) {
  return first ? [changeWrite(table, first, awaitRerun(first, { at: clock(), version }))] : [];
}

async function finish({ table, commit }: Needs, day: DayEnd, others: readonly Write[]): Promise<void> {
  const { committed } = await commit([...endDayWrites(table, day), ...others]);
  if (!committed) throw new Error('another version has taken the day, a case was changed, or it was asked for');
}

function answer(
  run: PlannedRun,
  { status, openDifferences, settlement }: Omit<Settled, 'settled'> & Pick<Batch, 'settlement'>,
): Settled {
  const { currency } = run.identified;
  const settled = settlement && `${decimalFromMinorUnits(settlement.net, currency)} ${currency}`;
  return { status, openDifferences, ...(settled !== undefined && { settled }) };
}
