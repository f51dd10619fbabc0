/** A use case of payments is struck at each of its awaits, on real stores; at the end everything must add up. */
import { describe, expect, test } from '@jest/globals';
import { explainRoutes } from '../../functions/channels/index.ts';
import { money } from '../../functions/kernel/money.ts';
import { type Payment, returnIdOf } from '../../functions/payments/payment.ts';
import { isOpen, type PaymentStatus } from '../../functions/payments/payment-states.ts';
import { readPayment } from '../../functions/payments/payment-store.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import { Crash, type Strike, startProcess } from './crash.ts';
import type { Manner } from './fake-channel.ts';
import { funded, openWorld, type Tables, type World, type WorldOptions } from './payment-world.ts';

export interface Scenario {
  readonly name: string;
  /** how the channels take orders: only the second one sells payouts; refunds are accepted unless it is said */
  readonly wallet: Manner;
  readonly bank: Manner;
  readonly refunds?: Manner;
  readonly decided?: WorldOptions['decided'];
  /** what has gone well before */
  readonly prepare?: (world: World, payments: Payments) => Promise<unknown>;
  /** what is struck, and repeated as it is */
  readonly request: (world: World, payments: Payments) => Promise<Payment>;
  /** what happens afterwards in the world, before a day goes by */
  readonly afterwards?: (world: World, payments: Payments) => Promise<unknown>;
  /** what an undisturbed request answers, and what its payment comes to */
  readonly answer: PaymentStatus;
  readonly end: PaymentStatus;
  /** whether nobody looks after it once the request has died: whoever asked for it asks again */
  readonly unattended?: boolean;
  /** the reference of the payment that {@link end} speaks of */
  readonly reference?: string;
}

const references = ['ORDER-1', 'REFUND-1'] as const;

export function testScenario(tables: () => Tables, scenario: Scenario): void {
  const { request } = scenario;
  interface Opened {
    readonly world: World;
    /** time goes by, and all that is queued is delivered by a healthy process, or by this one */
    readonly rest: (payments?: Payments) => Promise<void>;
  }
  const open = async (): Promise<Opened> => {
    let now = Date.parse('2026-03-02T02:00:00Z');
    const world = await openWorld(
      tables(),
      (channel, kind) =>
        kind === 'refund'
          ? (scenario.refunds ?? 'accepts')
          : channel === 'sandbox-wallet'
            ? scenario.wallet
            : scenario.bank,
      { clock: () => new Date(now), ...(scenario.decided && { decided: scenario.decided }) },
    );
    const quiet = world.seenBy(startProcess());
    await scenario.prepare?.(world, quiet);
    let isAfterwards = false;
    const rest = async (payments = quiet) => {
      if (!isAfterwards) await scenario.afterwards?.(world, quiet);
      isAfterwards = true;
      now += 3_600_000;
      await world.deliverAll(payments);
    };
    return { world, rest };
  };
  /** @returns whether the process lived to give an answer */
  const requestStruckBy = async ({ world }: Opened, strike: Strike): Promise<boolean> => {
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
    const { world } = await open();
    await request(world, world.seenBy(process));
    return process.calls();
  };
  const expectEnd = async ({ world }: Opened) =>
    expect(await world.payment(scenario.reference)).toMatchObject({ status: scenario.end });
  const expectBalanced = (opened: Opened) => expectEverythingBalanced(tables(), opened.world);

  describe(`(${scenario.name}; wallet ${scenario.wallet}, bank ${scenario.bank})`, () => {
    test(`answers ${scenario.answer}, and comes to be ${scenario.end}`, async () => {
      const opened = await open();
      const { world, rest } = opened;
      expect(await request(world, world.seenBy(startProcess()))).toMatchObject({ status: scenario.answer });
      await rest();
      await expectEnd(opened);
      await expectBalanced(opened);
    });

    test(`is ${scenario.unattended ? 'done or not begun' : 'brought to its end'} after a crash at any await`, async () => {
      for (let call = await awaits(); call > 0; call--) {
        const opened = await open();
        expect(await requestStruckBy(opened, { call, blow: 'dies_before' })).toBe(false);
        await opened.rest();
        await expectBalanced(opened);
      }
    });

    test('is carried on by a retry after a crash at any await', async () => {
      for (let call = await awaits(); call > 0; call--) {
        const opened = await open();
        const { world, rest } = opened;
        expect(await requestStruckBy(opened, { call, blow: 'dies_after' })).toBe(false);
        await request(world, world.seenBy(startProcess()));
        await rest();
        await expectBalanced(opened);
        await expectEnd(opened);
      }
    });

    test('can be overtaken by its follow-up at any await', async () => {
      for (let call = await awaits(); call > 0; call--) {
        const opened = await open();
        const { world, rest } = opened;
        const payments = world.seenBy(startProcess());
        expect(await requestStruckBy(opened, { call, blow: () => world.deliverDue(payments) })).toBe(true);
        await rest();
        await expectBalanced(opened);
      }
    });

    test('outlives a crash of its follow-up at any await', async () => {
      let struck = true;
      for (let call = 1; struck; call++) {
        const opened = await open();
        const { world, rest } = opened;
        await request(world, world.seenBy(startProcess()));
        struck = await rest(world.seenBy(startProcess({ call, blow: 'dies_after' }))).then(
          () => false,
          (error: unknown) => error instanceof Crash,
        );
        await rest();
        await expectBalanced(opened);
        await expectEnd(opened);
      }
    });
  });
}

