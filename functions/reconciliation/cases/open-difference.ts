/** What a version found becomes a case: booked to suspense, with a due time; and resolved at once where a policy says so. */
import type { ReconciliationPolicy } from '../../channels/index.ts';
import type { InstitutionId } from '../../kernel/ids.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { workingCheck } from '../day-store.ts';
import { differenceLegs, differencePostingId } from '../difference.ts';
import { changeWrite } from '../difference-store.ts';
import { automaticResolution } from './automatic-resolution.ts';
import { type Difference, openCase } from './case.ts';
import type { CaseBooks } from './cases.ts';
import { commitChange } from './commit-change.ts';
import { prepareResolution } from './prepare-resolution.ts';
import { urgencyOf } from './urgency.ts';
import { mustWork, type Working } from './withdraw-difference.ts';

interface Opening {
  readonly difference: Difference;
  readonly institutionId: InstitutionId;
  readonly policy: ReconciliationPolicy;
}

/**
 * `found` → `open`, with its posting. One that was opened meanwhile, by the same step whose answer was lost, stays as it is.
 *
 * @throws Error where another version has taken the day, or an account refuses: the execution fails visibly
 */
export async function openDifference(
  books: CaseBooks,
  working: Working,
  { difference, institutionId, policy }: Opening,
): Promise<void> {
  const { table, clock } = books;
  const { series, version } = working;
  const { id, openedIn, facts, settlementAccountId, currency } = difference;
  const legs = differenceLegs({ ...facts, settlementAccountId, currency });
  const postingId = legs.length > 0 ? differencePostingId(id, openedIn) : undefined;
  const at = clock();
  const urgency = urgencyOf(facts, policy, at);
  const opened = openCase(difference, { institutionId, urgency, ...(postingId && { postingId }) }, { at, version });
  const outcome = await commitChange(books, {
    postings: postingId
      ? [
          {
            id: postingId,
            type: 'difference',
            belongsTo: series.date,
            transactionId: id,
            description: `${facts.type} in the statement of ${series.date}`,
            legs,
          },
        ]
      : [],
    writes: () => [changeWrite(table, difference, opened), workingCheck(table, series, version)],
  });
  if (isRefusal(outcome)) throw new Error(`${id} can't be booked: ${outcome.detail}`);
  if (outcome.outcome === 'overtaken') await mustWork(books, working);
}

/**
 * Whatever the policy resolves by itself: a case that no person has touched. What the books refuse stays a case.
 *
 * @returns whether it is resolved
 */
export async function resolveByPolicy(
  books: CaseBooks,
  working: Working,
  { difference, policy }: Omit<Opening, 'institutionId'>,
): Promise<boolean> {
  const reopened = difference.history.some(
    ({ event }) => event === 'reopen' || event === 'postpone' || event === 'reject',
  );
  const resolution = difference.state === 'open' && !reopened ? automaticResolution(difference, policy) : undefined;
  if (!resolution) return false;
  const actor = { policy: { id: policy.id, version: policy.version } };
  const prepared = await prepareResolution(books, { difference, resolution, actor });
  if (isRefusal(prepared)) return false;
  const outcome = await commitChange(books, {
    ...prepared,
    writes: (booked) => [...prepared.writes(booked), workingCheck(books.table, working.series, working.version)],
  });
  if (isRefusal(outcome)) return false;
  if (outcome.outcome === 'committed') return true;
  await mustWork(books, working);
  return false;
}
