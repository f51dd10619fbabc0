/** Two factors, name and identity number, confirmed by a verification like any other: stored, remembered, charged. */
import type { InstitutionId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { maskIdNumber } from './masking.ts';
import type { VerifiedIdentity } from './member-store.ts';
import { createVerification } from './verification/create-verification.ts';
import type { Verification } from './verification/verification.ts';
import { findVerification } from './verification/verification-store.ts';
import type { Verifying } from './verification/verifying.ts';

export interface Identity {
  readonly name: string;
  readonly idNumber: string;
}

export type VerificationRefusal = 'verification_failed' | 'verification_unavailable' | 'idempotency_mismatch';

/**
 * A channel's silence opens no account. Asking again under a new Idempotency-Key makes a new verification, which the
 * success of the first one answers where that has come in the meantime.
 */
export async function verifyMember(
  verifying: Verifying,
  request: {
    readonly institutionId: InstitutionId;
    readonly currency: Currency;
    readonly identity: Identity;
    readonly operationId: string;
  },
): Promise<VerifiedIdentity | Refusal<VerificationRefusal>> {
  const { identity, ...rest } = request;
  const verified = await createVerification(verifying, { ...rest, facts: { kind: 'two_factor', ...identity } });
  if (isRefusal(verified)) {
    if (verified.refused === 'idempotency_mismatch') return refuse(verified.refused, verified.detail);
    return refuse('verification_unavailable', `${verified.detail} Or open the account without name and idNumber.`);
  }
  const { id, status, failure, createdAt, completedAt = createdAt } = verified;
  if (status === 'succeeded') {
    return {
      idNumberMasked: maskIdNumber(identity.idNumber),
      verifiedBy: await channelOf(verifying, verified),
      verifiedAt: completedAt,
      verificationId: id,
    };
  }
  if (failure?.code === 'facts_refused') {
    return refuse(
      'verification_failed',
      `The name and the identity number do not belong together (${failure.reason}).`,
    );
  }
  return refuse(
    'verification_unavailable',
    `The verification ${id} is ${status}; nothing was opened. Try again with a new Idempotency-Key.`,
  );
}

/** Of one that an earlier success answered, the channel that was asked then. */
async function channelOf(verifying: Verifying, { id, route, cachedFrom }: Verification): Promise<string> {
  const channel = route?.channel ?? (cachedFrom && (await findVerification(verifying, cachedFrom))?.route?.channel);
  if (!channel) throw new Error(`${id} succeeded without a channel`);
  return channel;
}
