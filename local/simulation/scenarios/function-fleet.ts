/** The environments in which functions run: what one remembers lives on from call to call, until it dies. */
import { flatFee, healthReader } from '../../../functions/channels/index.ts';
import { accountingDateAt } from '../../../functions/kernel/clock.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { businessDateReader, headMemory } from '../../../functions/ledger/index.ts';
import { followUpSchedule } from '../../../functions/payments/index.ts';
import type { FollowUpQueue, Payments } from '../../../functions/payments/payments.ts';
import type { IdempotencyDependencies } from '../../../functions/runtime/idempotency.ts';
import { type Client, clientThat, sendTo } from '../client.ts';
import { fixedChannels } from '../fixed-channels.ts';
import type { Process, Scheduler, Self } from '../scheduler.ts';
import type { SimulatedChannel } from './channel.ts';
import { type TableName, tableNames } from './tables.ts';

/** What a handler is wired with. */
export interface Wiring {
  readonly self: Self;
  readonly payments: Payments;
  readonly idempotency: IdempotencyDependencies;
}

export interface FleetNeeds {
  readonly scheduler: Scheduler;
  readonly channel: SimulatedChannel;
  readonly queueFor: (self: Self) => FollowUpQueue;
  /** the client of one process, and all that goes wrong with it */
  readonly clientFor: (self: Self) => Client;
  /** on real engines tables have names of their own */
  readonly nameOf?: (table: TableName) => string;
}

export interface Fleet {
  /** One call of a function: in an environment that is free, or a new one. It is ended after so many milliseconds. */
  readonly invoke: <T>(name: string, timeoutMs: number, handle: (wiring: Wiring) => Promise<T>) => Process<T>;
}

/** So that some payments are charged, by members and on account. */
export const payoutCharge = 2n;
const forAll = { institution: '*' } as const;
const chargedFees = [
  { ...forAll, id: 'payouts', product: 'payout', payer: 'member', schedule: flatFee(payoutCharge) },
  { ...forAll, id: 'codes', product: 'quick_payment', payer: 'member', schedule: flatFee(1n) },
  { ...forAll, id: 'withheld', product: 'withholding', payer: 'institution', schedule: flatFee(3n) },
] as const;

/** Low enough that a run meets them. */
const limits = [
  { id: 'account', per: 'account', currency: 'CNY', daily: 4_000n },
  { id: 'channel', per: 'channel', currency: 'CNY', maximum: 4_500n, daily: 60_000n },
] as const;

export const timeZone = 'Asia/Shanghai';

export function functionFleet(needs: FleetNeeds): Fleet {
  const { scheduler } = needs;
  const idle: Environment[] = [];
  let calls = 0;
  return {
    invoke: (name, timeoutMs, handle) => {
      const environment = idle.pop() ?? startEnvironment(needs);
      calls += 1;
      // DynamoDB takes tokens of 36 characters, and the number drawn for one needs 20
      const process = scheduler.start(`${name}-${calls}`, (self) => handle(environment(self)));
      void scheduler.after(timeoutMs, () => process.kill());
      void process.ended.then(({ status }) => {
        if (status !== 'killed') idle.push(environment);
      });
      return process;
    },
  };
}

type Environment = (self: Self) => Wiring;

function startEnvironment({ scheduler, channel, queueFor, clientFor, nameOf }: FleetNeeds): Environment {
  let current: Client | undefined;
  const client = clientThat((command) => {
    if (!current) throw new Error('nothing is called between two calls of a function');
    return sendTo(current, command);
  });
  const clock = scheduler.now;
  const table = (name: TableName): Table => ({ client, name: nameOf?.(name) ?? tableNames[name] });
  const calendarDay = () => accountingDateAt(clock(), timeZone);
  const memory = headMemory(clock);
  const health = healthReader({ table: table('channels'), clock });
  const businessDate = businessDateReader({ table: table('ledger'), clock, calendarDay });
  return (self) => {
    current = clientFor(self);
    const { random, sleepMs } = self;
    return {
      self,
      idempotency: { table: table('idempotency'), clock, sleepMs, newOperationId: () => operationIdOf(self) },
      payments: {
        table: table('payments'),
        commit: committer(client, { random, sleepMs }),
        callbackUrlOf: (name) => `https://center.example/v1/channels/${name}/callbacks`,
        clock,
        timeZone,
        schedule: followUpSchedule,
        followUps: queueFor(self),
        parties: { table: table('parties') },
        channels: fixedChannels({
          table: table('channels'),
          adapters: { sandbox: channel.adapterFor(self) },
          health,
          decided: { fees: chargedFees, limits },
        }),
        ledger: {
          table: table('ledger'),
          commit: committer(client, { random, sleepMs }, 'answered'),
          clock,
          random,
          sleepMs,
          businessDate,
          memory,
        },
      },
    };
  };
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** In the shape of a ULID. */
const operationIdOf = ({ random }: Self): string =>
  `01${Array.from({ length: 24 }, () => letters.charAt(Math.floor(random() * letters.length))).join('')}`;
