/**
 * Handle: completes payments that only the statement told of, reverses the differences that a corrected file no longer
 * shows, and books each new one. A difference changes its state in the transaction of its posting, so that open cases
 * add up to the suspense accounts after every write.
 */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { isRefusal } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import { type NewPosting, post } from '../ledger/index.ts';
import { completeFromStatement, paymentIdOfOrder, returnPayout } from '../payments/index.ts';
import { noteConclusion, readBatch } from './batch-store.ts';
import { factsOfPair, standingAlone } from './compare.ts';
import { workingCheck } from './day-store.ts';
import {
  type DifferenceFacts,
  differenceIdOf,
  differenceLegs,
  differencePostingId,
  digestOf,
  reversalLegs,
  reversalPostingId,
} from './difference.ts';
import { type Difference, differencesOfDay, openWrite, putFound, supersedeWrite } from './difference-store.ts';
import { bookedNet } from './expectation.ts';
import { readJson } from './files.ts';
import { withLateDifference } from './late-difference.ts';
import { completionsSchema } from './match-file.ts';
import type { Completion } from './match-result.ts';
import { keyOfLine } from './order.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { PlannedRun } from './run.ts';
import type { StagedLine } from './shard-rows.ts';
import { workingKeys } from './working-keys.ts';

type Needs = Pick<Reconciliation, 'table' | 'files' | 'clock' | 'commit' | 'ledger' | 'payments'>;

export interface Handled {
  readonly completed: number;
  readonly opened: number;
  readonly reversed: number;
}

const closingSchema = z.array(z.object({ id: idSchema('diff'), openedIn: z.int() }));

/** One transaction per difference: 8 write units for its posting, 2 for its state and 2 for the check of the day. */
export async function handleDifferences(dependencies: Needs, run: PlannedRun): Promise<Handled> {
  const { table, files } = dependencies;
  const keys = workingKeys(run.reconciliationId);
  const completions = completionsSchema.parse(await readJson(files, keys.completions));
  const closing = closingSchema.parse(await readJson(files, keys.closing));
  let completed = 0;
  // a payout may be done and come back in one statement
  const isReturn = ({ expectation }: Completion) => Number(expectation.kind === 'payout_return');
  for (const completion of completions.toSorted((left, right) => isReturn(left) - isReturn(right))) {
    if (await complete(dependencies, run, completion)) completed += 1;
  }

  const gone = new Set(closing.map(({ id, openedIn }) => `${id}#${openedIn}`));
  const present = (await differencesOfDay(table, run.statement)).filter(({ state }) => state !== 'superseded');
  const isGone = ({ id, openedIn }: Difference) => gone.has(`${id}#${openedIn}`);
  const leaving = present.filter(isGone);
  // reversals go first: what a corrected file shows otherwise is never counted twice
  for (const difference of leaving) await reverse(dependencies, run, difference);
  const coming = present.filter((each) => each.state === 'found' && !isGone(each));
  for (const difference of coming) await open(dependencies, run, difference);
  return { completed, opened: coming.length, reversed: leaving.length };
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
  const known = (await differencesOfDay(table, statement)).some((each) => each.id === id && each.openedIn === version);
  if (known) return false;
  const found = { id, facts, digest: digestOf(facts), state: 'found', openedIn: version } as const;
  await putFound(table, statement, { ...found, settlementAccountId, currency, foundAt: clock() });
  const batch = await readBatch(table, reconciliationId);
  if (batch?.conclusion) {
    await noteConclusion(table, reconciliationId, withLateDifference(batch.conclusion, completion, facts));
  }
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

async function open(dependencies: Needs, run: PlannedRun, difference: Difference): Promise<void> {
  const { table } = dependencies;
  const { id, openedIn, facts, settlementAccountId, currency } = difference;
  const legs = differenceLegs({ ...facts, settlementAccountId, currency });
  const postingId = legs.length > 0 ? differencePostingId(id, openedIn) : undefined;
  await book(
    dependencies,
    postingId && {
      id: postingId,
      type: 'difference',
      belongsTo: run.statement.date,
      transactionId: id,
      description: `${facts.type} in the statement of ${run.statement.date}`,
      legs,
    },
    [openWrite(table, run.statement, difference, postingId), workingCheck(table, run.statement, run.version)],
  );
}

async function reverse(dependencies: Needs, run: PlannedRun, difference: Difference): Promise<void> {
  const { table } = dependencies;
  const { id, openedIn, facts, settlementAccountId, currency, state, postingId } = difference;
  const reversalId = postingId && reversalPostingId(id, openedIn);
  const closed = { from: state, closedIn: run.version, ...(reversalId && { reversalPostingId: reversalId }) };
  await book(
    dependencies,
    reversalId && {
      id: reversalId,
      type: 'difference_reversal',
      belongsTo: run.statement.date,
      transactionId: id,
      description: `${facts.type} no longer in version ${run.version}`,
      legs: reversalLegs({ ...facts, settlementAccountId, currency }),
      reverses: postingId,
    },
    [supersedeWrite(table, run.statement, difference, closed), workingCheck(table, run.statement, run.version)],
  );
}

/** @throws Error where another version has taken the day, or an account refuses: the execution fails visibly. */
async function book(
  { ledger, commit }: Needs,
  posting: NewPosting | undefined,
  alongside: readonly Write[],
): Promise<void> {
  if (!posting) {
    const { committed } = await commit(alongside);
    if (!committed) throw new Error('a difference was changed by somebody else');
    return;
  }
  const outcome = await post(ledger, posting, alongside);
  if (isRefusal(outcome)) throw new Error(`${posting.id} was refused: ${outcome.detail}`);
  if (outcome.outcome === 'overtaken') throw new Error(`${posting.id}: another version has taken the day`);
}
