/** An institution with one member, a bound card and a merchant number at each of two channels, on real stores. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type Configuration,
  type Merchant,
  type OrderKind,
  registerMerchantWrites,
} from '../../functions/channels/index.ts';
import { accountingDateAt, type Clock, systemClock } from '../../functions/kernel/clock.ts';
import { type AccountId, type BindingId, bareId, type InstitutionId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer } from '../../functions/kernel/write.ts';
import {
  headMemory,
  type Ledger,
  openAccountWrites,
  openSettlementAccountWrites,
  post,
  readAccount,
} from '../../functions/ledger/index.ts';
import { addInstitutionWrites } from '../../functions/parties/institution-store.ts';
import { addMemberWrites } from '../../functions/parties/member-store.ts';
import type { PaymentCommand } from '../../functions/payments/create-payment.ts';
import { followUpPayment } from '../../functions/payments/follow-up-payment.ts';
import { followUpSchedule } from '../../functions/payments/follow-up-schedule.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { paymentIdOf } from '../../functions/payments/payment.ts';
import { readPayment } from '../../functions/payments/payment-store.ts';
import type { FollowUp, Payments } from '../../functions/payments/payments.ts';
import { fixedBindingWrites } from '../../local/simulation/fixed-binding.ts';
import { fixedCatalogue, fixedChannels } from '../../local/simulation/fixed-channels.ts';
import { createLedgerTable } from '../ledger/ledger-on.ts';
import { createTable } from '../support/engines.ts';
import { clientOf, objectOf, type Process } from './crash.ts';
import { type FakeChannel, fakeChannel, type Manner } from './fake-channel.ts';
import { createPaymentsTable } from './payments-table.ts';

export interface Tables {
  readonly client: DynamoDBClient;
  readonly names: Readonly<Record<'ledger' | 'channels' | 'parties' | 'payments', string>>;
}

export async function createTables(client: DynamoDBClient): Promise<Tables> {
  const [ledger, channels, parties, payments] = await Promise.all([
    createLedgerTable(client),
    createTable(client, 'channels'),
    createTable(client, 'parties'),
    createPaymentsTable(client),
  ]);
  const names = { ledger: ledger.name, channels: channels.name, parties: parties.name, payments: payments.name };
  return { client, names };
}

export interface World {
  readonly channel: FakeChannel;
  /** a top-up or withdrawal of {@link amount} by the bound card, under the reference `ORDER-1` */
  readonly command: PaymentCommand & { readonly bindingId: BindingId };
  /** everything as one process sees it */
  readonly seenBy: (process: Process) => Payments;
  /** delivers what is queued now; what that queues again waits for its time */
  readonly deliverDue: (payments: Payments) => Promise<void>;
  /** delivers until nothing is left, as if a day went by */
  readonly deliverAll: (payments: Payments) => Promise<void>;
  readonly payment: (reference?: string) => Promise<Payment | undefined>;
  /** in minor units, positive on each account's normal side */
  readonly balances: () => Promise<Balances>;
}

export interface WorldOptions {
  readonly decided?: (institutionId: InstitutionId) => Partial<Configuration>;
  readonly clock?: Clock;
}

export interface Balances {
  readonly available: bigint;
  readonly frozen: bigint;
  /** of both settlement accounts together */
  readonly pending: bigint;
  readonly fees: bigint;
}

export const amount = money(10_000n, 'CNY');
export const funded = 30_000n;

const undisturbed: Process = { call: (act) => act(), calls: () => 0 };

/**
 * @param mannerOf how each channel takes orders of each kind
 * @param decided what operators have decided about limits, fees and the like, given the institution
 * @param clock that of everybody here
 */
