import { beforeAll, describe, expect, test } from '@jest/globals';
import { flatFee } from '../../functions/channels/index.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import type { Item, Table } from '../../functions/kernel/table.ts';
import { auditLedger } from '../../functions/ledger/index.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { createRefund } from '../../functions/payments/create-refund.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { freezePosting, postingIdOf, releasePosting } from '../../functions/payments/postings.ts';
import { checkPayments } from '../../functions/payments/postings-check.ts';
import { returnPayout } from '../../functions/payments/return-payout.ts';
import { itemsOf, keyOf, placeIn, resealed, type Tampering, whileTampered } from '../ledger/audit/audited-books.ts';
import { engines } from '../support/engines.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { made as expectMade } from './made.ts';
import { createTables, openWorld, type Tables } from './payment-world.ts';

describe.each(engines)('the ledger against its payments on $name', ({ client }) => {
  let tables: Tables;
  let ledger: Table;
  let payments: Table;
  const made = new Map<string, Payment>();

  const make = async (name: string, kind: 'top_up' | 'withdrawal', manner: Manner) => {
    const world = await openWorld(tables, () => manner);
    const process = world.seenBy(startProcess());
    const payment =
      kind === 'top_up'
        ? await createTopUp(process, { ...world.command, product: 'withholding' })
        : await createWithdrawal(process, world.command);
    if (isRefusal(payment)) throw new Error(payment.detail);
    made.set(name, payment);
  };

  /** What waits for its payer, what was charged, and what came back in either direction. */
  const makeLater = async () => {
    const world = await openWorld(tables, () => 'accepts', {
      decided: () => ({
        fees: (['member', 'institution'] as const).map((payer) => ({
          ...{ id: payer, institution: '*', product: 'withholding', payer, schedule: flatFee(5n) },
        })),
      }),
    });
    const process = world.seenBy(startProcess());
    const { institutionId } = world.command;
    const named = (reference: string) => ({ ...world.command, reference, operationId: reference });
    const quick = await expectMade(createTopUp(process, { ...named('QUICK'), product: 'quick_payment' }));
    const topUp = await expectMade(createTopUp(process, { ...named('IN'), product: 'withholding' }));
    const refund = { institutionId, paymentId: topUp.id, operationId: 'refund', reference: 'REFUND' };
    const payout = await expectMade(createWithdrawal(process, named('OUT')));
    const told = { channelTradeNo: 'B', returnedAt: new Date(), source: 'callback' } as const;
    made.set('waiting', quick);
    made.set('charged and refunded', topUp);
    made.set('refund', await expectMade(createRefund(process, refund)));
    made.set('sent back', payout);
    made.set(
      'return',
      await expectMade(returnPayout(process, { payoutId: payout.id, amount: payout.amount.amount, ...told })),
    );
  };

  beforeAll(async () => {
    tables = await createTables(client());
    ledger = { client: tables.client, name: tables.names.ledger };
    payments = { client: tables.client, name: tables.names.payments };
    await make('top-up', 'top_up', 'accepts');
    await make('failed top-up', 'top_up', 'refuses');
    await make('paid out', 'withdrawal', 'accepts');
    await make('under way', 'withdrawal', 'accepts_silently');
    await make('refused', 'withdrawal', 'refuses');
    await makeLater();
  });

  const payment = (name: string): Payment => {
    const found = made.get(name);
    if (!found) throw new Error(`there is no payment ${name}`);
    return found;
  };
  const look = async () => (await auditLedger(ledger, [checkPayments({ table: payments })])).findings;
  const changedPayment = async (name: string, facts: Item) => {
    const item = (await itemsOf(payments)).find((each) => each['id'] === payment(name).id);
    return (await whileTampered(payments, { written: [{ ...item, ...facts }] }, look)).map(placeIn);
  };
  const withLedger = async (tampering: Tampering) => (await whileTampered(ledger, tampering, look)).map(placeIn);
  const about = (code: string, name: string, step: 'success') => ({
    code,
    postingId: postingIdOf(payment(name).id, step),
    transactionId: payment(name).id,
  });

  test('agrees with payments in every state', async () => {
    expect([...made.values()].map(({ status }) => status)).toEqual([
      'succeeded',
      'failed',
      'succeeded',
      'processing',
      'failed',
      // as they were answered; three have changed since by what came after
      'created',
      'succeeded',
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(await look()).toEqual([]);
  });

  test('names a payment whose amount or fee is not what was booked, account by account', async () => {
    const { accountId, settlementAccountId } = payment('top-up');
    const differs = about('payment_differs', 'top-up', 'success');
    const byAmount = await changedPayment('top-up', { amount: 10_001n });
    expect(byAmount).toEqual(
      expect.arrayContaining([
        { ...differs, accountId },
        { ...differs, accountId: settlementAccountId },
      ]),
    );
    expect(await changedPayment('top-up', { fee: 0n })).toContainEqual({ ...differs, accountId: settlementAccountId });
    expect(await changedPayment('top-up', { accountingDate: '2026-01-01' })).toEqual([differs]);
    expect(await changedPayment('top-up', { balancesAfter: { available: 1n, frozen: 0n } })).toEqual([differs]);
  });

  test('names a payment whose state was changed, and the posting that it then lacks or has too many', async () => {
    const altered = (name: string) => ({ code: 'altered_payment', transactionId: payment(name).id });
    const lacking = await changedPayment('under way', { status: 'succeeded' });
    expect(lacking).toContainEqual(altered('under way'));
    expect(lacking).toContainEqual(about('posting_missing', 'under way', 'success'));
    const needless = await changedPayment('top-up', { status: 'processing' });
    expect(needless).toContainEqual(altered('top-up'));
    expect(needless.filter(({ code }) => code === 'payment_missing')).toHaveLength(2);
    const release = releasePosting(payment('refused')).id;
    expect(await changedPayment('refused', { status: 'succeeded' })).toContainEqual(
      expect.objectContaining({ code: 'payment_missing', postingId: release }),
    );
  });

  test('names an attribute that a payment has twice and that no longer agrees', async () => {
    for (const facts of [{ reference: 'other' }, { version: 7n }, { expectedDay: 'x' }, { channelOrderNo: 'x' }]) {
      expect(await changedPayment('failed top-up', facts)).toContainEqual({
        code: 'altered_payment',
        transactionId: payment('failed top-up').id,
      });
    }
  });

  test('names what of refunds, returns and charges does not add up', async () => {
    const altered = (name: string) => ({ code: 'altered_payment', transactionId: payment(name).id });
    expect(await changedPayment('charged and refunded', { refunded: 10_001n })).toEqual([
      altered('charged and refunded'),
    ]);
    expect(await changedPayment('charged and refunded', { status: 'succeeded' })).toEqual([
      altered('charged and refunded'),
    ]);
    expect(await changedPayment('return', { originalId: payment('waiting').id })).toContainEqual(altered('return'));
    expect(await changedPayment('refund', { originalId: undefined })).toContainEqual(altered('refund'));
    expect(await changedPayment('waiting', { product: 'payout' })).toContainEqual(altered('waiting'));

    const { id, accountId } = payment('charged and refunded');
    const uncharged = await changedPayment('charged and refunded', { charges: [] });
    for (const payer of ['member', 'institution'] as const) {
      const postingId = postingIdOf(id, `charge_${payer}`);
      expect(uncharged).toContainEqual(expect.objectContaining({ code: 'payment_missing', postingId }));
    }
    const dearer = [{ amount: 6n, payer: 'member' }];
    expect(await changedPayment('charged and refunded', { charges: dearer })).toContainEqual(
      expect.objectContaining({ code: 'payment_differs', accountId, postingId: postingIdOf(id, 'charge_member') }),
    );
  });

  test('names every posting of a payment that was removed', async () => {
    const { id } = payment('paid out');
    const item = (await itemsOf(payments)).find((each) => each['id'] === id);
    if (!item) throw new Error('the payment is gone');
    const found = await whileTampered(payments, { removed: [keyOf(item)] }, look);
    expect(found.map(({ code, transactionId }) => [code, transactionId])).toEqual(
      // the freeze moves one account, the capture two
      Array.from({ length: 3 }, () => ['payment_missing', id]),
    );
  });

  test('names the payment whose posting was removed from the ledger, whole or in part', async () => {
    const { id, accountId } = payment('under way');
    const postingId = freezePosting(payment('under way')).id;
    const entries = (await itemsOf(ledger)).filter((item) => item['postingId'] === postingId);
    expect(entries).toHaveLength(1);
    expect(await withLedger({ removed: entries.map(keyOf) })).toEqual([
      { code: 'posting_missing', postingId, transactionId: id },
    ]);
    const [entry = {}] = entries;
    const forged = resealed({ ...entry, changeFrozen: 1n, frozen: 1n });
    expect(await withLedger({ written: [forged] })).toEqual(
      expect.arrayContaining([
        { code: 'unbalanced_posting', postingId },
        { code: 'payment_differs', accountId, postingId, transactionId: id },
      ]),
    );
  });
});
