/**
 * Payments of ours that are open still and that a statement shows as done, and payouts that only it tells came back.
 * One that can't be completed any more is a difference after all.
 */
import type { Currency } from '../kernel/money.ts';
import { isRefusal } from '../kernel/refusal.ts';
import { completeFromStatement, paymentIdOfOrder, returnPayout } from '../payments/index.ts';
import { noteConclusionWrite, readBatch } from './batch-store.ts';
import { isLive } from './cases/case.ts';
import { factsOfPair, standingAlone } from './compare.ts';
import { type DifferenceFacts, differenceIdOf, digestOf } from './difference.ts';
import { differencesNamed, putFoundWrites } from './difference-store.ts';
import { bookedNet } from './expectation.ts';
import { committingFor } from './hold-day.ts';
import { withLateDifference } from './late-difference.ts';
import type { Completion } from './match-result.ts';
import { keyOfLine } from './order.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { PlannedRun } from './run.ts';
import type { StagedLine } from './shard-rows.ts';

type Needs = Pick<Reconciliation, 'table' | 'clock' | 'commit' | 'payments'>;

/** @returns how many were completed, or had been before. A repeat completes nothing twice. */
export async function completePayments(
  dependencies: Needs,
  run: PlannedRun,
  completions: readonly Completion[],
): Promise<number> {
  let completed = 0;
  // a payout may be done and come back in one statement
  const isReturn = ({ expectation }: Completion) => Number(expectation.kind === 'payout_return');
  for (const completion of completions.toSorted((left, right) => isReturn(left) - isReturn(right))) {
    if (await complete(dependencies, run, completion)) completed += 1;
  }
  return completed;
}

/** @returns false where the payment can't be completed any more: what the line shows then stands against it. */
async function complete(dependencies: Needs, run: PlannedRun, completion: Completion): Promise<boolean> {
  const { line, expectation } = completion;
  const isReturn = expectation.kind === 'payout_return';
  const answer = await (isReturn ? creditReturn : completePayment)(dependencies, run, completion);
  if (!isRefusal(answer)) return true;

  const { table, clock } = dependencies;
  const { reconciliationId, statement, version, identified } = run;
  const { settlementAccountId, currency } = identified;
  const facts = isReturn ? unreturnable(line, currency) : failedHere(completion);
  const id = differenceIdOf(settlementAccountId, statement.date, facts);
  const digest = digestOf(facts);
  const known = await differencesNamed(table, statement, id);
  if (known.some((each) => each.openedIn === version || (isLive(each) && each.digest === digest))) return false;
  const found = { id, facts, digest, openedIn: version, settlementAccountId, currency, foundAt: clock() };
  const batch = await readBatch(table, reconciliationId);
  const conclusion = batch?.conclusion && withLateDifference(batch.conclusion, completion, facts);
  // together, so that what was concluded counts it once; broken where a repeat has booked it meanwhile
  await committingFor(
    dependencies,
    run,
  )([
    ...putFoundWrites(table, statement, found),
    ...(conclusion ? [noteConclusionWrite(table, reconciliationId, conclusion)] : []),
  ]);
  return false;
}

const completePayment = ({ payments }: Needs, { statement }: PlannedRun, completion: Completion) =>
  completeFromStatement(payments, {
    paymentId: completion.paymentId,
    channelOrderNo: completion.expectation.channelOrderNo,
    channelTradeNo: completion.line.channelReference,
    completedAt: completion.line.at,
    statementDay: statement.date,
  });

/** 退票 that only the statement tells of. */
const creditReturn = ({ payments }: Needs, { statement }: PlannedRun, { line, expectation }: Completion) =>
  returnPayout(payments, {
    payoutId: paymentIdOfOrder(expectation.channelOrderNo),
    amount: line.amount,
    channelTradeNo: line.channelReference,
    returnedAt: line.at,
    source: 'statement',
    statementDay: statement.date,
  });

/** The payment has failed since the statement was matched. */
const failedHere = ({ line, expectation }: Completion): DifferenceFacts => ({
  ...factsOfPair(line, { ...expectation, status: 'failed' }),
  type: 'status_mismatch',
  adjustment: bookedNet(expectation),
});

/** The payout has no success that could come back. */
const unreturnable = (line: StagedLine, currency: Currency): DifferenceFacts =>
  standingAlone(line, currency, { type: 'returned', key: keyOfLine(line) });