export async function openWorld(
  tables: Tables,
  mannerOf: (channel: string, kind: OrderKind) => Manner,
  { decided = () => ({}), clock = systemClock }: WorldOptions = {},
): Promise<World> {
  const institutionId = idFrom('inst', randomUUID());
  const accountId = idFrom('acct', 'member', institutionId, 'user-1');
  const bindingId = idFrom('bind', institutionId);
  const channel = fakeChannel(({ channel: name, kind }) => mannerOf(name, kind), clock);
  const merchants = fixedCatalogue.map(
    ({ id }, priority): Merchant => ({
      channel: id,
      merchantNo: bareId(idFrom('acct', id, institutionId)),
      institutionId,
      accountId: idFrom('acct', id, institutionId),
      currency: 'CNY',
      priority,
      status: 'active',
      registeredAt: new Date(),
    }),
  );
  const messages: FollowUp[] = [];

  const seenBy = (process: Process): Payments => {
    const client = clientOf(process, tables.client);
    const table = (context: keyof Tables['names']): Table => ({ client, name: tables.names[context] });
    // always the same slot, so that every run of a scenario makes the same calls
    const pause = { random: () => 0.5, sleepMs: () => Promise.resolve() };
    const timeZone = 'Asia/Shanghai';
    const adapters = { sandbox: objectOf(process, channel.adapter) };
    return {
      table: table('payments'),
      commit: committer(client, pause),
      callbackUrlOf: (name) => `https://center.example/v1/channels/${name}/callbacks`,
      clock,
      timeZone,
      ledger: {
        ...pause,
        table: table('ledger'),
        commit: committer(client, pause, 'answered'),
        clock,
        businessDate: async () => accountingDateAt(clock(), timeZone),
        memory: headMemory(clock),
      },
      channels: fixedChannels({ table: table('channels'), adapters, decided: decided(institutionId) }),
      parties: { table: table('parties') },
      schedule: followUpSchedule,
      followUps: { send: (followUp) => process.call(async () => void messages.push(followUp)) },
    };
  };

  const deliver = async (payments: Payments, message: FollowUp) => {
    await followUpPayment(payments, message);
    messages.splice(messages.indexOf(message), 1); // only what was handled leaves the queue
  };

  const quiet = seenBy(undisturbed);
  await settleIn(quiet, { institutionId, accountId, bindingId, merchants });
  return {
    channel,
    command: { institutionId, operationId: randomUUID(), accountId, bindingId, amount, reference: 'ORDER-1' },
    seenBy,
    deliverDue: async (payments) => {
      for (const message of [...messages]) await deliver(payments, message);
    },
    deliverAll: async (payments) => {
      for (let message = messages[0]; message !== undefined; message = messages[0]) await deliver(payments, message);
    },
    payment: (reference = 'ORDER-1') => readPayment(quiet.table, paymentIdOf(institutionId, reference)),
    balances: () => balancesOf(quiet.ledger, accountId, merchants),
  };
}

interface Residents {
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly bindingId: BindingId;
  readonly merchants: readonly Merchant[];
}

/** The member begins with {@link funded}, which came in through the first channel's settlement account. */
async function settleIn({ parties, channels, ledger }: Payments, residents: Residents): Promise<void> {
  const { institutionId, accountId, bindingId, merchants } = residents;
  const createdAt = '2026-01-01T00:00:00.000Z';
  const openedAt = new Date(createdAt);
  const institution = {
    id: institutionId,
    name: 'Mountain Tea',
    status: 'active',
    approvalId: idFrom('appr', institutionId),
    createdAt,
    createdBy: 'ops',
  } as const;
  const member = {
    accountId,
    institutionId,
    externalUserId: 'user-1',
    status: 'active',
    currency: 'CNY',
    createdAt,
    operationId: 'opening',
  } as const;
  const binding = { id: bindingId, institutionId, accountId, createdAt, merchants };
  const account = {
    id: accountId,
    kind: 'member',
    subject: 'member_deposits',
    currency: 'CNY',
    institutionId,
    floor: 0n,
    slots: 1,
    openedAt,
  } as const;
  await ledger.commit([
    ...addInstitutionWrites(parties, institution),
    ...addMemberWrites(parties, member),
    ...fixedBindingWrites(parties, binding),
    ...(await openAccountWrites(ledger, account)),
    ...merchants.flatMap((merchant) => registerMerchantWrites(channels, merchant)),
  ]);
  for (const { accountId: id } of merchants) {
    await ledger.commit(await openSettlementAccountWrites(ledger, { id, institutionId, currency: 'CNY', openedAt }));
  }
  const [first] = merchants;
  if (first === undefined) throw new Error('the sandbox has channels');
  const opening = money(funded, 'CNY');
  await post(ledger, {
    id: idFrom('post', accountId, 'opening'),
    type: 'opening',
    legs: [
      { accountId: first.accountId, balance: 'available', side: 'debit', amount: opening },
      { accountId, balance: 'available', side: 'credit', amount: opening },
    ],
  });
}

async function balancesOf(ledger: Ledger, accountId: AccountId, merchants: readonly Merchant[]): Promise<Balances> {
  const read = async (id: AccountId) => {
    const account = await readAccount(ledger, id);
    if (account === undefined) throw new Error(`no account ${id}`);
    return account.balances;
  };
  const settlements = await Promise.all(merchants.map((merchant) => read(merchant.accountId)));
  const { available, frozen } = await read(accountId);
  return {
    available,
    frozen,
    pending: settlements.reduce((sum, each) => sum + each.available, 0n),
    fees: settlements.reduce((sum, each) => sum + each.fees, 0n),
  };
}
