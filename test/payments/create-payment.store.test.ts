import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { bareId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { changeAccount } from '../../functions/ledger/change-account.ts';
import { unbindCard } from '../../functions/parties/unbind-card.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { followUpPayment } from '../../functions/payments/follow-up-payment.ts';
import { channelOrderNoOf } from '../../functions/payments/payment.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { completeFromStatement, failFromStatement } from '../../functions/payments/settle-from-statement.ts';
import { fixedChannels } from '../../local/simulation/fixed-channels.ts';
import { engines } from '../support/engines.ts';
import { startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { amount, createTables, funded, openWorld, type Tables, type World } from './payment-world.ts';

const topUp = (payments: Payments, command: World['command']) =>
  createTopUp(payments, { ...command, product: 'withholding' });

const unbind = ({ parties, commit, clock }: Payments, { institutionId, bindingId: id }: World['command']) =>
  unbindCard({ ...parties, commit, clock }, { institutionId, id, operationId: 'unbinding' });

describe.each(engines)('making a payment on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  const open = async (manner: Manner = 'accepts', bank: Manner = manner) => {
    const world = await openWorld(tables, (channel) => (channel === 'sandbox-bank' ? bank : manner));
    return { ...world, payments: world.seenBy(startProcess()) };
  };
  const untouched = { available: funded, frozen: 0n, pending: funded, fees: 0n };

  test('calls the channel under our order number, with the agreement of the card', async () => {
    const { payments, command, channel } = await open();
    const payment = await topUp(payments, command);
    if (isRefusal(payment)) throw new Error(payment.refused);
    expect(channel.arrived()).toEqual([
      {
        channel: 'sandbox-wallet',
        merchantNo: payment.merchantNo,
        channelOrderNo: channelOrderNoOf(payment.id, 1),
        amount,
        callbackUrl: 'https://center.example/v1/channels/sandbox-wallet/callbacks',
        agreementNo: 'agreed-sandbox-wallet',
        product: 'withholding',
      },
    ]);
    expect(payment).toMatchObject({ status: 'succeeded', channelTradeNo: `T-${payment.channelOrderNo}` });
  });

  test('answers with the balances that it left, of an account of several slots as well', async () => {
    const { payments, command } = await open();
    const left = { available: funded + amount.amount, frozen: 0n };
    expect(await topUp(payments, command)).toMatchObject({ balancesAfter: left });
    const terms = { slots: 3 };
    const change = {
      accountId: command.accountId,
      operationId: bareId(idFrom('post', 'slots', command.accountId)),
      terms,
    };
    await changeAccount(payments.ledger, { ...change, by: 'operator:ops', reason: 'busy' });
    const again = { ...command, reference: 'ORDER-2', operationId: 'again' };
    const more = { available: left.available + amount.amount, frozen: 0n };
    expect(await topUp(payments, again)).toMatchObject({ balancesAfter: more });
  });

  test('goes to the next channel only when the first one refuses for itself', async () => {
    const rerouted = await open('refuses_here', 'accepts');
    const payment = await topUp(rerouted.payments, rerouted.command);
    expect(payment).toMatchObject({ status: 'succeeded', channel: 'sandbox-bank', attempt: 2 });
    expect(await rerouted.payment()).toMatchObject({ channel: 'sandbox-bank', attempt: 2 });

    for (const manner of ['refuses', 'accepts_silently', 'loses'] as const) {
      const other = await open(manner, 'accepts');
      await topUp(other.payments, other.command);
      expect(other.channel.arrived().map((order) => order.channel)).toEqual(['sandbox-wallet']);
    }
  });

  test('fails when the last channel refuses as well, with its reason', async () => {
    const { payments, command } = await open('refuses_here');
    const failure = { code: 'refused', reason: 'not_today' };
    expect(await topUp(payments, command)).toMatchObject({ status: 'failed', attempt: 2, failure });
  });

  test('refuses a reference that another request has used, and names its transaction', async () => {
    const { payments, command, payment } = await open();
    await topUp(payments, command);
    const again = await createWithdrawal(payments, { ...command, operationId: 'another' });
    expect(again).toMatchObject({ refused: 'reference_taken' });
    expect(isRefusal(again) && again.detail).toContain((await payment())?.id);
  });

  test('lets one of many rivals for a reference through', async () => {
    const world = await open();
    const rivals = Array.from({ length: 8 }, (_, place) =>
      createWithdrawal(world.payments, {
        ...world.command,
        operationId: `rival-${place}`,
        amount: money(BigInt(place + 1), 'CNY'),
      }),
    );
    const answers = await Promise.all(rivals);
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(answers.filter((answer) => isRefusal(answer) && answer.refused === 'reference_taken')).toHaveLength(7);
    const paid = (await world.payment())?.amount.amount ?? 0n;
    expect(await world.balances()).toMatchObject({ available: funded - paid, frozen: 0n });
  });

  test('answers a repeated operation with what the first one made', async () => {
    const { payments, command, channel } = await open();
    const first = await topUp(payments, command);
    expect(await topUp(payments, command)).toEqual(first);
    expect(channel.arrived()).toHaveLength(1);
  });

  test('asks the channel before it hands an order over again', async () => {
    const { payments, command, channel } = await open('accepts_silently');
    expect(await topUp(payments, command)).toMatchObject({ status: 'processing' });
    expect(await topUp(payments, command)).toMatchObject({ status: 'succeeded' });
    expect(channel.arrived()).toHaveLength(1);
  });

  test('stores nothing and calls nobody when the balance does not cover a withdrawal', async () => {
    const world = await open();
    const tooMuch = { ...world.command, amount: money(funded + 1n, 'CNY') };
    expect(await createWithdrawal(world.payments, tooMuch)).toMatchObject({ refused: 'insufficient_funds' });
    expect(await world.payment()).toBeUndefined();
    expect(world.channel.arrived()).toEqual([]);
    expect(await world.balances()).toEqual(untouched);
  });

  test('never pays out more than there is, however many ask at once', async () => {
    const world = await open();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, place) =>
        createWithdrawal(world.payments, { ...world.command, operationId: `op-${place}`, reference: `W-${place}` }),
      ),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(3);
    expect(await world.balances()).toMatchObject({ available: 0n, frozen: 0n });
  });

  test.each([
    ['not_found', 'an account that is not there', { accountId: idFrom('acct', 'nobody') }],
    ['not_found', 'a card that is not bound', { bindingId: idFrom('bind', 'nothing') }],
    ['institution_not_active', 'an institution that is not there', { institutionId: idFrom('inst', 'nobody') }],
    ['currency_mismatch', 'another currency than the account has', { amount: money(1n, 'USD') }],
  ] as const)('answers %s to %s', async (refused, _, wrong) => {
    const world = await open();
    expect(await topUp(world.payments, { ...world.command, ...wrong })).toMatchObject({ refused });
    expect(world.channel.arrived()).toEqual([]);
  });

  test('does not show or use what belongs to another institution', async () => {
    const [world, other] = [await open(), await open()];
    const foreignAccount = { ...world.command, accountId: other.command.accountId };
    expect(await topUp(world.payments, foreignAccount)).toMatchObject({ refused: 'not_found' });
    const foreignCard = { ...world.command, bindingId: other.command.bindingId };
    expect(await topUp(world.payments, foreignCard)).toMatchObject({ refused: 'not_found' });
  });

  test('needs a card that is bound, and a channel for it', async () => {
    const { payments, command } = await open();
    const channels = fixedChannels({ ...payments.channels, decided: { channels: [] } });
    expect(await topUp({ ...payments, channels }, command)).toMatchObject({ refused: 'no_channel_available' });
    await unbind(payments, command);
    expect(await topUp(payments, command)).toMatchObject({ refused: 'binding_not_active' });
  });

  test('carries on after a crash although the card was unbound since: the follow-up ends it', async () => {
    const world = await open('loses');
    await topUp(world.payments, world.command);
    await unbind(world.payments, world.command);
    expect(await topUp(world.payments, world.command)).toMatchObject({ status: 'processing' });
    await world.deliverAll(world.payments);
    expect(await world.payment()).toMatchObject({ status: 'failed', failure: { code: 'not_executed' } });
  });

  describe('and following it up', () => {
    const outcomeOf = (payments: Payments, followUp: { attempt: number; check: number }, id = idFrom('pay', 'none')) =>
      followUpPayment(payments, { paymentId: id, ...followUp });

    test('gives up a payment that was never stored only after several checks', async () => {
      const { payments } = await open();
      expect(await outcomeOf(payments, { attempt: 1, check: 1 })).toBe('requeued');
      expect(await outcomeOf(payments, { attempt: 1, check: payments.schedule.checksForMissing })).toBe('never_stored');
    });

    test('leaves a payment to its statement after the last check, and its money frozen', async () => {
      const world = await open('accepts_silently');
      const payment = await createWithdrawal(world.payments, world.command);
      if (isRefusal(payment)) throw new Error(payment.refused);
      const channels = fixedChannels({ ...world.payments.channels, decided: { channels: [] } });
      const deaf = { ...world.payments, channels };
      const check = world.payments.schedule.maximumChecks;
      expect(await outcomeOf(deaf, { attempt: 1, check: check - 1 }, payment.id)).toBe('requeued');
      expect(await outcomeOf(deaf, { attempt: 1, check }, payment.id)).toBe('left_to_statement');
      expect(await world.balances()).toMatchObject({ available: funded - amount.amount, frozen: amount.amount });
    });

    test('leaves a later attempt to its own message', async () => {
      const world = await open('refuses_here', 'accepts_silently');
      const payment = await topUp(world.payments, world.command);
      if (isRefusal(payment)) throw new Error(payment.refused);
      expect(await outcomeOf(world.payments, { attempt: 1, check: 1 }, payment.id)).toBe('superseded');
      expect(await outcomeOf(world.payments, { attempt: 3, check: 1 }, payment.id)).toBe('requeued');
      expect(await outcomeOf(world.payments, { attempt: 2, check: 1 }, payment.id)).toBe('settled');
      expect(await world.payment()).toMatchObject({ status: 'succeeded', channel: 'sandbox-bank' });
    });
  });

  describe('and the statement that tells of it', () => {
    const completedAt = new Date('2026-03-01T04:00:00Z');
    // a file may tell of a payment under another day than its line names
    const statementDay = '2026-03-02' as AccountingDate; // a real day

    test('completes an open payment once, for the day of the statement, whatever day its line names', async () => {
      const world = await open('accepts_silently');
      const payment = await createWithdrawal(world.payments, world.command);
      if (isRefusal(payment)) throw new Error(payment.refused);
      const facts = { paymentId: payment.id, channelTradeNo: 'T-9', completedAt, statementDay };
      const both = await Promise.all([0, 1].map(() => completeFromStatement(world.payments, facts)));
      for (const completed of both) {
        expect(completed).toMatchObject({ status: 'succeeded', channelTradeNo: 'T-9', statementDay });
      }
      await world.deliverAll(world.payments);
      expect(await world.balances()).toMatchObject({ available: funded - amount.amount, frozen: 0n });
    });

    test('fails an open payment, and gives the frozen amount back', async () => {
      const world = await open('loses');
      const payment = await createWithdrawal(world.payments, world.command);
      if (isRefusal(payment)) throw new Error(payment.refused);
      const facts = { paymentId: payment.id, reason: 'the channel never had it' };
      expect(await failFromStatement(world.payments, facts)).toMatchObject({ status: 'failed' });
      expect(await world.balances()).toEqual(untouched);
      const late = { paymentId: payment.id, channelTradeNo: 'T-9', completedAt, statementDay };
      expect(await completeFromStatement(world.payments, late)).toMatchObject({ refused: 'payment_failed' });
      expect(await world.balances()).toEqual(untouched);
    });

    test.each(['top_up', 'withdrawal'])('lets one of two contrary proofs win (%s)', async (kind) => {
      const make = kind === 'top_up' ? topUp : createWithdrawal;
      for (let round = 0; round < 8; round++) {
        const world = await open('loses');
        const payment = await make(world.payments, world.command);
        if (isRefusal(payment)) throw new Error(payment.refused);
        const { id: paymentId } = payment;
        const proofs = await Promise.all([
          completeFromStatement(world.payments, { paymentId, channelTradeNo: 'T-9', completedAt, statementDay }),
          failFromStatement(world.payments, { paymentId, reason: 'never had it' }),
        ]);
        expect(proofs.filter(isRefusal)).toHaveLength(1);
        const booked = (await world.payment())?.status === 'succeeded' ? amount.amount : 0n;
        const available = funded + (kind === 'top_up' ? booked : -booked);
        expect(await world.balances()).toMatchObject({ available, frozen: 0n });
      }
    });

    test('proves nothing about another attempt, or about a payment that is not there', async () => {
      const world = await open('refuses_here', 'accepts_silently');
      const payment = await topUp(world.payments, world.command);
      if (isRefusal(payment)) throw new Error(payment.refused);
      const facts = { paymentId: payment.id, channelTradeNo: 'T-9', completedAt, statementDay };
      const first = { ...facts, channelOrderNo: channelOrderNoOf(payment.id, 1) };
      expect(await completeFromStatement(world.payments, first)).toMatchObject({ refused: 'order_superseded' });
      const nobody = { ...facts, paymentId: idFrom('pay', 'none') };
      expect(await completeFromStatement(world.payments, nobody)).toMatchObject({ refused: 'not_found' });
      expect(await completeFromStatement(world.payments, facts)).toMatchObject({ status: 'succeeded' });
      expect(await failFromStatement(world.payments, { ...facts, reason: '' })).toMatchObject({
        refused: 'payment_succeeded',
      });
    });
  });
});
