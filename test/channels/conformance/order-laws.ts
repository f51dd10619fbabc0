/** What becomes of an order whose way is clear. */
import assert from 'node:assert/strict';
import type { ChannelAdapter, ChannelOrderReference, CollectResult } from '../../../functions/channels/index.ts';
import { forEachKind, type Law } from './law.ts';
import { has, makeOrder, type Sending, type World } from './world.ts';

export const orderLaws: readonly Law[] = [
  ...forEachKind((kind) => ({
    name: `a ${kind} that the channel carries out has succeeded, and a query says the same`,
    needs: [`${kind}:succeeds`],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      const answer = await order.send();
      assert.equal(answer.outcome, 'succeeded');
      await assertQueried(adapter, order, answer);
      await assertMoved(world, order, 1);
    },
  })),
  ...forEachKind((kind) => ({
    name: `a ${kind} that arrives three times, twice at once, is carried out once and answered alike`,
    needs: [`${kind}:succeeds`],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      const [one, two] = await Promise.all([order.send(), order.send()]);
      const three = await order.send();
      assert.equal(three.outcome, 'succeeded');
      // of two at once the channel may leave one without an answer
      for (const answer of [one, two]) if (answer.outcome !== 'unknown') assert.deepEqual(answer, three);
      await assertMoved(world, order, 1);
    },
  })),
  ...forEachKind((kind) => ({
    name: `another ${kind} under a used number is neither done nor refused, and the first stays what it was`,
    needs: [`${kind}:succeeds`],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      const first = await order.send();
      // a refusal would be the word on the number, whose order has succeeded
      assert.equal((await order.sendOther()).outcome, 'unknown');
      await assertQueried(adapter, order, first);
      await assertMoved(world, order, 1);
    },
  })),
  ...forEachKind((kind) => ({
    name: `a ${kind} that never was is not found`,
    needs: [`${kind}:succeeds`],
    check: async (world, adapter) => {
      const { reference } = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      assert.deepEqual(await adapter.query(reference), { outcome: 'not_found' });
    },
  })),
  ...forEachKind((kind) => ({
    name: `a ${kind} is not found under another merchant number`,
    needs: [`${kind}:succeeds`, 'merchants_apart'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      await order.send();
      const { merchantNo } = await world.make.merchant();
      assert.deepEqual(await adapter.query({ ...order.reference, merchantNo }), { outcome: 'not_found' });
    },
  })),
  ...(['collection', 'payout'] as const).flatMap((kind): Law[] => [
    {
      name: `a ${kind} that the holder's side refuses is refused for good, and a query says the same`,
      needs: [`${kind}:refused`],
      check: async (world, adapter) => {
        const order = await makeOrder(world, adapter, { kind, ending: 'refused' });
        await assertRefused(world, order, false);
        const [answer, queried] = [await order.send(), await adapter.query(order.reference)];
        assert.deepEqual(reasonOf(queried), reasonOf(answer));
      },
    },
    {
      name: `a ${kind} that only this channel refuses may go to another`,
      needs: [`${kind}:refused_here`],
      check: async (world, adapter) => {
        const order = await makeOrder(world, adapter, { kind, ending: 'refused_here' });
        await assertRefused(world, order, true);
      },
    },
  ]),
  {
    name: 'a refund of more than there is left is refused, and gives nothing back',
    needs: ['refund:too_much'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind: 'refund', ending: 'too_much' });
      await assertRefused(world, order, false);
    },
  },
  {
    name: 'a payment is refunded in parts up to the whole of it and no further, and stays paid',
    needs: ['refund:succeeds'],
    check: async (world, adapter) => {
      const refund = await world.make.refund?.('succeeds');
      assert.ok(refund);
      const part = (no: string, amount: bigint) => ({
        ...refund,
        channelOrderNo: `${refund.channelOrderNo.slice(0, 30)}${no}`,
        amount: { ...refund.amount, amount },
      });
      const rest = refund.amount.amount - 1n;
      const parts = [part('P1', 1n), part('P2', rest), part('P3', 1n)];
      const ends: string[] = [];
      for (const each of parts) ends.push((await adapter.refund(each)).outcome);
      assert.deepEqual(ends, ['succeeded', 'succeeded', 'refused']);
      const original = { ...refund, kind: 'collection' as const, channelOrderNo: refund.original.channelOrderNo };
      assert.equal((await adapter.query(original)).outcome, 'succeeded');
    },
  },
  {
    name: 'a batch is taken once, and each of its lines ends on its own',
    needs: ['batch'],
    check: async (world, adapter) => {
      const batch = await world.make.batch?.();
      assert.ok(batch);
      assert.deepEqual(await adapter.payoutBatch(batch), { outcome: 'accepted' });
      await adapter.payoutBatch(batch);
      const ends: string[] = [];
      for (const line of batch.lines) {
        const reference: ChannelOrderReference = { ...batch, kind: 'payout', channelOrderNo: line.channelOrderNo };
        const { outcome } = await adapter.query(reference);
        ends.push(outcome);
        if (has(world, 'count')) {
          assert.equal(await world.make.timesMoved?.(reference), outcome === 'succeeded' ? 1 : 0);
        }
      }
      assert.equal(ends.at(0), 'succeeded');
      assert.equal(ends.at(-1), 'refused');
    },
  },
  {
    name: 'a batch that never was has lines that are not found',
    needs: ['batch'],
    check: async (world, adapter) => {
      const batch = await world.make.batch?.();
      assert.ok(batch);
      for (const { channelOrderNo } of batch.lines) {
        assert.deepEqual(await adapter.query({ ...batch, kind: 'payout', channelOrderNo }), { outcome: 'not_found' });
      }
    },
  },
];

/** A query says what the answer said, and may tell the amount besides. */
export async function assertQueried(
  adapter: ChannelAdapter,
  { reference, amount }: Pick<Sending, 'reference' | 'amount'>,
  answer: CollectResult,
) {
  const queried = await adapter.query(reference);
  const told = queried.outcome === 'succeeded' && queried.amount && { amount };
  assert.deepEqual(queried, { ...answer, ...told });
}

/** Where the world can count. */
export async function assertMoved(world: World, { reference }: Pick<Sending, 'reference'>, times: number) {
  if (!has(world, 'count')) return;
  assert.equal(await world.make.timesMoved?.(reference), times, `money moved another number of times than ${times}`);
}

async function assertRefused(world: World, order: Sending, retryElsewhere: boolean): Promise<void> {
  const answer = await order.send();
  assert.equal(answer.outcome, 'refused');
  assert.equal(answer.retryElsewhere, retryElsewhere);
  await assertMoved(world, order, 0);
}

const reasonOf = (answer: object): unknown => ('reason' in answer ? answer.reason : answer);
