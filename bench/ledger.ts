/**
 * `npm run bench:ledger`: what each operation costs at DynamoDB, as the engine counts it, how long our own code takes over
 * it, and what a cold start of the function costs. Each operation is measured in a process that has just done another of
 * its kind, for other members.
 */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { bareId, idFrom } from '../functions/kernel/ids.ts';
import { money } from '../functions/kernel/money.ts';
import { isRefusal } from '../functions/kernel/refusal.ts';
import { changeAccount } from '../functions/ledger/change-account.ts';
import { captureHold } from '../functions/ledger/holds/capture-hold.ts';
import { holdIdOf } from '../functions/ledger/holds/hold.ts';
import { placeHold } from '../functions/ledger/holds/place-hold.ts';
import { releaseHold } from '../functions/ledger/holds/release-hold.ts';
import { readAccount } from '../functions/ledger/read-account.ts';
import { reverseTransfer } from '../functions/ledger/transfers/reverse-transfer.ts';
import { postingOfTransfer } from '../functions/ledger/transfers/transfer.ts';
import { transferAll } from '../functions/ledger/transfers/transfer-batch.ts';
import { transferMoney } from '../functions/ledger/transfers/transfer-money.ts';
import { createTopUp, createWithdrawal } from '../functions/payments/create-payment.ts';
import { paymentAnswer, paymentCommand } from '../functions/payments/handlers/payment-request.ts';
import { createTopUpRoute } from '../functions/payments/routes.ts';
import { transactionSchema } from '../functions/payments/transaction-schemas.ts';
import { parseRequest } from '../functions/runtime/parse-request.ts';
import { meterClient, sumUsage, type Usage } from '../local/metering.ts';
import { createMemoryStore } from '../local/simulation/memory-store.ts';
import { tableText } from '../local/table.ts';
import { type BenchCenter, openBenchCenter } from './center.ts';
import { bundleKilobytes, coldImportMs } from './handler-bundle.ts';
import { median, ownTime } from './own-time.ts';
import { writeResults } from './results.ts';
import { createTables, memoryTables, tableDefinitions } from './tables.ts';

const members = 64;
const repeats = 400;
const yuan = (amount: bigint) => money(amount, 'CNY');

interface Operation {
  readonly name: string;
  /** @param turn another number each time, from which come members and references */
  readonly run: (center: BenchCenter, turn: number) => Promise<unknown>;
}

const memberOf = ({ members: all }: BenchCenter, turn: number) => {
  const member = all[turn % all.length];
  if (!member) throw new Error('there are members');
  return member;
};
const partyOf = ({ institutionId }: BenchCenter) => ({ institutionId, by: 'client-1' });
const callerOf = ({ institutionId }: BenchCenter) =>
  ({ kind: 'institution', clientId: 'client-1', institutionId }) as const;
const operationOf = (name: string, turn: number) => bareId(idFrom('post', name, `${turn}`));
const orderOf = (center: BenchCenter, turn: number, reference = `T-${turn}`) => ({
  fromAccountId: memberOf(center, turn).accountId,
  toAccountId: memberOf(center, turn + 1).accountId,
  amount: yuan(1n),
  reference,
});

const paymentOf = (center: BenchCenter, turn: number, reference: string, amount: bigint) => ({
  ...memberOf(center, turn),
  institutionId: center.institutionId,
  operationId: operationOf(reference, turn),
  amount: yuan(amount),
  reference: `${reference}-${turn}`,
});

const topUp = (center: BenchCenter, turn: number) =>
  createTopUp(center.payments, { ...paymentOf(center, turn, 'IN', 100_000n), product: 'withholding' });

