/**
 * 冻结: money of an account that is set aside until it is captured, released, or its time is over. A hold is active while
 * something of it remains, and ended after; what may happen to it is decided here, by values alone.
 */
import type { Caller } from '../../kernel/caller.ts';
import { type AccountId, type HoldId, type InstitutionId, idFrom, type PostingId } from '../../kernel/ids.ts';
import { type Money, money } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';

/** Whose hold it is: each side releases and captures only its own. */
export type HoldOwner = Caller['kind'];

export interface Hold {
  readonly id: HoldId;
  /** of the account */
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly amount: Money;
  /** minor units that were paid to other accounts */
  readonly captured: bigint;
  /** minor units that went back to the account */
  readonly released: bigint;
  readonly placedBy: HoldOwner;
  /** the owner's own number, unique among the holds of an institution, or of the operators */
  readonly reference: string;
  readonly reason?: string | undefined;
  /** RFC 3339 in UTC, milliseconds, as is `expiresAt` */
  readonly placedAt: string;
  readonly expiresAt?: string | undefined;
  /** counted up by each change */
  readonly version: number;
}

/** The same reference names the same hold, so a repeat finds the first. */
export const holdIdOf = (caller: Caller, reference: string): HoldId =>
  idFrom('hold', caller.kind === 'operator' ? 'operators' : caller.institutionId, reference);

/** One posting places a hold, and one ends it when its time is over, whoever comes to do so. */
export const placingOf = (id: HoldId): PostingId => idFrom('post', id, 'placing');
export const expiryOf = (id: HoldId): PostingId => idFrom('post', id, 'expiry');

export const remainingOf = ({ amount, captured, released }: Hold): bigint => amount.amount - captured - released;

export const holdStatusOf = (hold: Hold): 'active' | 'ended' => (remainingOf(hold) > 0n ? 'active' : 'ended');

const isOver = ({ expiresAt }: Hold, now: Date): boolean => expiresAt !== undefined && expiresAt <= now.toISOString();

export type HoldEvent =
  /** of so much in the hold's currency, or of all that remains */
  { readonly kind: 'capture' | 'release'; readonly amount?: bigint | undefined } | { readonly kind: 'expiry' };

export type HoldEventRefusal = 'hold_ended' | 'hold_expired' | 'exceeds_hold';

export interface MovedHold {
  readonly hold: Hold;
  /** what leaves the frozen balance, more than 0 */
  readonly moved: Money;
}

/**
 * Laws, in this order: something remains (`hold_ended`); what is over is not captured any more, even before it was
 * released (`hold_expired`); no more is taken than remains (`exceeds_hold`).
 *
 * @throws RangeError for an amount that is not positive, and for an expiry before its time
 */
export function moveHold(hold: Hold, event: HoldEvent, now: Date): MovedHold | Refusal<HoldEventRefusal> {
  const remaining = remainingOf(hold);
  if (remaining === 0n) return refuse('hold_ended', 'Nothing of the hold remains.');
  if (event.kind === 'expiry' && !isOver(hold, now)) throw new RangeError(`hold ${hold.id} is not over yet`);
  if (event.kind === 'capture' && isOver(hold, now)) {
    return refuse('hold_expired', `The hold expired at ${hold.expiresAt}.`);
  }
  const amount = event.kind === 'expiry' ? remaining : (event.amount ?? remaining);
  if (amount <= 0n) throw new RangeError(`${event.kind} of ${amount} on hold ${hold.id}`);
  if (amount > remaining) return refuse('exceeds_hold', `Only ${remaining} of the hold remains.`);
  const taken = event.kind === 'capture' ? { captured: hold.captured + amount } : { released: hold.released + amount };
  return { hold: { ...hold, ...taken, version: hold.version + 1 }, moved: money(amount, hold.amount.currency) };
}
