/** What callers are shown. */
import type { Merchant } from '../channels/index.ts';
import type { BindingId } from '../kernel/ids.ts';
import { money, moneyToJson } from '../kernel/money.ts';
import type { AccountStatus } from '../ledger/index.ts';
import { type Binding, openCodes } from './binding.ts';
import { findDefault } from './default-store.ts';
import type { Member } from './member-store.ts';
import type { Parties } from './parties.ts';

export const settlementAccountAnswer = ({
  accountId,
  institutionId,
  channel,
  merchantNo,
  currency,
  priority,
  status,
  registeredAt,
}: Merchant) => ({
  id: accountId,
  institutionId,
  channel,
  merchantNo,
  currency,
  priority,
  status,
  createdAt: registeredAt.toISOString(),
});

/** @param status of the member's account in the ledger */
export const memberAnswer = ({ accountId, ...member }: Member, status: AccountStatus) => ({
  ...member,
  id: accountId,
  status,
});

export function newMemberAnswer(member: Member) {
  const zero = moneyToJson(money(0n, member.currency));
  return { ...memberAnswer(member, 'active'), balances: { available: zero, frozen: zero } };
}

/** With whether it is the default of its account. 1 read unit. */
export async function shownBinding(parties: Parties, binding: Binding, now: Date) {
  return bindingAnswer(binding, { defaultId: (await findDefault(parties, binding.accountId)).bindingId, now });
}

export function bindingAnswer(
  binding: Binding,
  { defaultId, now }: { readonly defaultId: BindingId | undefined; readonly now: Date },
) {
  const { id, kind, accountId, status, cardMasked, bank, cardType, agreements, createdAt, unboundAt } = binding;
  const channels = openCodes(binding, now);
  const [first] = channels;
  const step = Object.entries(binding.codes).find(([channel]) => channel === first)?.[1];
  return {
    id,
    kind,
    accountId,
    status,
    cardMasked,
    bank,
    cardType,
    default: id === defaultId,
    channels: Object.keys(agreements).sort(),
    ...(step && { nextAction: { type: 'code', channels, expiresAt: step.expiresAt } }),
    createdAt,
    unboundAt,
  };
}
