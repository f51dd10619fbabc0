/** Two factors, name and identity number, confirmed by a channel where the institution holds a merchant number. */
import { adapterOf, type Channels, findChannel, merchantsOf } from '../channels/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { maskIdNumber } from './masking.ts';
import type { VerifiedIdentity } from './member-store.ts';

export interface Identity {
  readonly name: string;
  readonly idNumber: string;
}

export type VerificationRefusal = 'verification_failed' | 'verification_unavailable';

/** A channel's silence opens no account: asking again under a new Idempotency-Key asks the channel again. */
export async function verifyMember(
  { channels, clock }: { readonly channels: Channels; readonly clock: Clock },
  request: { readonly institutionId: InstitutionId; readonly identity: Identity; readonly requestNo: string },
): Promise<VerifiedIdentity | Refusal<VerificationRefusal>> {
  const { identity, requestNo } = request;
  for (const { channel: id, merchantNo } of await merchantsOf(channels, request.institutionId)) {
    const channel = await findChannel(channels, id);
    if (!channel?.products.verification) continue;
    const result = await adapterOf(channels, channel).verify({
      channel: id,
      merchantNo,
      requestNo,
      facts: { factors: 'two', ...identity },
    });
    switch (result.outcome) {
      case 'succeeded': {
        const idNumberMasked = maskIdNumber(identity.idNumber);
        return { idNumberMasked, verifiedBy: id, verifiedAt: clock().toISOString() };
      }
      case 'refused':
        return refuse(
          'verification_failed',
          `The name and the identity number do not belong together (${result.reason}).`,
        );
      case 'unknown':
        return refuse(
          'verification_unavailable',
          `${channel.name} did not answer; nothing was opened. Try again with a new Idempotency-Key.`,
        );
    }
  }
  return refuse(
    'verification_unavailable',
    'The institution holds no merchant number at a channel that verifies identities; open the account without name and idNumber, or have one registered by POST /v1/settlement-accounts.',
  );
}
