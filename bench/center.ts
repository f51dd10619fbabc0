/** A small business on any DynamoDB: one institution, members with a card, one merchant number, a channel that says yes at once. */
import { adapterWith, type ChannelAdapter, healthReader, registerMerchantWrites } from '../functions/channels/index.ts';
import type { AccountingDate, Clock } from '../functions/kernel/clock.ts';
import { type AccountId, type BindingId, bareId, type InstitutionId, idFrom } from '../functions/kernel/ids.ts';
import type { Table } from '../functions/kernel/table.ts';
import { committer, type Write } from '../functions/kernel/write.ts';
import { headMemory } from '../functions/ledger/head-memory.ts';
import { openAccountWrites, openSettlementAccountWrites } from '../functions/ledger/open-accounts.ts';
import { addInstitutionWrites } from '../functions/parties/institution-store.ts';
import { addMemberWrites } from '../functions/parties/member-store.ts';
import { followUpSchedule } from '../functions/payments/follow-up-schedule.ts';
import type { Payments } from '../functions/payments/payments.ts';
import type { Client } from '../local/simulation/client.ts';
import { fixedBindingWrites } from '../local/simulation/fixed-binding.ts';
import { fixedCatalogue, fixedChannels } from '../local/simulation/fixed-channels.ts';

export type TableNames = Readonly<Record<'ledger' | 'payments' | 'parties' | 'channels', string>>;

export interface BenchMember {
  readonly accountId: AccountId;
  readonly bindingId: BindingId;
}

export interface BenchCenter {
  readonly payments: Payments;
  readonly institutionId: InstitutionId;
  readonly settlementAccountId: AccountId;
  readonly members: readonly BenchMember[];
}

const openedAt = new Date('2026-01-01T00:00:00.000Z');
const createdAt = openedAt.toISOString();

/** Everything as one process sees it that has been running for a while, with the business on it. */
export async function openBenchCenter(
  client: Client,
  names: TableNames,
  { clock, members }: { readonly clock: Clock; readonly members: number },
): Promise<BenchCenter> {
  const table = (context: keyof TableNames): Table => ({ client, name: names[context] });
  const pause = { random: Math.random, sleepMs: async () => undefined };
  const businessDate = async () => '2026-01-01' as AccountingDate; // a day
  const payments: Payments = {
    table: table('payments'),
    commit: committer(client, pause),
    callbackUrlOf: () => 'https://center.example/callbacks',
    clock,
    timeZone: 'Asia/Shanghai',
    ledger: {
      ...pause,
      table: table('ledger'),
      commit: committer(client, pause, 'answered'),
      clock,
      businessDate,
      memory: headMemory(clock),
    },
    channels: fixedChannels({
      table: table('channels'),
      adapters: { sandbox: willing(clock) },
      health: healthReader({ table: table('channels'), clock }),
    }),
    parties: { table: table('parties') },
    schedule: followUpSchedule,
    followUps: { send: async () => undefined },
  };
  const commit = committer(client, pause);
  const institutionId = idFrom('inst', 'bench', names.ledger);
  const settlementAccountId = idFrom('acct', 'settlement', institutionId);
  const opened = await Promise.all(
    Array.from({ length: members }, (_, number) => openMember(payments, commit, { institutionId, number })),
  );
  const facts = { institutionId, currency: 'CNY' } as const;
  await commitAll(commit, [
    ...addInstitutionWrites(payments.parties, {
      id: institutionId,
      name: 'Mountain Tea',
      status: 'active',
      approvalId: idFrom('appr', institutionId),
      createdAt,
      createdBy: 'ops',
    }),
    ...registerMerchantWrites(payments.channels, {
      ...facts,
      channel: bankChannel.id,
      merchantNo: bareId(settlementAccountId),
      accountId: settlementAccountId,
      priority: 1,
      status: 'active',
      registeredAt: openedAt,
    }),
    ...(await openSettlementAccountWrites(payments.ledger, { ...facts, id: settlementAccountId, openedAt })),
  ]);
  return { payments, institutionId, settlementAccountId, members: opened };
}

const bankChannel = ((): (typeof fixedCatalogue)[number] => {
  const bank = fixedCatalogue.find(({ products }) => products.payout && products.withholding);
  if (!bank) throw new Error('no channel takes money in and pays it out');
  return bank;
})();

async function openMember(
  { parties, ledger }: Payments,
  commit: ReturnType<typeof committer>,
  { institutionId, number }: { readonly institutionId: InstitutionId; readonly number: number },
): Promise<BenchMember> {
  const accountId = idFrom('acct', 'member', institutionId, `${number}`);
  const bindingId = idFrom('bind', accountId);
  const merchantNo = bareId(idFrom('acct', 'settlement', institutionId));
  const facts = { institutionId, accountId, status: 'active', createdAt } as const;
  await commitAll(commit, [
    ...addMemberWrites(parties, {
      ...facts,
      externalUserId: `user-${number}`,
      currency: 'CNY',
      operationId: 'opening',
    }),
    ...fixedBindingWrites(parties, {
      id: bindingId,
      institutionId,
      accountId,
      createdAt,
      merchants: [{ channel: bankChannel.id, merchantNo }],
    }),
    ...(await openAccountWrites(ledger, {
      id: accountId,
      kind: 'member',
      subject: 'member_deposits',
      currency: 'CNY',
      institutionId,
      floor: 0n,
      slots: 1,
      openedAt,
    })),
  ]);
  return { accountId, bindingId };
}

async function commitAll(commit: ReturnType<typeof committer>, writes: readonly Write[]): Promise<void> {
  const { committed } = await commit(writes);
  if (!committed) throw new Error('the business is there already');
}

function willing(clock: Clock): ChannelAdapter {
  const take = async ({ channelOrderNo }: { readonly channelOrderNo: string }) => ({
    outcome: 'succeeded' as const,
    channelTradeNo: `T-${channelOrderNo}`,
    completedAt: clock(),
  });
  return adapterWith({ collect: take, payout: take });
}
