/** A member account: an end user's money, opened by the institution. */
import { type AccountId, type InstitutionId, idFrom } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { openAccountWrites } from '../ledger/index.ts';
import { addMemberWrites, findMember, type Member } from './member-store.ts';
import type { Verifying } from './verification/verifying.ts';
import { type Identity, type VerificationRefusal, verifyMember } from './verify-member.ts';

export type MemberOpening = Verifying;

export type OpenMemberRefusal = VerificationRefusal | 'member_exists';

/** One institution's user always has the same account. */
export const memberAccountId = (institutionId: InstitutionId, externalUserId: string): AccountId =>
  idFrom('acct', 'member', institutionId, externalUserId);

/** One transaction: the member and the account in the ledger. An identity is verified and sealed before. 6 write units. */
export async function openMemberAccount(
  opening: MemberOpening,
  command: {
    readonly institutionId: InstitutionId;
    readonly externalUserId: string;
    readonly currency: Currency;
    readonly identity?: Identity | undefined;
    readonly operationId: string;
  },
): Promise<Member | Refusal<OpenMemberRefusal>> {
  const { institutionId, externalUserId, currency, identity, operationId } = command;
  const accountId = memberAccountId(institutionId, externalUserId);
  const present = await findMember(opening, accountId);
  if (present) return ownOrTaken(present, operationId);

  const verified = identity && (await verifyMember(opening, { institutionId, currency, identity, operationId }));
  if (isRefusal(verified)) return verified;
  const sealed = identity && (await opening.seal({ ...identity }, { kind: 'member', id: accountId }));

  const openedAt = opening.clock();
  const member: Member = {
    accountId,
    institutionId,
    externalUserId,
    currency,
    createdAt: openedAt.toISOString(),
    operationId,
    ...(verified && { identity: verified }),
  };
  const result = await opening.commit([
    ...addMemberWrites(opening, member, sealed),
    ...(await openAccountWrites(opening.ledger, {
      id: accountId,
      kind: 'member',
      subject: 'member_deposits',
      currency,
      institutionId,
      floor: 0n,
      slots: 1,
      openedAt,
    })),
  ]);
  if (result.committed) return member;
  const faster = await findMember(opening, accountId);
  if (!faster) throw new Error(`${accountId} can't be opened although no member stands in its place`);
  return ownOrTaken(faster, operationId);
}

const ownOrTaken = (member: Member, operationId: string): Member | Refusal<'member_exists'> =>
  member.operationId === operationId
    ? member
    : refuse('member_exists', `This externalUserId has an account already: ${member.accountId}.`);
