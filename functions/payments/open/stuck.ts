/** When an open payment should have come to its end. */
import type { OpenPayment } from './open-payment-store.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Almost every payment has its end by its third check, after half a minute. */
export const stuckAfterMs = 30 * minuteMs;

/** For how long it has been waited for in vain: while a payer is waited for, nobody waits in vain. */
export const overdueMs = ({ createdAt, expiresAt }: OpenPayment, now: Date): number =>
  now.getTime() - Math.max(createdAt.getTime(), expiresAt?.getTime() ?? 0);

/**
 * Whether a look at it seems to have been lost. Every check of the first hours leaves its note, a quarter of an hour after the one
 * before at most; later ones do so only when they change something, so that the sweep asks seldom then. After three days the
 * statement has told, or people look.
 */
export function needsLook({ createdAt, changedAt }: OpenPayment, now: Date): boolean {
  const age = now.getTime() - createdAt.getTime();
  const quiet = now.getTime() - changedAt.getTime();
  return age <= 3 * dayMs && quiet >= (age < 4 * hourMs ? stuckAfterMs : 4 * hourMs);
}
