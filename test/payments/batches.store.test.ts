import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shareFee } from '../../functions/channels/index.ts';
import { money } from '../../functions/kernel/money.ts';
import { batchIdOf } from '../../functions/payments/batches/batch.ts';
import { carryBatchOn } from '../../functions/payments/batches/carry-batch-on.ts';
import { createWithdrawalBatch } from '../../functions/payments/batches/create-withdrawal-batch.ts';
import { type BatchView, findBatch } from '../../functions/payments/batches/find-batch.ts';
import { createWithdrawal } from '../../functions/payments/create-payment.ts';
import { sweepUnfinished } from '../../functions/payments/open/sweep-unfinished.ts';
import { paymentIdOf } from '../../functions/payments/payment.ts';
import { fixedCatalogue } from '../../local/simulation/fixed-channels.ts';
import { engines } from '../support/engines.ts';
import { findingsIn } from './audited.ts';
import { type BatchChannel, type BatchManner, batchChannel } from './batches-world.ts';
import { Crash, type Process, startProcess } from './crash.ts';
import { made } from './made.ts';
import { createTables, openWorld, type Tables, type World } from './payment-world.ts';

const quiet: Process = { call: (act) => act(), calls: () => 0 };

const line = (world: World, reference: string, amount = 2_000n) => ({
  accountId: world.command.accountId,
  bindingId: world.command.bindingId,
  amount: money(amount, 'CNY'),
  reference,
});

const commandOf = (world: World, references: readonly string[]) => ({
  institutionId: world.command.institutionId,
  operationId: 'operation-batch',
  reference: 'BATCH-1',
  lines: references.map((reference) => line(world, reference)),
});

const statuses = ({ lines }: BatchView) => lines.map(({ status }) => status);

