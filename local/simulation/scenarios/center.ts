/** What stands in the center before a run: an institution, accounts with money, bound cards, merchant numbers. */
import { type Merchant, registerMerchantWrites } from '../../../functions/channels/index.ts';
import { type AccountId, type BindingId, bareId, type InstitutionId, idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import type { Write } from '../../../functions/kernel/write.ts';
import type { NewAccount } from '../../../functions/ledger/account.ts';
import { openAccountWrites, openSettlementAccountWrites, post } from '../../../functions/ledger/index.ts';
import { addInstitutionWrites } from '../../../functions/parties/institution-store.ts';
import type { Payments } from '../../../functions/payments/index.ts';
import { fixedBindingWrites } from '../fixed-binding.ts';
import { fixedCatalogue } from '../fixed-channels.ts';

export interface Holder {
  readonly accountId: AccountId;
  /** absent for the institution's own account, from which no payment goes */
  readonly bindingId?: BindingId;
  /** minor units that it begins with */
  readonly funds: bigint;
}

export interface Center {
  readonly institutionId: InstitutionId;
  readonly holders: readonly Holder[];
  /** the first one's channel takes top-ups only */
  readonly merchants: readonly Merchant[];
}

/** In such an order that the first accounts, which are chosen most, have something of everything. */
const accountFacts = [
  { kind: 'member', subject: 'member_deposits', slots: 1, floor: 0n, funds: 1_000n },
  { kind: 'member', subject: 'member_deposits', slots: 3, floor: -300n, funds: 500n },
  { kind: 'institution', subject: 'institution_deposits', slots: 4, floor: 0n, funds: 3_000n },
  { kind: 'member', subject: 'member_deposits', slots: 1, floor: -200n, funds: 0n },
  { kind: 'member', subject: 'member_deposits', slots: 2, floor: 0n, funds: 2_000n },
  { kind: 'member', subject: 'member_deposits', slots: 1, floor: 0n, funds: 0n },
  { kind: 'member', subject: 'member_deposits', slots: 3, floor: 0n, funds: 0n },
] as const;

/** Sets everything up by writes that meet no fault. */
export async function openCenter({ ledger, parties, channels, clock }: Payments): Promise<Center> {
  const institutionId = idFrom('inst', 'simulated');
  const openedAt = clock();
  const createdAt = openedAt.toISOString();
  const merchants = fixedCatalogue.map(
    ({ id }, priority): Merchant => ({
      channel: id,
      merchantNo: bareId(idFrom('acct', id, institutionId)),
      institutionId,
      accountId: idFrom('acct', id, institutionId),
      currency: 'CNY',
      priority,
      status: 'active',
      registeredAt: openedAt,
    }),
  );
  const holders = accountFacts.map(({ kind, funds }, index): Holder => {
    const accountId = idFrom('acct', 'holder', `${index}`);
    return { accountId, funds, ...(kind === 'member' && { bindingId: idFrom('bind', accountId) }) };
  });
  const commit = async (writes: readonly Write[]): Promise<void> => {
    if (!(await ledger.commit(writes)).committed) throw new Error('the center is open already');
  };

  const approvalId = idFrom('appr', institutionId);
  const institution = { id: institutionId, name: 'Mountain Tea', approvalId, createdAt, createdBy: 'ops' };
  await commit(addInstitutionWrites(parties, { ...institution, status: 'active' }));
  for (const merchant of merchants) {
    const settlement = { id: merchant.accountId, institutionId, currency: 'CNY', openedAt } as const;
    await commit(registerMerchantWrites(channels, merchant));
    await commit(await openSettlementAccountWrites(ledger, settlement));
  }
  for (const [index, { kind, subject, slots, floor }] of accountFacts.entries()) {
    const { accountId: id, bindingId } = holders[index] ?? {};
    if (!id) throw new Error('each account has a holder');
    const account: NewAccount = { id, kind, subject, currency: 'CNY', institutionId, floor, slots, openedAt };
    await commit(await openAccountWrites(ledger, account));
    if (!bindingId) continue;
    const binding = { id: bindingId, accountId: id, institutionId, createdAt, merchants };
    await commit(fixedBindingWrites(parties, binding));
  }
  for (const holder of holders) await fund(ledger, holder, merchants);
  return { institutionId, holders, merchants };
}

async function fund(
  ledger: Payments['ledger'],
  { accountId, funds }: Holder,
  [merchant]: readonly Merchant[],
): Promise<void> {
  if (funds === 0n || !merchant) return;
  const amount = money(funds, 'CNY');
  await post(ledger, {
    id: idFrom('post', accountId, 'funds'),
    type: 'opening',
    legs: [
      { accountId: merchant.accountId, balance: 'available', side: 'debit', amount },
      { accountId, balance: 'available', side: 'credit', amount },
    ],
  });
}
