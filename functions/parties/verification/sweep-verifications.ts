/** Looks again at what nobody has asked about: verifications without a verdict, and amounts that were never told back. */
import { resolveVerification } from './resolve-verification.ts';
import type { Verification } from './verification.ts';
import { dueVerificationIds, findVerification, postponeVerification } from './verification-store.ts';
import type { VerificationBooks } from './verifying.ts';

/** One at a time, longest due first. @returns how many were looked at, and how many of them have come to an end */
export async function sweepVerifications(
  books: VerificationBooks,
  { limit }: { readonly limit: number },
): Promise<{ readonly looked: number; readonly ended: number }> {
  const ids = await dueVerificationIds(books, { now: books.clock(), limit });
  let ended = 0;
  for (const id of ids) {
    const verification = await findVerification(books, id);
    if (!verification) continue; // the index lags behind
    const resolved = await resolveVerification(books, verification);
    if (resolved.completedAt !== undefined && verification.completedAt === undefined) ended += 1;
    if (resolved.status === 'processing')
      await postponeVerification(books, resolved, nextLook(resolved, books.clock()));
  }
  return { looked: ids.length, ended };
}

/** After half its age again, a minute at least: an outage of hours is asked about a few dozen times. */
const nextLook = ({ createdAt }: Verification, now: Date): Date =>
  new Date(now.getTime() + Math.max(60_000, (now.getTime() - Date.parse(createdAt)) / 2));
