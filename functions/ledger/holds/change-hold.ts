/** What captures, releases and expiries of holds have in common: the posting and the hold's next version commit together. */
import type { HoldId, PostingId } from '../../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { RacesLost } from '../../kernel/write.ts';
import { pauseAfter } from '../append-postings.ts';
import type { BookedPosting } from '../book-posting.ts';
import type { Ledger, LedgerRefusal } from '../ledger.ts';
import { findBooked, PostedOtherwise, post } from '../post.ts';
import type { NewPosting } from '../posting.ts';
import { type Hold, type HoldEvent, type HoldEventRefusal, type MovedHold, moveHold } from './hold.ts';
import { getHold, putNextHold } from './hold-store.ts';

export interface ChangedHold {
  readonly hold: Hold;
  readonly posting: BookedPosting;
}

export interface HoldChange<Code extends string> {
  readonly holdId: HoldId;
  readonly postingId: PostingId;
  readonly event: HoldEvent;
  /** who may do it, looked at before anything else */
  readonly admit: (hold: Hold) => Refusal<Code> | undefined | Promise<Refusal<Code> | undefined>;
  readonly postingOf: (moved: MovedHold) => Omit<NewPosting, 'id' | 'transactionId'>;
}

/** Each round another change of the hold has won, so this many can meet on one before the last of them gives up. */
const maximumRounds = 40;

/**
 * Of a capture, a release and an expiry that race each commits against the version that it has read, so one wins; the
 * others look again, take what they may of what remains, or are refused. A repeat finds what its first run did.
 *
 * Cost: 1 read unit for the hold and those of a posting; 2 write units for the hold, 2 for the posting and 2 for each
 * entry: 6 for a release or an expiry, 8 for a capture, and 1 for each index. A refusal by the ledger costs 1 read unit more.
 *
 * @throws RacesLost when others were faster every time
 */
export async function changeHold<Code extends string>(
  ledger: Ledger,
  change: HoldChange<Code>,
): Promise<ChangedHold | Refusal<Code | HoldEventRefusal | LedgerRefusal | 'not_found'>> {
  const { holdId, postingId, event, admit, postingOf } = change;
  for (let round = 1; round <= maximumRounds; round++) {
    const hold = await getHold(ledger.table, holdId);
    if (!hold) return refuse('not_found', `There is no hold ${holdId}.`);
    const turnedAway = await admit(hold);
    if (turnedAway) return turnedAway;
    const moved = moveHold(hold, event, ledger.clock());
    if (isRefusal(moved)) {
      const posting = await findBooked(ledger, postingId);
      return posting ? { hold, posting } : moved;
    }
    const outcome = await tryToPost(ledger, { ...postingOf(moved), id: postingId, transactionId: holdId }, moved.hold);
    if (outcome && !isRefusal(outcome)) return outcome;
    // frozen money may be short only because another change of this very hold has taken it since
    if (outcome && (await getHold(ledger.table, holdId))?.version === hold.version) return outcome;
    await pauseAfter(ledger, round);
  }
  throw new RacesLost(`a change of ${holdId} lost ${maximumRounds} races for it`);
}

/** @returns undefined where another change of the hold was faster */
async function tryToPost(
  ledger: Ledger,
  posting: NewPosting,
  next: Hold,
): Promise<ChangedHold | Refusal<LedgerRefusal> | undefined> {
  try {
    const outcome = await post(ledger, posting, [putNextHold(ledger.table, next)]);
    if (isRefusal(outcome)) return outcome;
    if (outcome.outcome === 'overtaken') return undefined;
    const [booked] = outcome.postings;
    // of a repeat the hold may have changed further since, so it is read again
    const hold = outcome.outcome === 'posted' ? next : await getHold(ledger.table, next.id);
    if (!booked || !hold) throw new Error(`what was posted of ${next.id} is gone`);
    return { hold, posting: booked };
  } catch (error) {
    // two runs of one request for all that remains may have seen different remainders
    if (error instanceof PostedOtherwise) return undefined;
    throw error;
  }
}
