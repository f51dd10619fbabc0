/** Writes what has happened to a verification: its change, and what it is charged for, in one transaction. */
import { isRefusal } from '../../kernel/refusal.ts';
import type { Write } from '../../kernel/write.ts';
import { type BookedPosting, postGuardedBy } from '../../ledger/index.ts';
import type { Sealed } from '../personal-data.ts';
import type { Verification } from './verification.ts';
import { chargesOf } from './verification-charges.ts';
import { isVerdict } from './verification-states.ts';
import { findVerification, proofWrite, replaceVerificationWrite } from './verification-store.ts';
import type { VerificationBooks } from './verifying.ts';

/**
 * The verification as the change made it, or, where somebody else was faster or a write alongside is broken, `overtaken`.
 * A verdict makes two postings at most: four entries, 12 write units, besides its own 8.
 *
 * @throws Error when the ledger refuses: a channel's verdict can't be undone, so that is for people.
 */
export async function changeVerification(
  books: VerificationBooks,
  {
    from,
    to,
    sealed,
  }: { readonly from: Verification; readonly to: Verification; readonly sealed?: Sealed | undefined },
  alongside: readonly Write[] = [],
): Promise<Verification | 'overtaken'> {
  const last = to.history.at(-1);
  const verdict = last !== undefined && isVerdict(last.event);
  const others = [...proofWrites(books, to), ...alongside];
  const postings = verdict ? chargesOf(to) : [];
  if (postings.length === 0) {
    const { committed } = await books.commit([replaceVerificationWrite(books, from, to, sealed), ...others]);
    return committed ? to : 'overtaken';
  }
  const dated = (booked: readonly BookedPosting[]) => ({ ...to, accountingDate: booked[0]?.accountingDate });
  const outcome = await postGuardedBy(books.ledger, postings, (booked) => [
    replaceVerificationWrite(books, from, dated(booked), sealed),
    ...others,
  ]);
  if (isRefusal(outcome)) throw new Error(`the ledger refuses the charges of ${to.id}: ${outcome.refused}`);
  return outcome.outcome === 'posted' ? dated(outcome.postings) : 'overtaken';
}

function proofWrites(books: VerificationBooks, to: Verification): readonly Write[] {
  if (to.status !== 'succeeded' || to.kind === 'enterprise') return [];
  const until = new Date(books.clock());
  until.setUTCDate(until.getUTCDate() + books.policy.rememberedDays[to.kind]);
  return [proofWrite(books, to, until)];
}

/** As it is now. @throws Error when it is gone, since none is ever deleted. */
export async function currentVerification(books: VerificationBooks, { id }: Verification): Promise<Verification> {
  const verification = await findVerification(books, id);
  if (!verification) throw new Error(`${id} is gone`);
  return verification;
}

/** The change, or what the one that was faster has made of it. */
export async function changeOrCurrent(
  books: VerificationBooks,
  change: Parameters<typeof changeVerification>[1],
): Promise<Verification> {
  const changed = await changeVerification(books, change);
  return changed === 'overtaken' ? currentVerification(books, change.from) : changed;
}
