/** Orders that wait for the payer: his code, or his visit to the channel's page. */
import assert from 'node:assert/strict';
import type { Law } from './law.ts';
import { cutAfterArrival } from './line.ts';
import { assertMoved, assertQueried } from './order-laws.ts';
import { made, makeOrder } from './world.ts';

export const payerLaws: readonly Law[] = [
  {
    name: 'an order that wants a code waits for it, refuses a wrong one, and succeeds with the right one',
    needs: ['collection:awaits_code'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind: 'collection', ending: 'awaits_code' });
      assert.deepEqual(await order.send(), { outcome: 'awaiting_payer', action: { type: 'code' } });
      assert.deepEqual(await adapter.query(order.reference), { outcome: 'awaiting_payer' });
      const confirm = async (which: 'right' | 'wrong') =>
        adapter.confirmCollect({ ...order.reference, code: await made(world.make.code?.('collection', which)) });
      const wrong = await confirm('wrong');
      assert.equal(wrong.outcome, 'refused');
      assert.equal(wrong.reason, 'wrong_code');
      await assertMoved(world, order, 0);
      const right = await confirm('right');
      assert.equal(right.outcome, 'succeeded');
      await assertQueried(adapter, order, right);
      await assertMoved(world, order, 1);
    },
  },
  {
    name: 'a code that is lost with its answer is unknown, and a query tells what came of it',
    needs: ['collection:awaits_code'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind: 'collection', ending: 'awaits_code' });
      await order.send();
      const code = await made(world.make.code?.('collection', 'right'));
      const confirming = () => adapter.confirmCollect({ ...order.reference, code });
      const { result } = await world.line.during(cutAfterArrival, confirming);
      assert.equal(result.outcome, 'unknown');
      assert.equal((await adapter.query(order.reference)).outcome, 'succeeded');
      await assertMoved(world, order, 1);
    },
  },
  {
    name: 'an order that sends the payer to a page waits until he has paid there',
    needs: ['collection:awaits_page'],
    check: async (world, adapter) => {
      const order = await made(world.make.collection?.('awaits_page'));
      const reference = { ...order, kind: 'collection' as const };
      const answer = await adapter.collect(order);
      assert.equal(answer.outcome, 'awaiting_payer');
      assert.equal(answer.action.type, 'redirect');
      assert.match(new URL(answer.action.url).protocol, /^https?:$/);
      assert.ok(answer.action.method === 'POST' || answer.action.fields === undefined, 'a link has no form');
      assert.deepEqual(await adapter.query(reference), { outcome: 'awaiting_payer' });
      await assertMoved(world, { reference }, 0);
      await made(world.make.payOnPage?.(order).then(() => true));
      assert.equal((await adapter.query(reference)).outcome, 'succeeded');
      await assertMoved(world, { reference }, 1);
    },
  },
  {
    name: 'an order that is closed while it waits for the payer is refused, and can not be paid any more',
    needs: ['collection:awaits_page', 'cancel'],
    check: async (world, adapter) => {
      const order = await made(world.make.collection?.('awaits_page'));
      const reference = { ...order, kind: 'collection' as const };
      await adapter.collect(order);
      assert.equal((await adapter.cancel(reference)).outcome, 'refused');
      await world.make.payOnPage?.(order).catch(() => undefined); // the page may well say so
      assert.equal((await adapter.query(reference)).outcome, 'refused');
      await assertMoved(world, { reference }, 0);
    },
  },
];
