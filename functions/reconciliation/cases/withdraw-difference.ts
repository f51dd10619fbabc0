/**
 * What a version of a statement no longer shows. Its posting is reversed, and so is its resolution, each by a posting that
 * names what it takes back. What was resolved by a change of its payment stays: the payment has been compared instead.
 */
import { isRefusal } from '../../kernel/refusal.ts';
import type { NewPosting } from '../../ledger/index.ts';
import { idleCheck, readHead, workingCheck } from '../day-store.ts';
import { reversalLegs, reversalPostingId } from '../difference.ts';
import { changeWrite, differencesNamed } from '../difference-store.ts';
import { type StatementDay, seriesKey } from '../statement-key.ts';
import { type Difference, isLive, isRepaired, isSame, keepCase, leaveCase, reopenCase, supersedeCase } from './case.ts';
import type { CaseBooks } from './cases.ts';
import { commitChange, type PreparedChange } from './commit-change.ts';
import { prepareDayReopening } from './reopen-day.ts';
import { partnerOf, takeBackPostings } from './take-back.ts';

/** The version of the statement that works on the day. */
export interface Working {
  readonly series: StatementDay;
  readonly version: number;
}

export type Withdrawal = 'superseded' | 'left' | 'kept';

/**
 * `kept`: an account that its resolution had credited can't give the money back. It stays resolved and the day stays
 * differing, until a later version finds the money there.
 *
 * A transaction of up to 8 entries; 2 write units for each, and 12 for the case and the check of the day.
 *
 * @throws Error where another version has taken the day
 */
export async function withdrawDifference(
  books: CaseBooks,
  working: Working,
  difference: Difference,
): Promise<Withdrawal | 'gone'> {
  const { table } = books;
  for (let now: Difference | undefined = difference; now && isLive(now); now = await readAgain(books, now)) {
    const [change, withdrawal] = isRepaired(now)
      ? ([left(books, working, now), 'left'] as const)
      : ([await superseded(books, working, now), 'superseded'] as const);
    const outcome = await commitChange(books, change);
    if (!isRefusal(outcome)) {
      if (outcome.outcome === 'committed') return withdrawal;
      await mustWork(books, working);
      continue;
    }
    const step = { at: books.clock(), reason: outcome.detail };
    const kept = keepCase(now, working.version, step);
    const result = await books.commit([
      changeWrite(table, now, kept),
      workingCheck(table, working.series, working.version),
    ]);
    if (result.committed) return 'kept';
    await mustWork(books, working);
  }
  return 'gone';
}

const readAgain = async ({ table }: CaseBooks, difference: Difference): Promise<Difference | undefined> =>
  (await differencesNamed(table, difference.series, difference.id)).find((each) => isSame(each, difference));

/** @throws Error where another version has taken the day: the execution ends, since its own word is out of date */
export async function mustWork({ table }: Pick<CaseBooks, 'table'>, { series, version }: Working): Promise<void> {
  const { working } = await readHead(table, series);
  if (working !== version) throw new Error(`version ${version} no longer works on ${seriesKey(series)}`);
}

function left({ table, clock }: CaseBooks, { series, version }: Working, difference: Difference): PreparedChange {
  const after = leaveCase(difference, version, { at: clock() });
  return {
    postings: [],
    writes: () => [changeWrite(table, difference, after), workingCheck(table, series, version)],
  };
}

async function superseded(books: CaseBooks, working: Working, difference: Difference): Promise<PreparedChange> {
  const { table, clock } = books;
  const { series, version } = working;
  const partner = await partnerOf(books, difference);
  const reversal = ownReversal(difference, version);
  const closed = { closedIn: version, ...(reversal && { reversalPostingId: reversal.id }) };
  const step = { at: clock() };
  const opened = partner && (await reopened(books, working, { partner, difference }));
  return {
    // what suspense gave away comes back first
    postings: [...takeBackPostings(difference, partner), ...(reversal ? [reversal] : []), ...(opened?.postings ?? [])],
    writes: (booked) => [
      changeWrite(table, difference, supersedeCase(difference, closed, step)),
      workingCheck(table, series, version),
      ...(opened?.writes(booked) ?? []),
    ],
  };
}

function ownReversal(
  { id, openedIn, series, facts, settlementAccountId, currency, postingId }: Difference,
  version: number,
): NewPosting | undefined {
  if (!postingId) return undefined;
  return {
    id: reversalPostingId(id, openedIn),
    type: 'difference_reversal',
    belongsTo: series.date,
    transactionId: id,
    description: `${facts.type} no longer in version ${version}`,
    legs: reversalLegs({ ...facts, settlementAccountId, currency }),
    reverses: postingId,
  };
}

/** The other one of an offset, which may be of another day, and that day with it. */
async function reopened(
  books: CaseBooks,
  { series }: Working,
  { partner, difference }: { readonly partner: Difference; readonly difference: Difference },
): Promise<PreparedChange> {
  const { table, clock } = books;
  const after = reopenCase(partner, partner.urgency, { at: clock(), reason: `${difference.id} is no more` });
  const change = changeWrite(table, partner, after);
  if (seriesKey(partner.series) === seriesKey(series)) return { postings: [], writes: () => [change] };
  const { working } = await readHead(table, partner.series);
  const day = await prepareDayReopening(books, partner.series, { working, byDifference: partner.id });
  return {
    postings: day?.postings ?? [],
    writes: () => [change, ...(day?.writes ?? [idleCheck(table, partner.series, working)])],
  };
}
