/** Top-ups and withdrawals are struck at each of their awaits, on real stores; at the end everything must add up. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { auditLedger } from '../../functions/ledger/audit/audit.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import type { PaymentKind } from '../../functions/payments/payment.ts';
import type { PaymentStatus } from '../../functions/payments/payment-states.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { engines } from '../support/engines.ts';
import { Crash, type Strike, startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { amount, createTables, funded, openWorld, type Tables, type World } from './payment-world.ts';

interface Scenario {
  readonly kind: PaymentKind;
  /** how the first and the second channel take orders; only the second one sells payouts */
  readonly wallet: Manner;
  readonly bank: Manner;
  /** what an undisturbed request answers, and what the payment comes to */
  readonly answer: PaymentStatus;
  readonly end: PaymentStatus;
}

const scenarios: readonly Scenario[] = [
  { kind: 'top_up', wallet: 'accepts', bank: 'accepts', answer: 'succeeded', end: 'succeeded' },
  { kind: 'top_up', wallet: 'refuses', bank: 'accepts', answer: 'failed', end: 'failed' },
  { kind: 'top_up', wallet: 'refuses_here', bank: 'accepts', answer: 'succeeded', end: 'succeeded' },
  { kind: 'top_up', wallet: 'accepts_silently', bank: 'accepts', answer: 'processing', end: 'succeeded' },
  { kind: 'top_up', wallet: 'loses', bank: 'accepts', answer: 'processing', end: 'failed' },
  { kind: 'withdrawal', wallet: 'accepts', bank: 'accepts', answer: 'succeeded', end: 'succeeded' },
  { kind: 'withdrawal', wallet: 'accepts', bank: 'refuses', answer: 'failed', end: 'failed' },
  { kind: 'withdrawal', wallet: 'accepts', bank: 'accepts_silently', answer: 'processing', end: 'succeeded' },
  { kind: 'withdrawal', wallet: 'accepts', bank: 'loses', answer: 'processing', end: 'failed' },
];

describe.each(engines)('a payment on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  afterAll(async () => {
    const report = await auditLedger({ client: tables.client, name: tables.names.ledger });
    expect(report.findings).toEqual([]);
    expect(report.counts.entries).toBeGreaterThan(0);
  });

  describe.each(scenarios)('($kind; wallet $wallet, bank $bank)', (scenario) => {
    const open = () => openWorld(tables, (channel) => (channel === 'sandbox-wallet' ? scenario.wallet : scenario.bank));
    const request = async (world: World, payments: Payments) => {
      const answer =
        scenario.kind === 'top_up'
          ? await createTopUp(payments, { ...world.command, product: 'withholding' })
          : await createWithdrawal(payments, world.command);
      if (isRefusal(answer)) throw new Error(answer.refused);
      return answer;
    };
    /** @returns whether the process lived to give an answer */
    const requestStruckBy = async (world: World, strike: Strike): Promise<boolean> => {
      try {
        await request(world, world.seenBy(startProcess(strike)));
        return true;
      } catch (error) {
        if (error instanceof Crash) return false;
        throw error;
      }
    };
    const awaits = async (): Promise<number> => {
      const process = startProcess();
      const world = await open();
      await request(world, world.seenBy(process));
      return process.calls();
    };

    test(`answers ${scenario.answer}, and comes to be ${scenario.end}`, async () => {
      const world = await open();
      const payments = world.seenBy(startProcess());
      expect(await request(world, payments)).toMatchObject({ status: scenario.answer });
      await world.deliverAll(payments);
      expect(await world.payment()).toMatchObject({ status: scenario.end });
      await expectBalanced(world);
    });

    test('is brought to its end after a crash at any await', async () => {
      for (let call = await awaits(); call > 0; call--) {
        const world = await open();
        expect(await requestStruckBy(world, { call, blow: 'dies_before' })).toBe(false);
        await world.deliverAll(world.seenBy(startProcess()));
        await expectBalanced(world);
      }
    });

    test('is carried on by a retry after a crash at any await', async () => {
      for (let call = await awaits(); call > 0; call--) {
        const world = await open();
        const payments = world.seenBy(startProcess());
        expect(await requestStruckBy(world, { call, blow: 'dies_after' })).toBe(false);
        await request(world, payments);
        await world.deliverAll(payments);
        await expectBalanced(world);
        expect(await world.payment()).toMatchObject({ status: scenario.end });
      }
    });

    test('can be overtaken by its follow-up at any await', async () => {
      for (let call = await awaits(); call > 0; call--) {
        const world = await open();
        const payments = world.seenBy(startProcess());
        expect(await requestStruckBy(world, { call, blow: () => world.deliverDue(payments) })).toBe(true);
        await world.deliverAll(payments);
        await expectBalanced(world);
      }
    });

    test('outlives a crash of its follow-up at any await', async () => {
      let struck = true;
      for (let call = 1; struck; call++) {
        const world = await open();
        await request(world, world.seenBy(startProcess()));
        struck = await world.deliverAll(world.seenBy(startProcess({ call, blow: 'dies_after' }))).then(
          () => false,
          (error: unknown) => error instanceof Crash,
        );
        await world.deliverAll(world.seenBy(startProcess()));
        await expectBalanced(world);
        expect(await world.payment()).toMatchObject({ status: scenario.end });
      }
    });
  });
});

/** The payment has its end, the channels and our books agree on it, and no money is left frozen, lost or doubled. */
async function expectBalanced(world: World): Promise<void> {
  const payment = await world.payment();
  const carriedOut = world.channel.carriedOut();
  expect(payment?.status).not.toBe('processing');
  expect(carriedOut).toEqual(payment?.status === 'succeeded' ? [payment.channelOrderNo] : []);

  const moved = payment?.status === 'succeeded' ? amount.amount : 0n;
  const sign = payment?.kind === 'withdrawal' ? -1n : 1n;
  const fees = payment?.status === 'succeeded' ? payment.fee.amount : 0n;
  expect(await world.balances()).toEqual({
    available: funded + sign * moved,
    frozen: 0n,
    pending: funded + sign * moved - fees,
    fees,
  });
}
