/** What a channel's definite answer makes of a verification. */
import type { VerificationResult } from '../../channels/index.ts';
import { money } from '../../kernel/money.ts';
import type { Sealed } from '../personal-data.ts';
import { changeOrCurrent } from './change-verification.ts';
import { type ChannelCall, changedBy, type Verification } from './verification.ts';
import type { VerificationBooks } from './verifying.ts';

const hourMs = 3_600_000;

/**
 * Confirmed facts of a person end it; those of an enterprise wait for the amount. A refusal that is not about the facts
 * is no verdict: nothing is owed for it.
 */
export async function concludeVerdict(
  books: VerificationBooks,
  from: Verification,
  {
    result,
    call,
    sealed,
  }: {
    readonly result: Exclude<VerificationResult, { outcome: 'unknown' }>;
    readonly call: ChannelCall;
    readonly sealed?: Sealed | undefined;
  },
): Promise<Verification> {
  const at = books.clock();
  if (result.outcome === 'refused') {
    if (result.retryElsewhere) return giveUp(books, from, { reason: result.reason, call });
    const failure = { code: 'facts_refused', reason: result.reason };
    return changeOrCurrent(books, { from, to: changedBy(from, { event: 'refuse', at, call }, { failure }) });
  }
  if (from.kind !== 'enterprise') {
    return changeOrCurrent(books, { from, to: changedBy(from, { event: 'pass', at, call }) });
  }
  const expiresAt = new Date(at.getTime() + books.policy.confirmationHours * hourMs).toISOString();
  return changeOrCurrent(books, { from, to: changedBy(from, { event: 'transfer', at, call }, { expiresAt }), sealed });
}

/** No channel has looked at the facts, and none will: nothing is owed. */
export function giveUp(
  books: VerificationBooks,
  from: Verification,
  { reason, call }: { readonly reason: string; readonly call: ChannelCall },
): Promise<Verification> {
  const nothing = money(0n, from.cost.currency);
  const patch = { cost: nothing, fee: nothing, failure: { code: 'no_verdict', reason } };
  return changeOrCurrent(books, { from, to: changedBy(from, { event: 'give_up', at: books.clock(), call }, patch) });
}
