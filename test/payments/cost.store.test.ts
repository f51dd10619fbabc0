/** What a payment costs, as counted by the emulator, which follows the rules of AWS. */
import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { engines } from '../support/engines.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { createTables, openWorld, type Tables, type World } from './payment-world.ts';

interface Bill {
  calls: number;
  readUnits: number;
  writeUnits: number;
}

const topUp = (world: World, payments: Payments) =>
  createTopUp(payments, { ...world.command, product: 'withholding', reference: 'R'.repeat(64) });
const withdraw = (world: World, payments: Payments) =>
  createWithdrawal(payments, { ...world.command, reference: 'R'.repeat(64) });
const followUp = (world: World, payments: Payments) => world.deliverAll(payments);

// DynamoDB Local counts transactions wrong
describe.each(engines.filter(({ name }) => name === 'ministack'))('on $name', ({ client }) => {
  let counted: DynamoDBClient;
  let tables: Tables;
  const bill: Bill = { calls: 0, readUnits: 0, writeUnits: 0 };

  beforeAll(async () => {
    counted = client();
    keepBill(counted, bill);
    tables = await createTables(counted);
  });
  afterAll(() => counted.destroy());

  test.each([
    { what: 'a top-up', act: topUp, manner: 'accepts', cost: { calls: 13, readUnits: 11, writeUnits: 15 } },
    { what: 'a refused top-up', act: topUp, manner: 'refuses', cost: { calls: 7, readUnits: 5, writeUnits: 6 } },
    { what: 'a withdrawal', act: withdraw, manner: 'accepts', cost: { calls: 15, readUnits: 13, writeUnits: 20 } },
    {
      what: 'a refused withdrawal',
      act: withdraw,
      manner: 'refuses',
      cost: { calls: 11, readUnits: 9, writeUnits: 16 },
    },
  ] as const)('$what costs $cost, and its follow-up one read unit', async ({ act, manner, cost }) => {
    const world = await openWorld(tables, (): Manner => manner);
    const payments = world.seenBy(startProcess());
    expect(await billOf(() => act(world, payments))).toEqual(cost);
    expect(await billOf(() => followUp(world, payments))).toEqual({ calls: 1, readUnits: 1, writeUnits: 0 });
  });

  async function billOf(act: () => Promise<unknown>): Promise<Bill> {
    Object.assign(bill, { calls: 0, readUnits: 0, writeUnits: 0 });
    await act();
    return { ...bill };
  }
});

function keepBill(client: DynamoDBClient, bill: Bill): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        Object.assign(request.input, { ReturnConsumedCapacity: 'TOTAL' });
        const answer = await next(request);
        const { ConsumedCapacity: consumed } = answer.output as {
          ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[]; // one, or one for each table
        };
        const units = [consumed].flat().reduce((sum, each) => sum + (each?.CapacityUnits ?? 0), 0);
        bill.calls += 1;
        bill[/^(Get|Query)/.test(commandName) ? 'readUnits' : 'writeUnits'] += units;
        return answer;
      },
    { step: 'initialize' },
  );
}
