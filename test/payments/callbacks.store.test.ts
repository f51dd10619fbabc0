import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bareId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { callbackIdOf } from '../../functions/payments/callbacks/callback.ts';
import { readCallback, readMessage } from '../../functions/payments/callbacks/callback-store.ts';
import type { Contradiction, Look } from '../../functions/payments/callbacks/callbacks.ts';
import { findCallback, findCallbacks } from '../../functions/payments/callbacks/find-callbacks.ts';
import type { Reception } from '../../functions/payments/callbacks/receive-callback.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { sweepUnfinished } from '../../functions/payments/open/sweep-unfinished.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { paymentIdOf } from '../../functions/payments/payment.ts';
import { readPayment } from '../../functions/payments/payment-store.ts';
import { engines } from '../support/engines.ts';
import { findingsIn } from './audited.ts';
import { comesBack, earOf, failure, success } from './callbacks-world.ts';
import { Crash, type Process, startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { made } from './made.ts';
import { createTables, openWorld, type Tables, type World } from './payment-world.ts';

const quiet: Process = { call: (act) => act(), calls: () => 0 };

const openTopUp = ({ command, seenBy }: World) =>
  made(createTopUp(seenBy(quiet), { ...command, product: 'withholding' }));

const openPayout = ({ command, seenBy }: World) => made(createWithdrawal(seenBy(quiet), command));

const heard = (reception: Reception) => {
  if (reception.outcome !== 'heard') throw new Error(reception.outcome);
  return reception;
};

describe.each(engines)('a message of a channel on $name', (engine) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });
  afterAll(async () => {
    expect(await findingsIn(tables)).toEqual([]);
  });

  const worldOf = (mannerOf: (channel: string) => Manner) => openWorld(tables, mannerOf);

  test('ends the payment that it speaks of, is kept as it came, and is answered in the words of the channel', async () => {
    const world = await worldOf(() => 'accepts_silently');
    const payment = await openTopUp(world);
    expect(payment.status).toBe('processing');
    const ear = earOf(world.seenBy(quiet), quiet);
    const messageId = `done-${payment.id}`;
    const { callback, answer, repeated } = heard(
      await ear.hear({ messageId, events: [success(payment)] }, payment.channel),
    );
    expect(answer).toEqual({ contentType: 'text/plain', body: 'SUCCESS' });
    expect(repeated).toBe(false);
    expect(callback).toMatchObject({ state: 'handled', outcomes: [{ outcome: 'booked', paymentId: payment.id }] });
    const ended = await world.payment();
    expect(ended).toMatchObject({ status: 'succeeded', channelTradeNo: `T-${payment.channelOrderNo}` });
    expect(ended?.history.at(-1)).toMatchObject({ event: 'succeed', source: 'callback' });
    const message = await readMessage(world.seenBy(quiet).table, callback.id);
    expect(message?.headers).toEqual({ 'x-signed': 'by the channel' });
    expect(JSON.parse(message?.body ?? '').messageId).toBe(messageId);
  });

  test('is heard once: again, it is answered and changes nothing', async () => {
    const world = await worldOf(() => 'accepts_silently');
    const payment = await openTopUp(world);
    const ear = earOf(world.seenBy(quiet), quiet);
    const told = { messageId: `twice-${payment.id}`, events: [success(payment)] };
    await ear.hear(told, payment.channel);
    const after = { balances: await world.balances(), payment: await world.payment() };
    const again = heard(await ear.hear(told, payment.channel));
    expect(again).toMatchObject({ repeated: true, answer: { body: 'SUCCESS' } });
    expect({ balances: await world.balances(), payment: await world.payment() }).toEqual(after);
    // another message that tells the same finds it told
    const anew = heard(await ear.hear({ ...told, messageId: `${told.messageId}-anew` }, payment.channel));
    expect(anew.callback).toMatchObject({ state: 'handled', outcomes: [{ outcome: 'known' }] });
    expect({ balances: await world.balances(), payment: await world.payment() }).toEqual(after);
  });

  test('that nobody has signed leaves nothing behind', async () => {
    const world = await worldOf(() => 'accepts_silently');
    const payment = await openTopUp(world);
    const ear = earOf(world.seenBy(quiet), quiet);
    const messageId = `forged-${payment.id}`;
    expect(await ear.hear({ messageId, events: [success(payment)], signed: false }, payment.channel)).toEqual({
      outcome: 'rejected',
      reason: 'wrong_signature',
    });
    expect(await readCallback(ear.callbacks.table, callbackIdOf(payment.channel, messageId))).toBeUndefined();
    expect((await world.payment())?.status).toBe('processing');
  });

  test('in words that we do not know is kept for people, once', async () => {
    const world = await worldOf(() => 'accepts');
    const ear = earOf(world.seenBy(quiet), quiet);
    const told = { messageId: `strange-${world.command.operationId}`, events: [], readable: false };
    const first = await ear.hear(told);
    const second = await ear.hear(told);
    if (first.outcome !== 'unreadable') throw new Error(first.outcome);
    expect(first.repeated).toBe(false);
    expect(second).toEqual({ outcome: 'unreadable', id: first.id, repeated: true });
    const found = await findCallback(ear.callbacks, first.id);
    expect(found).toMatchObject({ callback: { state: 'unreadable' }, message: { body: expect.any(String) } });
    const listed = await findCallbacks(ear.callbacks, { state: 'unreadable', limit: 200 });
    expect(listed.items.map(({ id }) => id)).toContain(first.id);
  });

  describe('that contradicts the books', () => {
    test('with a success after a failure moves nothing and is noted on the payment, once', async () => {
      const world = await worldOf(() => 'refuses');
      const payment = await openTopUp(world);
      expect(payment.status).toBe('failed');
      const before = await world.balances();
      const ear = earOf(world.seenBy(quiet), quiet);
      for (const messageId of [`late-${payment.id}`, `later-${payment.id}`]) {
        const { callback } = heard(await ear.hear({ messageId, events: [success(payment)] }, payment.channel));
        expect(callback).toMatchObject({
          state: 'contradicting',
          outcomes: [{ outcome: 'contradicting', reason: 'failed_here', paymentId: payment.id }],
        });
      }
      const after = await world.payment();
      expect(after?.status).toBe('failed');
      expect(after?.history.filter(({ event }) => event === 'contradict')).toEqual([
        expect.objectContaining({
          source: 'callback',
          claim: 'succeeded',
          channelOrderNo: payment.channelOrderNo,
        }),
      ]);
      expect(await world.balances()).toEqual(before);
      const listed = await findCallbacks(ear.callbacks, { state: 'contradicting', limit: 200 });
      expect(listed.items.map(({ messageId }) => messageId)).toContain(`late-${payment.id}`);
    });

    test('becomes a difference: told again until the statement of its day is done with', async () => {
      const world = await worldOf(() => 'refuses');
      const payment = await openTopUp(world);
      const told: Contradiction[] = [];
      const answers = ['later', 'later', 'told'] as const;
      const ear = earOf(world.seenBy(quiet), quiet, [], (contradiction) => {
        told.push(contradiction);
        return answers[told.length - 1] ?? 'told';
      });
      const event = success(payment);
      const { callback } = heard(await ear.hear({ messageId: `late-${payment.id}`, events: [event] }, payment.channel));
      expect(callback).toMatchObject({
        state: 'received',
        outcomes: [{ outcome: 'waiting', reason: 'statement_at_work' }],
      });
      await ear.lookUntilQuiet();
      expect(await readCallback(world.seenBy(quiet).table, callback.id)).toMatchObject({
        state: 'contradicting',
        outcomes: [{ outcome: 'contradicting', reason: 'failed_here' }],
      });
      const { channelOrderNo } = payment;
      expect(told).toHaveLength(answers.length);
      expect(told.at(-1)).toMatchObject({ paymentId: payment.id, channelOrderNo, claim: 'succeeded' });
      const noted = (await world.payment())?.history.filter((change) => change.event === 'contradict');
      expect(noted).toHaveLength(1);
    });

    test('with a failure after a success moves nothing and is noted on the payment', async () => {
      const world = await worldOf(() => 'accepts');
      const payment = await openPayout(world);
      const before = await world.balances();
      const ear = earOf(world.seenBy(quiet), quiet);
      const { callback } = heard(
        await ear.hear({ messageId: `no-${payment.id}`, events: [failure(payment)] }, payment.channel),
      );
      expect(callback).toMatchObject({ state: 'contradicting', outcomes: [{ reason: 'succeeded_here' }] });
      const after = await world.payment();
      expect(after?.status).toBe('succeeded');
      expect(after?.history.at(-1)).toMatchObject({ event: 'contradict', claim: 'failed' });
      expect(await world.balances()).toEqual(before);
    });

    test('with a success of the attempt that was left behind is noted, while a refusal of it is known', async () => {
      const first: { channel?: string } = {};
      const world = await worldOf((channel) => {
        first.channel ??= channel;
        return channel === first.channel ? 'refuses_here' : 'accepts_silently';
      });
      const payment = await openTopUp(world);
      const left = payment.history.find(({ abandoned }) => abandoned)?.abandoned;
      if (!left) throw new Error('nothing was left behind');
      const order = { ...payment, ...left };
      const ear = earOf(world.seenBy(quiet), quiet);
      const known = heard(await ear.hear({ messageId: `a-${payment.id}`, events: [failure(order)] }, left.channel));
      expect(known.callback).toMatchObject({ state: 'handled', outcomes: [{ outcome: 'known' }] });
      const moved = heard(await ear.hear({ messageId: `b-${payment.id}`, events: [success(order)] }, left.channel));
      expect(moved.callback).toMatchObject({ state: 'contradicting', outcomes: [{ reason: 'left_behind' }] });
      const after = await world.payment();
      expect(after?.status).toBe('processing');
      expect(after?.history.at(-1)).toMatchObject({
        event: 'contradict',
        claim: 'succeeded',
        channelOrderNo: left.channelOrderNo,
      });
      // and the attempt that is under way ends as ever
      await world.deliverAll(world.seenBy(quiet));
      expect((await world.payment())?.status).toBe('succeeded');
    });

    test('with another number of theirs, or another amount that came back, moves nothing', async () => {
      const world = await worldOf(() => 'accepts');
      const payment = await openPayout(world);
      const before = await world.balances();
      const ear = earOf(world.seenBy(quiet), quiet);
      const { callback } = heard(
        await ear.hear(
          {
            messageId: `odd-${payment.id}`,
            events: [success(payment, 'T-OTHER'), comesBack(payment, money(9_999n, 'CNY'))],
          },
          payment.channel,
        ),
      );
      expect(callback.state).toBe('contradicting');
      expect(callback.outcomes.map(({ reason }) => reason)).toEqual(['other_trade_number', 'amount_mismatch']);
      expect(await world.balances()).toEqual(before);
    });
  });

  describe('that belongs to no payment', () => {
    test('is answered, waited for and then left to people', async () => {
      const world = await worldOf(() => 'accepts');
      const looks: Look[] = [];
      const ear = earOf(world.seenBy(quiet), quiet, looks);
      const events = [
        success({
          kind: 'top_up',
          merchantNo: 'NOBODY',
          channelOrderNo: 'X'.repeat(27),
          amount: money(1n, 'CNY'),
        }),
      ];
      const messageId = `stray-${world.command.operationId}`;
      const { callback, answer } = heard(await ear.hear({ messageId, events }));
      expect(answer.body).toBe('SUCCESS');
      expect(callback).toMatchObject({ state: 'received', outcomes: [{ outcome: 'waiting' }] });
      await ear.lookUntilQuiet();
      const left = await readCallback(ear.callbacks.table, callback.id);
      expect(left).toMatchObject({
        state: 'unmatched',
        outcomes: [{ outcome: 'unmatched', reason: 'unknown_order' }],
        version: 7,
      });
      const listed = await findCallbacks(ear.callbacks, { state: 'unmatched', limit: 200 });
      expect(listed.items.map(({ id }) => id)).toContain(callback.id);
    });

    test('finds it when it comes after all', async () => {
      const world = await worldOf(() => 'accepts_silently');
      const looks: Look[] = [];
      const payments = world.seenBy(quiet);
      const ear = earOf(payments, quiet, looks);
      const id = paymentIdOf(world.command.institutionId, world.command.reference);
      const coming = {
        kind: 'top_up' as const,
        merchantNo: bareId(idFrom('acct', 'sandbox-wallet', world.command.institutionId)),
        channelOrderNo: `${id.slice('pay_'.length)}1`,
        amount: world.command.amount,
      };
      const messageId = `early-${id}`;
      const { callback } = heard(await ear.hear({ messageId, events: [success(coming)] }));
      expect(callback.state).toBe('received');
      expect(looks).toHaveLength(1);
      await openTopUp(world);
      await ear.lookUntilQuiet();
      expect((await readCallback(ear.callbacks.table, callback.id))?.state).toBe('handled');
      expect((await world.payment())?.status).toBe('succeeded');
    });

    test('since it went elsewhere, or was another kind of order, changes nothing', async () => {
      const world = await worldOf(() => 'accepts_silently');
      const payment = await openTopUp(world);
      const ear = earOf(world.seenBy(quiet), quiet);
      const { callback } = heard(
        await ear.hear(
          {
            messageId: `elsewhere-${payment.id}`,
            events: [success({ ...payment, merchantNo: 'OTHER' }), success({ ...payment, kind: 'withdrawal' })],
          },
          payment.channel,
        ),
      );
      expect(callback.state).toBe('unmatched');
      expect(callback.outcomes.map(({ reason }) => reason)).toEqual(['wrong_merchant', 'wrong_kind']);
      const other = payment.channel === 'sandbox-wallet' ? 'sandbox-bank' : 'sandbox-wallet';
      const foreign = heard(await ear.hear({ messageId: `foreign-${payment.id}`, events: [success(payment)] }, other));
      expect(foreign.callback.outcomes).toMatchObject([{ outcome: 'unmatched', reason: 'wrong_merchant' }]);
      expect((await world.payment())?.status).toBe('processing');
    });
  });

  test('with many events acts on each, and one that can not be booked holds up no other', async () => {
    const world = await worldOf(() => 'accepts_silently');
    const payments = world.seenBy(quiet);
    const references = ['A', 'B', 'C'];
    const three = await Promise.all(
      references.map((reference) =>
        made(
          createWithdrawal(payments, {
            ...world.command,
            amount: money(1_000n, 'CNY'),
            reference,
            operationId: `operation-${reference}`,
          }),
        ),
      ),
    );
    const ear = earOf(payments, quiet);
    const [first, second, third] = three;
    if (!first || !second || !third) throw new Error('three were made');
    const messageId = `many-${first.id}`;
    const told = { messageId, events: [success(first), failure(second), success(third), comesBack(third)] };
    const faulty = earOf({ ...payments, table: failingFor(payments.table, second.id) }, quiet);
    await expect(faulty.hear(told, first.channel)).rejects.toThrow('1 of 3 failed');
    const statusOf = async ({ id }: Payment) => (await readPayment(payments.table, id))?.status;
    expect(await Promise.all(three.map(statusOf))).toEqual(['succeeded', 'processing', 'returned']);
    const { callback } = heard(await ear.hear(told, first.channel));
    expect(callback.state).toBe('handled');
    expect(await Promise.all(three.map(statusOf))).toEqual(['succeeded', 'failed', 'returned']);
  });

  test('is acted on whatever call dies, once it is told again', async () => {
    const tell = async (world: World, payment: Payment, process: Process, looks: Look[]) =>
      earOf(world.seenBy(process), process, looks).hear(
        { messageId: `struck-${payment.id}`, events: [success(payment), comesBack(payment)] },
        payment.channel,
      );
    const measured = await worldOf(() => 'accepts_silently');
    const whole = startProcess();
    await tell(measured, await openPayout(measured), whole, []);
    const expected = await measured.balances();
    expect(whole.calls()).toBeGreaterThan(8);
    for (let call = 1; call <= whole.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        const world = await worldOf(() => 'accepts_silently');
        const payment = await openPayout(world);
        const looks: Look[] = [];
        await tell(world, payment, startProcess({ call, blow }), looks).catch((error: unknown) => {
          const faults = error instanceof AggregateError ? error.errors : [error];
          if (!faults.every((fault) => fault instanceof Crash)) throw error;
        });
        const again = heard(await tell(world, payment, quiet, looks));
        expect([call, blow, again.callback.state]).toEqual([call, blow, 'handled']);
        expect([call, blow, await world.balances()]).toEqual([call, blow, expected]);
        expect((await world.payment())?.status).toBe('returned');
      }
    }
  });

  test('the follow-up and the sweep end the books alike, in whatever order they come', async () => {
    const steps = ['success', 'success again', 'return', 'return again', 'follow-up', 'looks'] as const;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...steps], { minLength: steps.length }), async (order) => {
        const world = await worldOf(() => 'accepts_silently');
        const payment = await openPayout(world);
        const payments = world.seenBy(quiet);
        const looks: Look[] = [];
        const ear = earOf(payments, quiet, looks);
        const tell = (messageId: string, event: ReturnType<typeof success>) =>
          ear.hear({ messageId: `${messageId}-${payment.id}`, events: [event] }, payment.channel);
        const act: Record<(typeof steps)[number], () => Promise<unknown>> = {
          success: () => tell('s1', success(payment)),
          'success again': () => tell('s2', success(payment)),
          return: () => tell('r1', comesBack(payment)),
          'return again': () => tell('r2', comesBack(payment)),
          'follow-up': () => world.deliverDue(payments),
          looks: () => ear.lookUntilQuiet(),
        };
        for (const step of order) await act[step]();
        await ear.lookUntilQuiet();
        await world.deliverAll(payments);
        // a return that came so early that nobody waited for its payout any more is found by the sweep
        await sweepUnfinished({
          ...{ table: payments.table, looks: ear.callbacks.looks, followUps: payments.followUps },
          clock: () => new Date(Date.now() + 2 * 3_600_000),
          batchQueue: { send: async () => {} },
        });
        await ear.lookUntilQuiet();
        expect((await world.payment())?.status).toBe('returned');
        expect(await world.balances()).toMatchObject({ available: 30_000n, frozen: 0n });
      }),
      { numRuns: 10 },
    );
  });
});

type Send = Table['client']['send'];

/** Every read of one payment fails. */
function failingFor(table: Table, id: string): Table {
  const send = async (command: Parameters<Send>[0]) => {
    if (JSON.stringify(command.input).includes(`PAYMENT#${id}`)) throw new Error('the disk is gone');
    return table.client.send(command);
  };
  return { ...table, client: { send: send as Send } }; // `send` has overloads for callbacks, which nobody here uses
}
