/** What an adapter says when the line to its channel is bad: nothing definite, and never twice the same order. */
import assert from 'node:assert/strict';
import type { ChannelAdapter } from '../../../functions/channels/index.ts';
import { forEachKind, type Law } from './law.ts';
import { cutAfterArrival, type Fault, faults, forgeries } from './line.ts';
import { assertMoved } from './order-laws.ts';
import { type Ability, has, made, makeOrder, type World } from './world.ts';

const orderLaw = (fault: Fault, needs: readonly Ability[]): Law[] =>
  forEachKind((kind) => ({
    name: `a ${kind} is unknown and sent once when the line ${fault.name}; a query then tells what became of it`,
    needs: [`${kind}:succeeds`, ...needs],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      const { result, posted } = await world.line.during(fault, order.send);
      assert.equal(result.outcome, 'unknown');
      assert.equal(posted, 1, 'an order was sent more than once, or not at all');
      assert.equal((await adapter.query(order.reference)).outcome, fault.arrives ? 'succeeded' : 'not_found');
      await assertMoved(world, order, fault.arrives ? 1 : 0);
    },
  }));

const questionLaw = (fault: Fault, needs: readonly Ability[]): Law => ({
  name: `whatever is asked is unknown when the line ${fault.name}`,
  needs,
  check: async (world, adapter) => {
    const asked = await questions(world, adapter);
    const { result } = await world.line.during(fault, () => Promise.all(asked.map(([, ask]) => ask())));
    const answers = result.map(({ outcome }, place) => `${asked[place]?.[0]} is ${outcome}`);
    assert.deepEqual(
      answers,
      asked.map(([name]) => `${name} is unknown`),
    );
  },
});

export const lineLaws: readonly Law[] = [
  ...faults.flatMap((fault) => orderLaw(fault, [])),
  ...forgeries.flatMap((fault) => orderLaw(fault, ['signed_answers'])),
  ...faults.map((fault) => questionLaw(fault, [])),
  ...forgeries.map((fault) => questionLaw(fault, ['signed_answers'])),
  {
    name: 'a refusal that is lost on the way is unknown, and a query tells it',
    needs: ['collection:refused'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind: 'collection', ending: 'refused' });
      const { result } = await world.line.during(cutAfterArrival, order.send);
      assert.equal(result.outcome, 'unknown');
      assert.equal((await adapter.query(order.reference)).outcome, 'refused');
    },
  },
];

type Question = readonly [name: string, ask: () => Promise<{ readonly outcome: string }>];

/** Everything of the world that is no order by itself, ready to be asked. */
async function questions(world: World, adapter: ChannelAdapter): Promise<readonly Question[]> {
  const { make } = world;
  const asked: Question[] = [];
  if (has(world, 'collection:succeeds')) {
    const { reference } = await makeOrder(world, adapter, { kind: 'collection', ending: 'succeeds' });
    asked.push(['query', () => adapter.query(reference)]);
    if (has(world, 'cancel')) asked.push(['cancel', () => adapter.cancel(reference)]);
  }
  if (has(world, 'bind:succeeds')) {
    const request = await made(make.binding?.('succeeds'));
    asked.push(['bind', () => adapter.bind(request)]);
  }
  if (has(world, 'verify:succeeds')) {
    const request = await made(make.verification?.('succeeds'));
    asked.push(['verify', () => adapter.verify(request)]);
  }
  if (has(world, 'reserve')) {
    const merchant = await make.merchant();
    asked.push(['queryReserve', () => adapter.queryReserve(merchant)]);
  }
  if (has(world, 'batch')) {
    const batch = await made(make.batch?.());
    asked.push(['payoutBatch', () => adapter.payoutBatch(batch)]);
  }
  if (has(world, 'collection:awaits_code')) {
    const order = await makeOrder(world, adapter, { kind: 'collection', ending: 'awaits_code' });
    await order.send();
    const code = await made(make.code?.('collection', 'right'));
    asked.push(['confirmCollect', () => adapter.confirmCollect({ ...order.reference, code })]);
  }
  return asked;
}