const operations: readonly Operation[] = [
  { name: 'top-up', run: topUp },
  {
    name: 'withdrawal',
    run: (center, turn) => createWithdrawal(center.payments, paymentOf(center, turn, 'OUT', 100n)),
  },
  {
    name: 'transfer',
    run: (center, turn) => transferMoney(center.payments.ledger, partyOf(center), orderOf(center, turn)),
  },
  {
    name: 'batch of 20 transfers',
    run: (center, turn) =>
      transferAll(
        center.payments.ledger,
        partyOf(center),
        Array.from({ length: 20 }, (_, item) => orderOf(center, turn * 20 + item, `B-${turn}-${item}`)),
      ),
  },
  {
    name: 'reversal of a transfer',
    run: (center, turn) =>
      reverseTransfer(center.payments.ledger, {
        ...partyOf(center),
        transferId: postingOfTransfer(partyOf(center), orderOf(center, turn)).id,
        reason: 'by mistake',
        operationId: operationOf('reversal', turn),
      }),
  },
  {
    name: 'hold',
    run: (center, turn) =>
      placeHold(center.payments.ledger, {
        caller: callerOf(center),
        accountId: memberOf(center, turn).accountId,
        amount: yuan(10n),
        reference: `H-${turn}`,
      }),
  },
  {
    name: 'capture of a hold',
    run: (center, turn) =>
      captureHold(center.payments.ledger, {
        caller: callerOf(center),
        holdId: holdIdOf(callerOf(center), `H-${turn}`),
        toAccountId: memberOf(center, turn + 1).accountId,
        amount: yuan(4n),
        operationId: operationOf('capture', turn),
      }),
  },
  {
    name: 'release of a hold',
    run: (center, turn) =>
      releaseHold(center.payments.ledger, {
        caller: callerOf(center),
        holdId: holdIdOf(callerOf(center), `H-${turn}`),
        operationId: operationOf('release', turn),
      }),
  },
  {
    name: 'block of an account',
    run: (center, turn) =>
      changeAccount(center.payments.ledger, {
        accountId: memberOf(center, turn).accountId,
        operationId: operationOf('block', turn),
        terms: { status: 'debit_blocked' },
        by: 'client-1',
        reason: 'lost telephone',
      }),
  },
  {
    name: 'balance of a member',
    run: (center, turn) => readAccount(center.payments.ledger, memberOf(center, turn).accountId),
  },
  {
    name: 'balance of 8 slots',
    run: (center) => readAccount(center.payments.ledger, center.settlementAccountId),
  },
];

interface Cost {
  readonly name: string;
  /** of the ledger and the payments */
  readonly books: Usage;
  /** of the parties and channels that are asked besides */
  readonly elsewhere: Usage;
  readonly ownMs: number;
}

/** @throws Error for an operation that is refused, whose cost would be another one's */
async function perform(operation: Operation, center: BenchCenter, turn: number): Promise<void> {
  const outcome = await operation.run(center, turn);
  if (isRefusal(outcome)) throw new Error(`${operation.name} was refused: ${outcome.refused}`);
}

/** A clock that goes on only when it is told to. */
function standingClock() {
  let now = Date.parse('2026-01-01T04:00:00.000Z');
  return { read: () => new Date(now), goOnMs: (milliseconds: number) => (now += milliseconds) };
}

async function fund(center: BenchCenter, firstTurn: number): Promise<void> {
  for (let turn = 0; turn < members; turn++) await topUp(center, firstTurn + turn);
}

async function measureUnits(): Promise<Omit<Cost, 'ownMs'>[]> {
  const client = new DynamoDBClient({});
  const meter = meterClient(client);
  const names = await createTables(client, randomUUID());
  const clock = standingClock();
  const center = await openBenchCenter(client, names, { clock: clock.read, members });
  await fund(center, members);
  const costs: Omit<Cost, 'ownMs'>[] = [];
  for (const [index, operation] of operations.entries()) {
    // a busy process remembers its slot of the settlement account, and not the member that comes next
    clock.goOnMs(10_000);
    await topUp(center, 10 * members + index * members + members - 1);
    meter.read();
    await perform(operation, center, 7);
    const used = meter.read();
    costs.push({
      name: operation.name,
      books: sumUsage(used, [names.ledger, names.payments]),
      elsewhere: sumUsage(used, [names.parties, names.channels]),
    });
  }
  client.destroy();
  return costs;
}