describe.each(engines)('a batch of withdrawals on $name', ({ client }) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(client());
  });
  afterAll(async () => {
    expect(await findingsIn(tables)).toEqual([]);
  });

  const open = async (manner: BatchManner): Promise<{ world: World; channel: BatchChannel }> => {
    const world = await openWorld(tables, () => 'accepts');
    return { world, channel: batchChannel(world, () => manner) };
  };

  const viewOf = (world: World) =>
    made(
      findBatch(world.seenBy(quiet), {
        institutionId: world.command.institutionId,
        id: batchIdOf(world.command.institutionId, 'BATCH-1'),
      }),
    );

  test('freezes and stores each line or refuses it, and asks no channel yet', async () => {
    const { world, channel } = await open('accepts');
    await made(createWithdrawal(world.seenBy(quiet), { ...world.command, reference: 'TAKEN' }));
    const command = commandOf(world, ['L-1', 'TAKEN', 'L-2']);
    const lines = [...command.lines, line(world, 'L-3', 1_000_000n)];
    const batch = await made(createWithdrawalBatch(channel.seenBy(quiet), { ...command, lines }));
    expect(batch.status).toBe('sending');
    expect(statuses(batch)).toEqual(['processing', 'refused', 'processing', 'refused']);
    expect(batch.lines.map(({ refusal }) => refusal?.refused)).toEqual([
      undefined,
      'reference_taken',
      undefined,
      'insufficient_funds',
    ]);
    expect(batch.totals).toContainEqual({ status: 'processing', count: 2, amount: money(4_000n, 'CNY') });
    expect(await world.balances()).toMatchObject({ available: 16_000n, frozen: 4_000n });
    expect(channel.arrived).toEqual([]);
    expect((await world.payment('L-1'))?.batchNo).toBe(batch.batch.id);
  });

  test('has its lines looked at once there was time to send them, since a look closes what its channel has not seen', async () => {
    const { world, channel } = await open('accepts');
    const delays: number[] = [];
    const batches = {
      ...channel.seenBy(quiet),
      followUps: { send: async (_: unknown, delaySeconds: number) => void delays.push(delaySeconds) },
    };
    await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2'])));
    expect(delays).toEqual([300, 300]);
  });

  test('goes to its channel as one order, and its lines end one by one', async () => {
    const { world, channel } = await open('accepts');
    const batches = channel.seenBy(quiet);
    await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2', 'L-3'])));
    await channel.deliver(batches);
    expect(channel.arrived).toHaveLength(1);
    expect(channel.arrived[0]?.lines).toHaveLength(3);
    expect(channel.arrived[0]?.batchNo).toMatch(/^[0-9A-Z]{26}01$/);
    const sent = await viewOf(world);
    expect([sent.status, ...statuses(sent)]).toEqual(['sent', 'processing', 'processing', 'processing']);
    expect((await world.payment('L-1'))?.history).toEqual([
      expect.objectContaining({
        event: 'wait',
        call: expect.objectContaining({ operation: 'payout_batch', outcome: 'accepted' }),
      }),
    ]);
    await world.deliverAll(batches);
    const ended = await viewOf(world);
    expect([ended.status, ...statuses(ended)]).toEqual(['completed', 'succeeded', 'succeeded', 'succeeded']);
    expect(await world.balances()).toMatchObject({ available: 24_000n, frozen: 0n });
  });

  test('that never arrives fails line by line, and releases what was frozen', async () => {
    const { world, channel } = await open('loses');
    const batches = channel.seenBy(quiet);
    await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2'])));
    await channel.deliver(batches);
    expect(statuses(await viewOf(world))).toEqual(['processing', 'processing']);
    await world.deliverAll(batches);
    const ended = await viewOf(world);
    expect([ended.status, ...statuses(ended)]).toEqual(['completed', 'failed', 'failed']);
    expect(ended.lines[0]?.payment?.failure?.code).toBe('not_executed');
    expect(await world.balances()).toMatchObject({ available: 30_000n, frozen: 0n });
  });

  test('that its channel refuses fails as a whole', async () => {
    const { world, channel } = await open('refuses');
    const batches = channel.seenBy(quiet);
    await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2'])));
    await channel.deliver(batches);
    const ended = await viewOf(world);
    expect([ended.status, ...statuses(ended)]).toEqual(['completed', 'failed', 'failed']);
    expect(ended.lines[0]?.payment?.failure).toEqual({ code: 'refused', reason: 'not_today' });
    expect(await world.balances()).toMatchObject({ available: 30_000n, frozen: 0n });
  });

  test('that its channel refuses for itself goes to the next one as one order', async () => {
    const channels = fixedCatalogue.map((each) => ({
      ...each,
      products: { ...each.products, payout: { cost: shareFee(10n) } },
    }));
    const world = await openWorld(tables, () => 'accepts', { decided: () => ({ channels }) });
    const asked: string[] = [];
    const channel = batchChannel(world, (name) => {
      asked.push(name);
      return name === asked[0] ? 'refuses_here' : 'accepts';
    });
    const batches = channel.seenBy(quiet);
    await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2'])));
    await channel.deliver(batches);
    expect(new Set(asked).size).toBe(2);
    expect(channel.arrived.map(({ lines }) => lines.length)).toEqual([2, 2]);
    expect(channel.arrived.map(({ batchNo }) => batchNo.slice(-2))).toEqual(['01', '02']);
    expect(await world.payment('L-1')).toMatchObject({ attempt: 2, channel: asked[1] });
    await world.deliverAll(batches);
    expect(statuses(await viewOf(world))).toEqual(['succeeded', 'succeeded']);
    expect(await world.balances()).toMatchObject({ available: 26_000n, frozen: 0n });
  });

  test('fails no line that its channel has carried out, when it refuses the batch that a dead run had sent already', async () => {
    const measured = await open('accepts');
    const whole = startProcess();
    const send = async (world: World, channel: BatchChannel, process: Process) => {
      await made(createWithdrawalBatch(channel.seenBy(quiet), commandOf(world, ['L-1', 'L-2'])));
      await channel.deliver(channel.seenBy(process));
    };
    await send(measured.world, measured.channel, whole);
    let sentBefore = 0;
    for (let call = 1; call <= whole.calls(); call++) {
      let manner: BatchManner = 'accepts';
      const world = await openWorld(tables, () => 'accepts');
      const channel = batchChannel(world, () => manner);
      await send(world, channel, startProcess({ call, blow: 'dies_after' })).catch(() => undefined); // as it was told to
      if (channel.arrived.length > 0) sentBefore += 1;
      manner = 'refuses_here';
      const batches = { ...channel.seenBy(quiet), clock: () => new Date(Date.now() + 400_000) };
      await channel.deliver(batches);
      await world.deliverAll(batches);
      const wanted = world.channel.carriedOut().length === 0 ? 'failed' : 'succeeded';
      expect([call, ...statuses(await viewOf(world))]).toEqual([call, wanted, wanted]);
    }
    expect(sentBefore).toBeGreaterThan(3);
  });

  test('goes one by one to a channel that takes no batches', async () => {
    const { world, channel } = await open('not_offered');
    const batches = channel.seenBy(quiet);
    await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2'])));
    await channel.deliver(batches);
    expect(channel.arrived).toEqual([]);
    const ended = await viewOf(world);
    expect([ended.status, ...statuses(ended)]).toEqual(['completed', 'succeeded', 'succeeded']);
  });

  test('of another request with its reference is refused, and the same request gets the same batch', async () => {
    const { world, channel } = await open('accepts');
    const batches = channel.seenBy(quiet);
    const command = commandOf(world, ['L-1']);
    const first = await made(createWithdrawalBatch(batches, command));
    const again = await made(createWithdrawalBatch(batches, command));
    expect(again.batch.id).toBe(first.batch.id);
    expect(statuses(again)).toEqual(['processing']);
    expect(await createWithdrawalBatch(batches, { ...command, operationId: 'another' })).toMatchObject({
      refused: 'reference_taken',
    });
    await channel.deliver(batches);
    expect(channel.arrived).toHaveLength(1);
    expect(await carryBatchOn(batches, first.batch.id)).toBe('sent');
    expect(channel.arrived).toHaveLength(1);
  });

  test('is nobody else’s', async () => {
    const [{ world, channel }, stranger] = await Promise.all([open('accepts'), open('accepts')]);
    const { batch } = await made(createWithdrawalBatch(channel.seenBy(quiet), commandOf(world, ['L-1'])));
    const { institutionId } = stranger.world.command;
    expect(await findBatch(world.seenBy(quiet), { institutionId, id: batch.id })).toMatchObject({
      refused: 'not_found',
    });
  });

  test('comes to the same end whatever call dies, and no line is paid twice', async () => {
    const run = async (world: World, channel: BatchChannel, process: Process) => {
      const batches = channel.seenBy(process);
      await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2'])));
      await channel.deliver(batches);
    };
    const measured = await open('accepts');
    const whole = startProcess();
    await run(measured.world, measured.channel, whole);
    expect(whole.calls()).toBeGreaterThan(25);
    for (let call = 1; call <= whole.calls(); call++) {
      const blow = call % 2 === 0 ? 'dies_before' : 'dies_after';
      const { world, channel } = await open('accepts');
      await run(world, channel, startProcess({ call, blow })).catch((error: unknown) => {
        const faults = error instanceof AggregateError ? error.errors : [error];
        if (!faults.every((fault) => fault instanceof Crash)) throw error;
      });
      // the time of whoever died over it is up
      const batches = { ...channel.seenBy(quiet), clock: () => new Date(Date.now() + 400_000) };
      const again = await made(createWithdrawalBatch(batches, commandOf(world, ['L-1', 'L-2'])));
      const swept = await sweepUnfinished({
        ...batches,
        clock: () => new Date(Date.now() + 3_600_000),
        looks: { send: async () => {} },
        followUps: { send: async () => {} },
        batchQueue: { send: async (id) => void (id === again.batch.id && channel.queue.push(id)) },
      });
      expect(swept.queued).toBeGreaterThanOrEqual(0);
      await channel.deliver({ ...batches, clock: () => new Date(Date.now() + 800_000) });
      await world.deliverAll(batches);
      const ended = await viewOf(world);
      expect([call, blow, ended.status, ...statuses(ended)]).toEqual([
        call,
        blow,
        'completed',
        'succeeded',
        'succeeded',
      ]);
      expect(new Set(world.channel.carriedOut()).size).toBe(2);
      expect(await world.balances()).toMatchObject({ available: 26_000n, frozen: 0n });
    }
  });

  test('has lines that follow from their references', async () => {
    const { world, channel } = await open('accepts');
    const { lines } = await made(createWithdrawalBatch(channel.seenBy(quiet), commandOf(world, ['L-1'])));
    expect(lines[0]?.payment?.id).toBe(paymentIdOf(world.command.institutionId, 'L-1'));
  });
});
