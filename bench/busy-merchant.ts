/** One merchant number with very many members, and a top-up as the functions that store and book it do it. */
import { type AccountingDate, parseAccountingDate } from '../functions/kernel/clock.ts';
import { type AccountId, idFrom } from '../functions/kernel/ids.ts';
import { money } from '../functions/kernel/money.ts';
import { committer } from '../functions/kernel/write.ts';
import type { NewAccount } from '../functions/ledger/account.ts';
import type { HeadMemory } from '../functions/ledger/head-memory.ts';
import type { Ledger } from '../functions/ledger/ledger.ts';
import { openAccountWrites } from '../functions/ledger/open-accounts.ts';
import type { Payment } from '../functions/payments/payment.ts';
import { startPayment } from '../functions/payments/payment-changes.ts';
import { insertPayment } from '../functions/payments/payment-store.ts';
import type { PaymentBooks } from '../functions/payments/payments.ts';
import { settlePayment } from '../functions/payments/settle-payment.ts';
import type { Client } from '../local/simulation/client.ts';
import type { MemoryStore } from '../local/simulation/memory-store.ts';
import type { Self } from '../local/simulation/scheduler.ts';
import { sdkClient } from '../local/simulation/sdk-client.ts';

const timeZone = 'Asia/Shanghai';
const openedAt = new Date('2026-01-01T00:00:00Z');
const institutionId = idFrom('inst', 'busy');
const settlementAccountId = idFrom('acct', 'busy');
export const memberAt = (rank: number): AccountId => idFrom('acct', 'member', `${rank}`);

const today = ((): AccountingDate => {
  const date = parseAccountingDate('2026-01-01');
  if (date === undefined) throw new Error('that is a day');
  return date;
})();

/** Without limits and in no time. @returns what opens a member, once it is needed */
export async function openBusyMerchant(
  store: MemoryStore,
  { slots }: { readonly slots: number },
): Promise<(id: AccountId) => Promise<void>> {
  const commit = committer(store, { random: () => 0, sleepMs: async () => undefined });
  const ledger = { table: { client: store, name: 'ledger' }, businessDate: async () => today };
  const facts = { currency: 'CNY', institutionId, openedAt, kind: 'member', subject: 'member_deposits' } as const;
  const open = async (account: NewAccount) => void (await commit(await openAccountWrites(ledger, account)));
  await open({
    ...facts,
    id: settlementAccountId,
    kind: 'settlement',
    subject: 'settlement_pending',
    floor: null,
    slots,
  });
  const opened = new Set<AccountId>();
  return async (id) => {
    if (opened.has(id)) return;
    opened.add(id);
    await open({ ...facts, id, floor: 0n, slots: 1 });
  };
}

interface TopUpFacts {
  /** what the function that does it remembers */
  readonly memory: HeadMemory;
  readonly number: number;
  readonly member: AccountId;
  /** how long the channel takes to answer, while the function waits */
  readonly channelMs: number;
}

/**
 * Stores a payment and books its success.
 *
 * @returns how many transactions it took, 1 when no race was lost
 */
export async function topUpOnce(
  store: Client,
  self: Self,
  { memory, number, member, channelMs }: TopUpFacts,
): Promise<number> {
  const client = sdkClient(store, self);
  let rounds = 0;
  const commit = committer(client, self, 'answered');
  const ledger: Ledger = {
    table: { client, name: 'ledger' },
    commit: (writes) => {
      rounds += 1;
      return commit(writes);
    },
    clock: self.now,
    random: self.random,
    sleepMs: self.sleepMs,
    businessDate: async () => today,
    memory,
  };
  const books: PaymentBooks = {
    table: { client, name: 'payments' },
    commit,
    channels: { table: { client, name: 'channels' } },
    clock: self.now,
    timeZone,
    ledger,
  };
  const payment = paymentOf(number, member, self.now());
  await insertPayment(books.table, payment);
  if (channelMs > 0) await self.sleepMs(channelMs);
  const result = { outcome: 'succeeded', channelTradeNo: `trade-${number}`, completedAt: self.now() } as const;
  await settlePayment(books, payment, result, { source: 'request' });
  return rounds;
}

const paymentOf = (number: number, accountId: AccountId, createdAt: Date): Payment =>
  startPayment(
    {
      kind: 'top_up',
      product: 'withholding',
      institutionId,
      accountId,
      bindingId: idFrom('bind', accountId),
      reference: `ORDER-${number}`,
      operationId: `operation-${number}`,
      amount: money(10_000n, 'CNY'),
      createdAt,
      accountingDate: today,
      statementDay: today,
    },
    { channel: 'wallet', merchantNo: '1601959334', settlementAccountId, fee: money(60n, 'CNY') },
  );
