/**
 * Settle: the close gate. When nothing is open and the file's own totals tie, one posting moves the day's net from
 * pending to reconciled (待对账 → 已对账), and the proof is written in the same transaction.
 */
import { idFrom } from '../kernel/ids.ts';
import { decimalFromMinorUnits, money } from '../kernel/money.ts';
import { isRefusal } from '../kernel/refusal.ts';
import { type Leg, post, settlementCompanions } from '../ledger/index.ts';
import type { Batch, Conclusion, Settlement } from './batch.ts';
import { readBatch } from './batch-store.ts';
import { type DayEnd, endDayWrites, readHead } from './day-store.ts';
import { differencesOfDay } from './difference-store.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { PlannedRun } from './run.ts';
import { reconciliationIdOf } from './statement-key.ts';
import { netOfTotals } from './totals.ts';

type Needs = Pick<Reconciliation, 'table' | 'clock' | 'commit' | 'ledger'>;

/** What operators see at the end of the execution. */
export interface Settled {
  readonly status: 'balanced' | 'differing';
  readonly openDifferences: number;
  /** decimal text, such as `1234.50 CNY`: what the day moved from pending to reconciled in all */
  readonly settled?: string;
}

/** A posting of 4 entries' worth at most and two or three items; where nothing moves, only the items. */
export async function settleDay(dependencies: Needs, run: PlannedRun): Promise<Settled> {
  const { table, clock } = dependencies;
  const { statement, version, reconciliationId } = run;
  const batch = await readBatch(table, reconciliationId);
  if (!batch?.conclusion) throw new Error(`${reconciliationId} was not concluded`);
  const live = (await differencesOfDay(table, statement)).filter(({ state }) => state !== 'superseded');
  // the step was repeated after its answer was lost
  if (batch.status === 'balanced' || batch.status === 'differing') return answer(run, batch.status, live.length, batch);

  const { settledNet, concludedVersion } = await readHead(table, statement);
  const end = {
    series: statement,
    version,
    reconciliationId,
    finishedAt: clock(),
    ...(concludedVersion > 0 && { supersedes: reconciliationIdOf(statement, concludedVersion) }),
  };
  if (live.length > 0 || batch.conclusion.lines.errors > 0 || !batch.conclusion.control.tied) {
    await finish(dependencies, { ...end, status: 'differing' });
    return answer(run, 'differing', live.length, batch);
  }
  const settlement = await settle(dependencies, run, { end, settledNet, conclusion: batch.conclusion });
  return answer(run, 'balanced', 0, { settlement });
}

interface Settling {
  readonly end: Omit<DayEnd, 'status' | 'settlement'>;
  readonly settledNet: bigint;
  readonly conclusion: Conclusion;
}

async function settle(
  dependencies: Needs,
  run: PlannedRun,
  { end, settledNet, conclusion }: Settling,
): Promise<Settlement> {
  const { table, ledger } = dependencies;
  const { settlementAccountId, currency } = run.identified;
  const net = netOfTotals(conclusion.theirs);
  if (net !== netOfTotals(conclusion.ours)) throw new Error('two sides without a difference have different totals');
  const moved = net - settledNet;
  const proof: Settlement = {
    settledAt: end.finishedAt,
    accountingDate: run.statement.date,
    net,
    moved,
    ...(moved !== 0n && { postingId: idFrom('post', 'settlement', run.reconciliationId) }),
    ...(run.file.versionId && { fileVersionId: run.file.versionId }),
    sha256: run.file.sha256,
  };
  const day: DayEnd = { ...end, status: 'balanced', settlement: { before: settledNet, proof } };
  if (!proof.postingId) {
    await finish(dependencies, day);
    return proof;
  }
  const outcome = await post(
    ledger,
    {
      id: proof.postingId,
      type: 'settlement',
      belongsTo: run.statement.date,
      transactionId: run.reconciliationId,
      description: `statement of ${run.statement.date}, version ${run.version}`,
      legs: settlementLegs(settlementAccountId, money(moved, currency)),
    },
    endDayWrites(table, day),
  );
  if (isRefusal(outcome)) throw new Error(`the settlement was refused: ${outcome.detail}`);
  if (outcome.outcome === 'overtaken') throw new Error('another version has taken the day');
  return proof;
}

async function finish({ table, commit }: Needs, day: DayEnd): Promise<void> {
  const { committed } = await commit(endDayWrites(table, day));
  if (!committed) throw new Error('another version has taken the day');
}

function settlementLegs(settlementAccountId: Parameters<typeof settlementCompanions>[0], moved: Leg['amount']): Leg[] {
  const { pending, reconciled } = settlementCompanions(settlementAccountId);
  const inward = moved.amount > 0n;
  const amount = money(inward ? moved.amount : -moved.amount, moved.currency);
  return [
    { accountId: reconciled, balance: 'available', side: inward ? 'debit' : 'credit', amount },
    { accountId: pending, balance: 'available', side: inward ? 'credit' : 'debit', amount },
  ];
}

function answer(
  run: PlannedRun,
  status: Settled['status'],
  openDifferences: number,
  { settlement }: Pick<Batch, 'settlement'>,
): Settled {
  const { currency } = run.identified;
  const settled = settlement && `${decimalFromMinorUnits(settlement.net, currency)} ${currency}`;
  return { status, openDifferences, ...(settled !== undefined && { settled }) };
}
