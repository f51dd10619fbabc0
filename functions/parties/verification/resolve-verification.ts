/** Finds out what became of a verification whose channel fell silent, and ends one whose amount was never told. */
import { adapterOf } from '../../channels/index.ts';
import { callOf, channelOf } from './ask-channels.ts';
import { changeOrCurrent } from './change-verification.ts';
import { concludeVerdict, giveUp } from './conclude-verdict.ts';
import { type ChannelCall, changedBy, type Verification } from './verification.ts';
import { findSealedVerification } from './verification-store.ts';
import type { VerificationBooks } from './verifying.ts';

/** As it now stands; one that has ended, or that waits for its amount, is answered as it is. One call of the channel at most. */
export function resolveVerification(books: VerificationBooks, verification: Verification): Promise<Verification> {
  switch (verification.status) {
    case 'processing':
      return queryChannel(books, verification);
    case 'awaiting_confirmation':
      return expireWhenDue(books, verification);
    case 'succeeded':
    case 'failed':
    case 'expired':
      return Promise.resolve(verification);
  }
}

/** A number that the channel never had may still be on its way; after a while it is given up. */
async function queryChannel(books: VerificationBooks, verification: Verification): Promise<Verification> {
  const { channel, reference } = await channelOf(books, verification);
  const begun = books.clock().getTime();
  const result = await adapterOf(books.channels, channel).queryVerification(reference);
  const now = books.clock().getTime();
  if (result.outcome === 'unknown') {
    return noteSilence(books, verification, callOf('queryVerification', result, now - begun));
  }
  if (result.outcome === 'not_found') {
    const ageMs = now - Date.parse(verification.createdAt);
    const call = { operation: 'queryVerification', code: 'not_found', durationMs: now - begun } as const;
    if (ageMs < books.policy.givenUpAfterMinutes * 60_000) return noteSilence(books, verification, call);
    return giveUp(books, verification, { reason: 'never_received', call });
  }
  const sealed = (await findSealedVerification(books, verification.id))?.sealed;
  return concludeVerdict(books, verification, {
    result,
    call: callOf('queryVerification', result, now - begun),
    sealed,
  });
}

/** Of later calls only what they change is written: an item would grow with each. */
const notedSilences = 20;

async function noteSilence(books: VerificationBooks, from: Verification, call: ChannelCall): Promise<Verification> {
  const noted = from.history.filter(({ event }) => event === 'fall_silent').length;
  if (noted >= notedSilences) return from;
  const sealed = (await findSealedVerification(books, from.id))?.sealed;
  const to = changedBy(from, { event: 'fall_silent', at: books.clock(), call });
  return changeOrCurrent(books, { from, to, sealed });
}

async function expireWhenDue(books: VerificationBooks, verification: Verification): Promise<Verification> {
  const at = books.clock();
  if (!isOver(verification, at)) return verification;
  const failure = { code: 'expired', reason: 'the amount was not told back in time' };
  return changeOrCurrent(books, {
    from: verification,
    to: changedBy(verification, { event: 'expire', at }, { failure }),
  });
}

export const isOver = ({ expiresAt }: Verification, now: Date): boolean =>
  expiresAt !== undefined && expiresAt <= now.toISOString();
