/** What comes after a payment, or waits for its payer, struck at each of its awaits. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { confirmTopUp } from '../../functions/payments/confirm-top-up.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { createRefund } from '../../functions/payments/create-refund.ts';
import { paymentIdOf } from '../../functions/payments/payment.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { returnPayout } from '../../functions/payments/return-payout.ts';
import { anyEngine } from '../support/engines.ts';
import { findingsIn } from './audited.ts';
import { type Scenario, testScenario } from './crash-scenario.ts';
import { rightCode } from './fake-channel.ts';
import { made } from './made.ts';
import { amount, createTables, type Tables, type World } from './payment-world.ts';

const withhold = ({ command }: World, payments: Payments) =>
  made(createTopUp(payments, { ...command, product: 'withholding' }));
const withdraw = ({ command }: World, payments: Payments) => made(createWithdrawal(payments, command));

const askForCode = ({ command }: World, payments: Payments) =>
  made(createTopUp(payments, { ...command, product: 'quick_payment' }));
const idIn = ({ command: { institutionId } }: World) => paymentIdOf(institutionId, 'ORDER-1');
const confirm = (world: World, payments: Payments) =>
  made(confirmTopUp(payments, { institutionId: world.command.institutionId, id: idIn(world), code: rightCode }));
/** Whoever was told of no code, or of no payment, tells none. */
const confirmIfAsked = (world: World, payments: Payments) =>
  confirmTopUp(payments, { institutionId: world.command.institutionId, id: idIn(world), code: rightCode });

const sendToBank = ({ command: { bindingId: _, ...command } }: World, payments: Payments) =>
  made(
    createTopUp(payments, {
      ...command,
      product: 'personal_ebanking',
      bank: 'ICBC',
      returnUrl: 'https://tea.example/paid',
      expiresInSeconds: 900,
    }),
  );
const payAtBank = async ({ channel }: World) => {
  for (const { channelOrderNo } of channel.arrived()) channel.payerPays(channelOrderNo);
};

const giveBack = (world: World, payments: Payments) =>
  made(
    createRefund(payments, {
      institutionId: world.command.institutionId,
      paymentId: idIn(world),
      operationId: 'refund-1',
      reference: 'REFUND-1',
      amount: { ...amount, amount: 4_000n },
    }),
  );
const giveAllBack = (world: World, payments: Payments) =>
  made(
    createRefund(payments, {
      institutionId: world.command.institutionId,
      paymentId: idIn(world),
      operationId: 'refund-1',
      reference: 'REFUND-1',
    }),
  );
const comeBack = (world: World, payments: Payments) =>
  made(
    returnPayout(payments, {
      payoutId: idIn(world),
      amount: amount.amount,
      channelTradeNo: 'BACK-1',
      returnedAt: new Date('2026-03-03T02:00:00Z'),
      source: 'callback',
    }),
  );

const willing = { wallet: 'accepts', bank: 'accepts' } as const;
const refund = { ...willing, prepare: withhold, request: giveBack, reference: 'REFUND-1' } as const;

const scenarios: readonly Scenario[] = [
  {
    ...willing,
    name: 'code asked for',
    request: askForCode,
    afterwards: confirmIfAsked,
    answer: 'created',
    end: 'succeeded',
  },
  { ...willing, name: 'code told', prepare: askForCode, request: confirm, answer: 'succeeded', end: 'succeeded' },
  { ...willing, name: 'e-banking', request: sendToBank, afterwards: payAtBank, answer: 'created', end: 'succeeded' },
  { ...willing, name: 'e-banking, nobody comes', request: sendToBank, answer: 'created', end: 'failed' },
  { ...refund, name: 'refund of a part', answer: 'succeeded', end: 'succeeded' },
  { ...refund, name: 'refund of all', request: giveAllBack, answer: 'succeeded', end: 'succeeded' },
  { ...refund, name: 'refund refused', refunds: 'refuses', answer: 'failed', end: 'failed' },
  { ...refund, name: 'refund in silence', refunds: 'accepts_silently', answer: 'processing', end: 'succeeded' },
  {
    ...willing,
    name: 'return',
    prepare: withdraw,
    request: comeBack,
    answer: 'succeeded',
    end: 'returned',
    unattended: true,
  },
];

describe.each(anyEngine)('a payment on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  afterAll(async () => {
    expect(await findingsIn(tables)).toEqual([]);
  });

  for (const scenario of scenarios) testScenario(() => tables, scenario);
});
