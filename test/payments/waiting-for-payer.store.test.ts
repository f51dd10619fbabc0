import { beforeAll, describe, expect, test } from '@jest/globals';
import { idFrom } from '../../functions/kernel/ids.ts';
import { confirmTopUp } from '../../functions/payments/confirm-top-up.ts';
import { createTopUp } from '../../functions/payments/create-payment.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { engines } from '../support/engines.ts';
import { startProcess } from './crash.ts';
import { type Manner, rightCode } from './fake-channel.ts';
import { made } from './made.ts';
import { amount, createTables, funded, openWorld, type Tables, type World } from './payment-world.ts';

const topUp = { available: funded + amount.amount, frozen: 0n };
const untouched = { available: funded, frozen: 0n, pending: funded, fees: 0n };

describe.each(engines)('a top-up that waits for its payer on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  const open = async (manner: Manner = 'accepts', bank: Manner = manner) => {
    let now = Date.now();
    const world = await openWorld(tables, (channel) => (channel === 'sandbox-bank' ? bank : manner), {
      clock: () => new Date(now),
    });
    const payments = world.seenBy(startProcess());
    const pass = (seconds: number) => {
      now += seconds * 1_000;
    };
    return { ...world, payments, pass };
  };
  type Opened = Awaited<ReturnType<typeof open>>;
  const current = async ({ payment }: World): Promise<Payment> => {
    const found = await payment();
    if (!found) throw new Error('there is no payment');
    return found;
  };
  const calls = ({ history }: Payment) => history.map(({ event, call }) => [event, call?.operation, call?.outcome]);

  describe('for the code that its channel sent (quick payment)', () => {
    const quick = ({ payments, command }: Opened) =>
      made(createTopUp(payments, { ...command, product: 'quick_payment' }));
    const confirm = (payments: Payments, { institutionId, id }: Payment, code = rightCode) =>
      confirmTopUp(payments, { institutionId, id, code });

    test('asks for the code and moves nothing, and is booked when the code is right', async () => {
      const world = await open();
      const created = await quick(world);
      expect(created).toMatchObject({ status: 'created', action: { type: 'code' } });
      expect(created.expiresAt).toEqual(new Date(created.createdAt.getTime() + 600_000));
      expect(await world.balances()).toEqual(untouched);
      const confirmed = await made(confirm(world.payments, created));
      expect(confirmed).toMatchObject({ status: 'succeeded', channelTradeNo: `T-${created.channelOrderNo}` });
      expect(calls(confirmed)).toEqual([
        ['wait', 'collect', 'awaiting_payer'],
        ['try_code', undefined, undefined],
        ['succeed', 'confirm', 'succeeded'],
      ]);
      expect(confirmed).not.toHaveProperty('action');
      expect(await world.balances()).toMatchObject(topUp);
      await world.deliverAll(world.payments);
      expect(await world.balances()).toMatchObject(topUp);
    });

    test('takes a right code after a wrong one, and answers what it was when confirmed again', async () => {
      const world = await open();
      const created = await quick(world);
      expect(await confirm(world.payments, created, '000000')).toMatchObject({ refused: 'wrong_code' });
      expect(await current(world)).toMatchObject({ status: 'created', action: { type: 'code' } });
      expect(await confirm(world.payments, created)).toMatchObject({ status: 'succeeded' });
      expect(await confirm(world.payments, created, '000000')).toMatchObject({ status: 'succeeded' });
      expect(await world.balances()).toMatchObject(topUp);
    });

    test('takes five codes and no sixth, however many come at once', async () => {
      const world = await open();
      const created = await quick(world);
      const codes = Array.from({ length: 12 }, (_, place) => `0000${10 + place}`);
      const answers = await Promise.all(codes.map((code) => confirm(world.payments, created, code)));
      const refusals = answers.map((answer) => ('refused' in answer ? answer.refused : answer.status));
      expect(refusals.filter((code) => code === 'wrong_code')).toHaveLength(5);
      expect(refusals.filter((code) => code === 'too_many_codes')).toHaveLength(7);
    });

    test('takes five codes and no sixth, and is closed at the channel when its time is over', async () => {
      const world = await open();
      const created = await quick(world);
      for (let tries = 0; tries < 5; tries++) {
        expect(await confirm(world.payments, created, `00000${tries}`)).toMatchObject({ refused: 'wrong_code' });
      }
      expect(await confirm(world.payments, created)).toMatchObject({ refused: 'too_many_codes' });
      world.pass(601);
      await world.deliverAll(world.payments);
      expect(await current(world)).toMatchObject({ status: 'failed', failure: { code: 'expired' } });
      expect(await world.balances()).toEqual(untouched);
    });

    test('takes no code when its time is over', async () => {
      const world = await open();
      const created = await quick(world);
      world.pass(600);
      expect(await confirm(world.payments, created)).toMatchObject({ refused: 'code_expired' });
      expect(world.channel.carriedOut()).toEqual([]);
    });

    test('waits for the follow-up where the channel says nothing to the code', async () => {
      const world = await open('accepts_silently');
      const created = await quick(world);
      expect(created).toMatchObject({ status: 'created' });
      expect(created).not.toHaveProperty('action');
      // the same request again is told what the payer has to do only where the channel answers
      expect(await confirm(world.payments, created)).toMatchObject({ refused: 'nothing_to_confirm' });

      const answering = await open();
      const waiting = await quick(answering);
      const deaf = { ...answering.payments.channels.adapters.sandbox, confirmCollect: silently(answering) };
      const channels = { ...answering.payments.channels, adapters: { sandbox: deaf as never } }; // all of an adapter
      const confirmed = await made(confirm({ ...answering.payments, channels }, waiting));
      expect(confirmed).toMatchObject({ status: 'processing' });
      expect(await answering.balances()).toEqual(untouched);
      await answering.deliverAll(answering.payments);
      expect(await current(answering)).toMatchObject({ status: 'succeeded' });
      expect(await answering.balances()).toMatchObject(topUp);
    });

    test('is booked once by many confirmations at once', async () => {
      const world = await open();
      const created = await quick(world);
      const answers = await Promise.all(Array.from({ length: 5 }, () => made(confirm(world.payments, created))));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'succeeded'));
      expect(await world.balances()).toMatchObject(topUp);
    });

    test("is not found by others, and another kind's is none", async () => {
      const [world, other] = [await open(), await open()];
      const created = await quick(world);
      const { institutionId } = other.command;
      const foreign = await confirmTopUp(world.payments, { institutionId, id: created.id, code: rightCode });
      expect(foreign).toMatchObject({ refused: 'not_found' });
      const nobody = { institutionId, id: idFrom('pay', 'nobody'), code: rightCode };
      expect(await confirmTopUp(world.payments, nobody)).toMatchObject({ refused: 'not_found' });
    });

    test('goes to the next channel when the first refuses for itself, which then asks for the code', async () => {
      const world = await open('refuses_here', 'accepts');
      const created = await quick(world);
      expect(created).toMatchObject({ status: 'created', attempt: 2, channel: 'sandbox-bank' });
      expect(await confirm(world.payments, created)).toMatchObject({ status: 'succeeded' });
    });

    test('tells a repeated request what the payer has to do, where the first one died before it was written', async () => {
      const world = await open();
      const deaf = {
        ...world.payments.channels.adapters.sandbox,
        collect: async (order: never) => {
          await world.payments.channels.adapters.sandbox?.collect(order);
          return { outcome: 'unknown', cause: 'no answer in time' };
        },
      };
      const channels = { ...world.payments.channels, adapters: { sandbox: deaf as never } }; // all of an adapter
      expect(await quick({ ...world, payments: { ...world.payments, channels } })).not.toHaveProperty('action');
      expect(await quick(world)).toMatchObject({ status: 'created', action: { type: 'code' } });
      expect(await confirm(world.payments, await current(world))).toMatchObject({ status: 'succeeded' });
    });
  });

  describe.each([
    ['personal_ebanking', 'sandbox-wallet'],
    ['corporate_ebanking', 'sandbox-bank'],
  ] as const)("at its channel's page (%s)", (product, channel) => {
    const method = { product, bank: 'ICBC', returnUrl: 'https://tea.example/paid' } as const;
    const start = ({ payments, command }: Opened, expiresInSeconds = 900) => {
      const { bindingId: _, ...facts } = command;
      return made(createTopUp(payments, { ...facts, ...method, expiresInSeconds }));
    };

    test('sends nobody to a bank that does not cooperate', async () => {
      const { payments, command, channel: asked } = await open();
      const { bindingId: _, ...facts } = command;
      const elsewhere = { ...facts, ...method, bank: 'NOBANK', expiresInSeconds: 900 };
      expect(await createTopUp(payments, elsewhere)).toMatchObject({ refused: 'unknown_bank' });
      expect(asked.arrived()).toEqual([]);
    });

    test("sends the payer there, and is booked when the payer has paid and the channel's word comes", async () => {
      const world = await open();
      const created = await start(world);
      expect(created).toMatchObject({ status: 'created', channel, action: { type: 'redirect', method: 'GET' } });
      const expiresAt = new Date(created.createdAt.getTime() + 900_000);
      const sent = { ...method, expiresAt };
      expect(world.channel.arrived()).toMatchObject([sent]);
      expect(await start(world)).toEqual(created);
      expect(world.channel.arrived()).toHaveLength(1);

      await world.deliverDue(world.payments);
      expect(await current(world)).toMatchObject({ status: 'created', action: { type: 'redirect' } });
      world.channel.payerPays(created.channelOrderNo);
      await world.deliverAll(world.payments);
      expect(await current(world)).toMatchObject({ status: 'succeeded' });
      expect(await world.balances()).toMatchObject(topUp);
    });

    test('fails when the payer declines, or never comes: then it is closed at the channel first', async () => {
      const declined = await open();
      declined.channel.payerDeclines((await start(declined)).channelOrderNo);
      await declined.deliverAll(declined.payments);
      expect(await current(declined)).toMatchObject({ status: 'failed', failure: { code: 'refused' } });

      const alone = await open();
      const { channelOrderNo } = await start(alone);
      alone.pass(900);
      await alone.deliverAll(alone.payments);
      expect(await current(alone)).toMatchObject({ status: 'failed', failure: { code: 'expired' } });
      alone.channel.payerPays(channelOrderNo);
      expect(alone.channel.carriedOut()).toEqual([]);
      expect(await alone.balances()).toEqual(untouched);
    });

    test('succeeds when the payer pays between the last question and the close', async () => {
      const world = await open();
      const { channelOrderNo } = await start(world);
      world.pass(900);
      const adapter = world.payments.channels.adapters.sandbox;
      const late = {
        ...adapter,
        cancel: (reference: never) => {
          world.channel.payerPays(channelOrderNo);
          return adapter?.cancel(reference);
        },
      };
      const channels = { ...world.payments.channels, adapters: { sandbox: late as never } }; // all of an adapter
      await world.deliverAll({ ...world.payments, channels });
      expect(await current(world)).toMatchObject({ status: 'succeeded' });
      expect(await world.balances()).toMatchObject(topUp);
    });

    test('waits for no code', async () => {
      const world = await open();
      const { institutionId, id } = await start(world);
      expect(await confirmTopUp(world.payments, { institutionId, id, code: rightCode })).toMatchObject({
        refused: 'nothing_to_confirm',
      });
    });
  });
});

/** The channel takes the code, and its answer gets lost. */
const silently =
  ({ payments }: { readonly payments: Payments }) =>
  async (reference: never) => {
    await payments.channels.adapters.sandbox?.confirmCollect(reference);
    return { outcome: 'unknown', cause: 'no answer in time' };
  };