/** Each payment has its end, the channels and our books agree on it, and no money is left frozen, lost or doubled. */
async function expectEverythingBalanced(tables: Tables, world: World): Promise<void> {
  const table = { client: tables.client, name: tables.names.payments };
  const named = await Promise.all(references.map((reference) => world.payment(reference)));
  const known = named.filter((payment) => payment !== undefined);
  const returns = await Promise.all(known.map(({ id }) => readPayment(table, returnIdOf(id))));
  const payments = [...known, ...returns.filter((payment) => payment !== undefined)];
  const moved = payments.filter(({ status }) => status !== 'failed');

  expect(payments.filter(({ status }) => isOpen(status))).toEqual([]);
  const sent = moved.filter(({ kind }) => kind !== 'return').map(({ channelOrderNo }) => channelOrderNo);
  expect([...world.channel.carriedOut()].sort()).toEqual(sent.sort());

  const expected = { available: funded, frozen: 0n, pending: funded, fees: 0n };
  for (const { kind, amount, fee } of moved) {
    const sign = kind === 'top_up' || kind === 'return' ? 1n : -1n;
    expected.available += sign * amount.amount;
    expected.pending += sign * amount.amount - fee.amount;
    expected.fees += fee.amount;
  }
  expect(await world.balances()).toEqual(expected);

  for (const { id, kind, status, amount, refunded = 0n, refunding = 0n } of payments) {
    if (kind !== 'top_up' && kind !== 'withdrawal') continue;
    const back = moved.filter(({ originalId }) => originalId === id);
    const sum = back.reduce((total, each) => total + each.amount.amount, 0n);
    expect(kind === 'top_up' ? refunded : sum).toBe(sum);
    expect(refunding).toBe(0n);
    if (sum === amount.amount) expect(status).toBe(kind === 'top_up' ? 'refunded' : 'returned');
  }
  const held = moved.flatMap(({ reservations = [] }) => reservations);
  expect(await takenIn(world)).toBe(held.reduce((sum, each) => sum + each.amount, 0n));
}

/** What is taken in all of the limits that count the world's member and card. */
async function takenIn({ command, seenBy }: World): Promise<bigint> {
  const { channels, clock } = seenBy(startProcess());
  const { institutionId, accountId, bindingId } = command;
  const order = { product: 'withholding', amount: money(1n, 'CNY'), agreements: 'assumed', at: clock() } as const;
  const { verdicts } = await explainRoutes(channels, { institutionId, accountId, bindingId, ...order });
  const limits = verdicts.flatMap(({ observed }) => observed?.limits ?? []);
  const taken = new Map(limits.map(({ limit, total, left }) => [limit, total.amount - left.amount]));
  return [...taken.values()].reduce((sum, each) => sum + each, 0n);
}
