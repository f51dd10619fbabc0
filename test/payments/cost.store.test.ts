/** What a payment costs, as counted by the emulator, which follows the rules of AWS. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { type Meter, meterClient, sumUsage } from '../../local/metering.ts';
import { engines } from '../support/engines.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { createTables, openWorld, type Tables, type World } from './payment-world.ts';

const topUp = (world: World, payments: Payments) =>
  createTopUp(payments, { ...world.command, product: 'withholding', reference: 'R'.repeat(24) });
const withdraw = (world: World, payments: Payments) =>
  createWithdrawal(payments, { ...world.command, reference: 'R'.repeat(24) });

// DynamoDB Local counts transactions wrong
describe.each(engines.filter(({ name }) => name === 'ministack'))('on $name', ({ client }) => {
  let counted: DynamoDBClient;
  let tables: Tables;
  let meter: Meter;

  beforeAll(async () => {
    counted = client();
    meter = meterClient(counted);
    tables = await createTables(counted);
  });
  afterAll(() => counted.destroy());

  /** Each in a new process, which remembers nothing; what parties and channels are asked comes on top. A busy one reads 2 units. */
  test.each([
    {
      what: 'a top-up',
      act: topUp,
      manner: 'accepts',
      cost: { calls: 5, readUnits: 3, writeUnits: 7, indexWriteUnits: 8 },
    },
    {
      what: 'a refused top-up',
      act: topUp,
      manner: 'refuses',
      cost: { calls: 3, readUnits: 1, writeUnits: 2, indexWriteUnits: 6 },
    },
    {
      what: 'a withdrawal',
      act: withdraw,
      manner: 'accepts',
      cost: { calls: 5, readUnits: 3, writeUnits: 10, indexWriteUnits: 9 },
    },
    {
      what: 'a refused withdrawal',
      act: withdraw,
      manner: 'refuses',
      cost: { calls: 3, readUnits: 1, writeUnits: 8, indexWriteUnits: 8 },
    },
  ] as const)('$what costs the ledger and the payments $cost, and its follow-up one read unit', async (row) => {
    const world = await openWorld(tables, (): Manner => row.manner);
    const payments = world.seenBy(startProcess());
    const { ledger, payments: table } = tables.names;
    meter.read();
    await row.act(world, payments);
    expect(sumUsage(meter.read(), [ledger, table])).toEqual(row.cost);
    await world.deliverAll(payments);
    expect(sumUsage(meter.read())).toEqual({ calls: 1, readUnits: 1, writeUnits: 0, indexWriteUnits: 0 });
  });
});
