/** Top-ups and withdrawals, alone and under limits, struck at each of their awaits. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Limit } from '../../functions/channels/index.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import type { PaymentStatus } from '../../functions/payments/payment-states.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { fixedCatalogue } from '../../local/simulation/fixed-channels.ts';
import { anyEngine } from '../support/engines.ts';
import { findingsIn } from './audited.ts';
import { type Scenario, testScenario } from './crash-scenario.ts';
import type { Manner } from './fake-channel.ts';
import { made } from './made.ts';
import { createTables, type Tables, type World } from './payment-world.ts';

const withhold = ({ command }: World, payments: Payments) =>
  made(createTopUp(payments, { ...command, product: 'withholding' }));
const withdraw = ({ command }: World, payments: Payments) => made(createWithdrawal(payments, command));

type Row = readonly [wallet: Manner, bank: Manner, answer: PaymentStatus, end: PaymentStatus];

const topUps: readonly Row[] = [
  ['accepts', 'accepts', 'succeeded', 'succeeded'],
  ['refuses', 'accepts', 'failed', 'failed'],
  ['refuses_here', 'accepts', 'succeeded', 'succeeded'],
  ['accepts_silently', 'accepts', 'processing', 'succeeded'],
  ['loses', 'accepts', 'processing', 'failed'],
];

const withdrawals: readonly Row[] = [
  ['accepts', 'accepts', 'succeeded', 'succeeded'],
  ['accepts', 'refuses', 'failed', 'failed'],
  ['accepts', 'accepts_silently', 'processing', 'succeeded'],
  ['accepts', 'loses', 'processing', 'failed'],
];

/** One that only the first channel's orders count for, and one that those of both do. */
const [wallet] = fixedCatalogue;
const limits: readonly Limit[] = [
  { id: 'wallet', channel: wallet?.id, per: 'account', currency: 'CNY', daily: 25_000n },
  { id: 'card', per: 'card', currency: 'CNY', monthly: 25_000n },
];

const limited: readonly Row[] = [
  ['refuses_here', 'accepts', 'succeeded', 'succeeded'],
  ['refuses_here', 'refuses', 'failed', 'failed'],
  ['loses', 'accepts', 'processing', 'failed'],
];

const scenarioOf =
  (name: string, request: Scenario['request'], more: Partial<Scenario> = {}) =>
  ([wallet, bank, answer, end]: Row): Scenario => ({ name, request, wallet, bank, answer, end, ...more });

describe.each(anyEngine)('a payment on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  afterAll(async () => {
    expect(await findingsIn(tables)).toEqual([]);
  });

  for (const scenario of [
    ...topUps.map(scenarioOf('top-up', withhold)),
    ...withdrawals.map(scenarioOf('withdrawal', withdraw)),
    ...limited.map(scenarioOf('top-up under limits', withhold, { decided: () => ({ limits }) })),
  ]) {
    testScenario(() => tables, scenario);
  }
});
