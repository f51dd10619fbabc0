import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { flatFee, type Product } from '../../functions/channels/index.ts';
import { money } from '../../functions/kernel/money.ts';
import { readAccount, settlementCompanions } from '../../functions/ledger/index.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { createRefund } from '../../functions/payments/create-refund.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { returnPayout } from '../../functions/payments/return-payout.ts';
import { engines } from '../support/engines.ts';
import { findingsIn } from './audited.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { made } from './made.ts';
import { amount, createTables, funded, openWorld, type Tables } from './payment-world.ts';

const [byMember, byInstitution] = [70n, 50n];

describe.each(engines)('what is charged for a payment on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  afterAll(async () => {
    expect(await findingsIn(tables)).toEqual([]);
  });

  const open = async (product: Product, manner: Manner = 'accepts') => {
    const world = await openWorld(tables, () => manner, {
      decided: (institution) => ({
        fees: [
          { id: 'of-the-member', institution, product, payer: 'member', schedule: flatFee(byMember) },
          { id: 'of-all', institution: '*', product, payer: 'institution', schedule: flatFee(byInstitution) },
        ],
      }),
    });
    const payments = world.seenBy(startProcess());
    const charged = async ({ settlementAccountId }: Payment) => {
      const { feeIncome, feesReceivable } = settlementCompanions(settlementAccountId);
      const [income, receivable] = await Promise.all(
        [feeIncome, feesReceivable].map(async (id) => (await readAccount(payments.ledger, id))?.balances.available),
      );
      return { income, receivable };
    };
    return { ...world, payments, charged };
  };
  const everything = { income: byMember + byInstitution, receivable: byInstitution };

  test('a top-up brings the member the amount less its charge, and puts the rest on account', async () => {
    const { payments, command, charged, balances } = await open('withholding');
    const payment = await made(createTopUp(payments, { ...command, product: 'withholding' }));
    const available = funded + amount.amount - byMember;
    expect(payment).toMatchObject({ status: 'succeeded', balancesAfter: { available, frozen: 0n } });
    expect(payment.charges).toEqual([
      { amount: byMember, payer: 'member' },
      { amount: byInstitution, payer: 'institution' },
    ]);
    expect(await balances()).toMatchObject({ available, frozen: 0n, pending: funded + 9_940n, fees: 60n });
    expect(await charged(payment)).toEqual(everything);
  });

  test('a top-up that is smaller than what the member is charged is refused', async () => {
    const { payments, command } = await open('withholding');
    const small = { ...command, product: 'withholding', amount: money(byMember - 1n, 'CNY') } as const;
    expect(await createTopUp(payments, small)).toMatchObject({ refused: 'charge_exceeds_amount' });
    const equal = { ...small, amount: money(byMember, 'CNY') };
    expect(await made(createTopUp(payments, equal))).toMatchObject({ balancesAfter: { available: funded } });
  });

  test('a withdrawal freezes amount and charge together, and takes both', async () => {
    const { payments, command, charged, balances } = await open('payout');
    const payment = await made(createWithdrawal(payments, command));
    expect(payment).toMatchObject({ balancesAfter: { available: funded - amount.amount - byMember, frozen: 0n } });
    expect(await balances()).toMatchObject({ available: funded - amount.amount - byMember, frozen: 0n });
    expect(await charged(payment)).toEqual(everything);
  });

  test('a withdrawal needs a balance for both, and one that fails costs nothing', async () => {
    const { payments, command, charged, balances } = await open('payout', 'refuses');
    const all = { ...command, amount: money(funded, 'CNY') };
    expect(await createWithdrawal(payments, all)).toMatchObject({ refused: 'insufficient_funds' });
    const most = { ...command, amount: money(funded - byMember, 'CNY') };
    const payment = await made(createWithdrawal(payments, most));
    expect(payment).toMatchObject({ status: 'failed' });
    expect(await balances()).toMatchObject({ available: funded, frozen: 0n });
    expect(await charged(payment)).toEqual({ income: 0n, receivable: 0n });
  });

  test('a withdrawal about which the channel is silent keeps the charge frozen with it until its end', async () => {
    const { payments, command, charged, balances, deliverAll, payment } = await open('payout', 'accepts_silently');
    await made(createWithdrawal(payments, command));
    expect(await balances()).toMatchObject({ frozen: amount.amount + byMember });
    await deliverAll(payments);
    const ended = await payment();
    expect(ended && (await charged(ended))).toEqual(everything);
    expect(await balances()).toMatchObject({ available: funded - amount.amount - byMember, frozen: 0n });
  });

  test('what was charged is kept when a top-up is refunded or a payout comes back: the service was rendered', async () => {
    const { payments, command, charged, balances } = await open('withholding');
    const topUp = await made(createTopUp(payments, { ...command, product: 'withholding' }));
    const { institutionId, id: paymentId } = topUp;
    const refund = { institutionId, paymentId, operationId: 'refund', reference: 'REFUND' };
    expect(await made(createRefund(payments, refund))).toMatchObject({ status: 'succeeded', amount });
    expect(await balances()).toMatchObject({ available: funded - byMember });
    expect(await charged(topUp)).toEqual(everything);

    const out = await open('payout');
    const payout = await made(createWithdrawal(out.payments, out.command));
    const facts = { channelTradeNo: 'B', returnedAt: new Date(), source: 'callback' } as const;
    await made(returnPayout(out.payments, { payoutId: payout.id, amount: amount.amount, ...facts }));
    expect(await out.balances()).toMatchObject({ available: funded - byMember });
    expect(await out.charged(payout)).toEqual(everything);
  });
});
