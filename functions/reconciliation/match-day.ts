/** A whole day's matching: what the shards gave, and what of the rest comes together over shards and over days. */

import type { AccountingDate } from '../kernel/clock.ts';
import { paymentIdOfOrder, readPayment, returnIdOf } from '../payments/index.ts';
import type { UnclearCredit } from './arrivals/arrival-claims.ts';
import { claimBankDay } from './arrivals/claim-bank-day.ts';
import { type Carried, daysAround } from './carry-over.ts';
import { readPool } from './carry-store.ts';
import { readHead } from './day-store.ts';
import { type Expectation, expectationOf, returnExpectationOf } from './expectation.ts';
import { type Brought, bringTogether, type LeftSides } from './leftovers.ts';
import { mergeResults } from './match-result.ts';
import { readMatched } from './matched-shards.ts';
import { referenceOf } from './order.ts';
import type { Reconciliation } from './reconciliation.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import { type PlannedRun, rulesOf } from './run.ts';
import type { StagedLine } from './shard-rows.ts';
import type { OtherDay } from './tell-other-days.ts';

type Needs = Pick<Reconciliation, 'table' | 'files' | 'commit'> & {
  readonly payments: Pick<Reconciliation['payments'], 'table'>;
};

interface MatchedDay extends Brought {
  /** credits that may be one of several settlements, and so are taken for none */
  readonly unclear: readonly UnclearCredit[];
}

/**
 * Differences of one version. Handle books each in a transaction of its own, some 20 ms: these and as many that an earlier version showed
 * and this one doesn't are 33 minutes of the hour that its four attempts have, and lie in its memory together.
 */
export const mostDifferences = 50_000;

/**
 * Reads every shard's result, and makes the arrival check of a bank's statement; 1 read unit for each line that no shard could match, and those of
 * the pool.
 *
 * @returns a rejection where more is unmatched than one worker looks at, or differs than one books: then nothing is claimed
 */
export async function matchDay(dependencies: Needs, run: PlannedRun): Promise<MatchedDay | Rejection> {
  const { identified, statement, version } = run;
  const { timeZone, policy } = identified;
  const shards = await readMatched(dependencies.files, run);
  if (isRejection(shards)) return shards;
  const merged = mergeResults(shards);
  const lines = shards.flatMap((shard) => shard.leftLines);
  const pool = await readPool(dependencies.table, statement, policy.carryOver.days);
  const sides: Omit<LeftSides, 'arrived'> = {
    lines,
    expectations: shards.flatMap((shard) => shard.leftExpectations),
    ...(await findElsewhere(dependencies, run, lines)),
    pool,
    feesDue: merged.feesDue,
    rules: rulesOf(identified),
    waiting: {
      date: statement.date,
      timeZone,
      carryOver: policy.carryOver,
      reconciled: await reconciledDays(dependencies, run, pool),
    },
    version,
  };
  const first = bringTogether({ ...sides, arrived: new Set() });
  const differences = merged.differences.length + first.result.differences.length;
  if (differences > mostDifferences) {
    const detail = `${differences} lines and payments differ: a version may have ${mostDifferences} differences at most.`;
    return reject('too_many_differences', detail);
  }
  const credits = first.unclaimed.filter(({ kind }) => kind === 'collection' || kind === 'credit');
  const { claimed, unclear } = await claimBankDay(dependencies, { statement, version }, credits);
  const brought = claimed.length === 0 ? first : bringTogether({ ...sides, arrived: new Set(claimed) });
  return { ...brought, result: mergeResults([merged, brought.result]), unclear };
}

/** Of the days on which something that waits may find its counterpart, those whose statement is through. 1 read unit a day. */
async function reconciledDays(
  { table }: Needs,
  { statement, identified }: PlannedRun,
  pool: readonly Carried[],
): Promise<ReadonlySet<AccountingDate>> {
  const origins = new Set([statement.date, ...pool.map(({ origin }) => origin)]);
  const days = new Set([...origins].flatMap((origin) => daysAround(origin, identified.policy.carryOver.days)));
  const heads = await Promise.all(
    [...days].map(async (date) => ({ date, head: await readHead(table, { ...statement, date }) })),
  );
  return new Set(heads.filter(({ head }) => head.concludedVersion > 0 && !head.isUnfinished).map(({ date }) => date));
}

const lookupsAtOnce = 20;

/**
 * Payments that a line names although they were not expected on this day: still open since an earlier day, or so fresh
 * that the index did not show them yet. One that succeeded on another day stays with that day: the line may wait for it. 1 read
 * unit per line, 2 of a payout that came back.
 */
async function findElsewhere(
  { payments }: Needs,
  { statement }: PlannedRun,
  lines: readonly StagedLine[],
): Promise<Pick<LeftSides, 'elsewhere' | 'otherDays'>> {
  const elsewhere: Expectation[] = [];
  const otherDays = new Map<string, OtherDay>();
  const named = lines.filter(({ ourReference, kind }) => ourReference !== '' && kind !== 'fee');
  for (let from = 0; from < named.length; from += lookupsAtOnce) {
    const some = named.slice(from, from + lookupsAtOnce);
    const looked = await Promise.all(some.map((line) => lookUp(payments.table, line, statement)));
    for (const each of looked) {
      if (each?.expectation) elsewhere.push(each.expectation);
      else if (each?.otherDay) otherDays.set(each.reference, each.otherDay);
    }
  }
  return { elsewhere, otherDays };
}

interface LookedUp {
  readonly reference: string;
  readonly expectation?: Expectation;
  readonly otherDay?: OtherDay;
}

async function lookUp(
  table: Needs['payments']['table'],
  line: StagedLine,
  { channel, merchantNo, date }: PlannedRun['statement'],
): Promise<LookedUp | undefined> {
  const reference = referenceOf(line);
  const payment = await readPayment(table, paymentIdOfOrder(line.ourReference));
  if (!payment || payment.channelOrderNo !== line.ourReference) return undefined;
  if (payment.channel !== channel || payment.merchantNo !== merchantNo) return undefined;
  const known = line.kind === 'payout_return' ? await readPayment(table, returnIdOf(payment.id)) : payment;
  if (known) {
    const expectation = expectationOf(known);
    if (expectation.status !== 'succeeded' || known.statementDay === date) return { reference, expectation };
    return { reference, otherDay: { day: known.statementDay, paymentId: known.id } };
  }
  // a payout comes back whole, and only once it has gone out: what else is told is for people
  const { kind, status, amount } = payment;
  const comesBack = kind === 'withdrawal' && status !== 'failed' && status !== 'returned';
  const isWhole = line.amount === amount.amount && line.currency === amount.currency;
  return comesBack && isWhole ? { reference, expectation: returnExpectationOf(payment) } : undefined;
}