async function measureOwnTime(): Promise<ReadonlyMap<string, number>> {
  const clock = standingClock();
  const own = ownTime(createMemoryStore(tableDefinitions, { now: clock.read }));
  const center = await openBenchCenter(own.client, memoryTables, { clock: clock.read, members });
  await fund(center, members);
  const times = new Map<string, number>();
  for (const operation of operations) {
    const measured: number[] = [];
    const turns = operation.name === 'block of an account' ? members : repeats;
    for (let turn = 1_000; turn < 1_000 + turns; turn++) {
      clock.goOnMs(10);
      measured.push(await own.of(() => perform(operation, center, turn)));
    }
    times.set(operation.name, median(measured));
  }
  return times;
}

/** A request of the handler from the event to the answer's text, with all that the route's schemas check. */
async function measureHandler(): Promise<number> {
  const clock = standingClock();
  const own = ownTime(createMemoryStore(tableDefinitions, { now: clock.read }));
  const center = await openBenchCenter(own.client, memoryTables, { clock: clock.read, members });
  const answerOf = async (turn: number): Promise<string> => {
    const { accountId, bindingId } = memberOf(center, turn);
    const amount = { amount: 10_000, currency: 'CNY' };
    const body = JSON.stringify({ accountId, bindingId, amount, product: 'withholding', reference: `IN-${turn}` });
    const input = parseRequest(createTopUpRoute, { body, isBase64Encoded: false });
    if ('status' in input) throw new Error(`the request is refused: ${input.detail}`);
    const command = paymentCommand({ ...input, caller: callerOf(center), operationId: operationOf('IN', turn) });
    const answer = paymentAnswer(await createTopUp(center.payments, { ...input.body, ...command }));
    if (isRefusal(answer)) throw new Error(`the top-up is refused: ${answer.refused}`);
    return JSON.stringify(transactionSchema.parse(answer.body));
  };
  const times: number[] = [];
  for (let turn = 0; turn < repeats; turn++) {
    clock.goOnMs(10);
    times.push(await own.of(() => answerOf(turn)));
  }
  return median(times);
}

const [units, ownTimes] = [await measureUnits(), await measureOwnTime()];
const costs = units.map((cost): Cost => ({ ...cost, ownMs: ownTimes.get(cost.name) ?? Number.NaN }));
const entry = 'payments/handlers/create-top-up.ts';
const rounded = (value: number, decimals: number) => Number(value.toFixed(decimals));
const handler = {
  ownMs: rounded(await measureHandler(), 3),
  coldImportMs: rounded(coldImportMs(entry), 1),
  bundleKB: rounded(bundleKilobytes(entry), 1),
};

console.log(
  'What an operation costs the ledger and the payments, what their indexes cost, and what is asked elsewhere:',
);
console.log(
  tableText(
    ['operation', 'write units', 'read units', 'index write units', 'calls', 'elsewhere: read units', 'own ms'],
    costs.map(({ name, books, elsewhere, ownMs }) => [
      name,
      books.writeUnits,
      books.readUnits,
      books.indexWriteUnits,
      books.calls,
      elsewhere.readUnits,
      ownMs.toFixed(3),
    ]),
  ),
);
console.log(
  `Index write units: 1 in by-day for each entry, 1 in by-institution and 1 in by-expected-day each time a payment is
` +
    `written, 1 in by-institution for a transfer, a reversal or a hold, 1 in holds-by-expiry for a hold that expires,\n2 in unfinished for a payment, when it comes and when it ends.`,
);
console.log(
  tableText(
    ['top-up function', 'own ms a request', 'cold import ms', 'bundle KB'],
    [
      ['measured', handler.ownMs, handler.coldImportMs, handler.bundleKB],
      ['goal', '< 1', '< 80', '< 300'],
    ],
  ),
);
const usageOf = (name: string) => {
  const cost = costs.find((each) => each.name === name);
  if (!cost) throw new Error(`${name} was not measured`);
  const { writeUnits, readUnits, indexWriteUnits, calls } = cost.books;
  return { writeUnits, readUnits, indexWriteUnits, calls };
};
writeResults('ledger', { operations: costs, handler });
console.log(JSON.stringify({ topUp: usageOf('top-up'), transfer: usageOf('transfer'), handler }));
