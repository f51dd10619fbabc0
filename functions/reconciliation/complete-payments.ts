/**
 * Payments of ours that are open still and that a statement shows as done, and payouts that only it tells came back.
 * One that can't be completed any more, or that was completed meanwhile as another day's, is a difference after all.
 */
import type { Currency } from '../kernel/money.ts';
import { isRefusal } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
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
import { askRerunWrite } from './rerun-request-store.ts';
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

/** @returns false where the payment can't be completed any more, or is another day's: what the line shows then stands against it. */
async function complete(dependencies: Needs, run: PlannedRun, completion: Completion): Promise<boolean> {
  const isReturn = completion.expectation.kind === 'payout_return';
  const answer = await (isReturn ? creditReturn : completePayment)(dependencies, run, completion);
  const { currency } = run.identified;
  if (isRefusal(answer)) {
    const facts = isReturn ? unreturnable(completion.line, currency) : failedHere(completion);
    await differLate(dependencies, run, { completion, facts, besides: [] });
    return false;
  }
  if (answer.statementDay === run.statement.date) return true;
  // whoever was faster has booked it as another day's, which expects it: worked on again, this day lets its line wait for that one
  const besides = [askAgain(dependencies, run)];
  await differLate(dependencies, run, { completion, facts: ofAnotherDay(completion, currency), besides });
  return false;
}

interface LateDifference {
  readonly completion: Completion;
  readonly facts: DifferenceFacts;
  readonly besides: readonly Write[];
}

async function differLate(
  dependencies: Needs,
  run: PlannedRun,
  { completion, facts, besides }: LateDifference,
): Promise<void> {
  const { table, clock } = dependencies;
  const { reconciliationId, statement, version, identified } = run;
  const { settlementAccountId, currency } = identified;
  const commit = committingFor(dependencies, run);
  const id = differenceIdOf(settlementAccountId, statement.date, facts);
  const digest = digestOf(facts);
  const known = await differencesNamed(table, statement, id);
  if (known.some((each) => each.openedIn === version || (isLive(each) && each.digest === digest))) {
    await commit(besides);
    return;
  }
  const found = { id, facts, digest, openedIn: version, settlementAccountId, currency, foundAt: clock() };
  const batch = await readBatch(table, reconciliationId);
  const conclusion = batch?.conclusion && withLateDifference(batch.conclusion, completion, facts);
  // together, so that what was concluded counts it once; broken where a repeat has booked it meanwhile
  await commit([
    ...putFoundWrites(table, statement, found),
    ...(conclusion ? [noteConclusionWrite(table, reconciliationId, conclusion)] : []),
    ...besides,
  ]);
}

/** A version that comes after this one stages the payment as it is by then. */
const askAgain = ({ table, clock }: Needs, { statement, version }: PlannedRun): Write =>
  askRerunWrite(table, {
    day: statement,
    cause: 'payment_of_another_day',
    afterVersion: version,
    notBefore: clock(),
  });

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

/** Nothing of this day stands against the line; where the two sides differ, the rest is a difference already. */
const ofAnotherDay = ({ line, expectation }: Completion, currency: Currency): DifferenceFacts => ({
  ...standingAlone(line, currency, { type: 'missing_in_books', key: keyOfLine(line) }),
  paymentId: expectation.paymentId,
  adjustment: bookedNet(expectation),
});
