/** What callers are shown. */
import type { Merchant } from '../channels/index.ts';
import { money, moneyToJson } from '../kernel/money.ts';
import type { Binding } from './binding-store.ts';
import type { Member } from './member-store.ts';

export const settlementAccountAnswer = ({ accountId, registeredAt, ...merchant }: Merchant) => ({
  ...merchant,
  id: accountId,
  status: 'active',
  createdAt: registeredAt.toISOString(),
});

export const memberAnswer = ({ accountId, ...member }: Member) => ({ ...member, id: accountId });

export function newMemberAnswer(member: Member) {
  const zero = moneyToJson(money(0n, member.currency));
  return { ...memberAnswer(member), balances: { available: zero, frozen: zero } };
}

export const bindingAnswer = ({ agreements, ...binding }: Binding) => ({
  ...binding,
  channels: Object.keys(agreements).sort(),
});
