/** How an order is closed, before and after it arrives: what a payment is given up by. */
import assert from 'node:assert/strict';
import { forEachKind, type Law } from './law.ts';
import { assertMoved, assertQueried } from './order-laws.ts';
import { makeOrder } from './world.ts';

export const closeLaws: readonly Law[] = [
  ...forEachKind((kind) => ({
    name: `a ${kind} that is closed before it arrives is refused, and moves nothing when it arrives late`,
    needs: [`${kind}:succeeds`, 'cancel'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      const { result } = await world.line.keep(order.send);
      assert.equal(result.outcome, 'unknown');
      assert.equal((await adapter.query(order.reference)).outcome, 'not_found');
      assert.equal((await adapter.cancel(order.reference)).outcome, 'refused');
      await world.line.deliverKept();
      assert.equal((await adapter.query(order.reference)).outcome, 'refused');
      await assertMoved(world, order, 0);
    },
  })),
  ...forEachKind((kind) => ({
    name: `a ${kind} that is sent under a closed number does not succeed, and closing it again says the same`,
    needs: [`${kind}:succeeds`, 'cancel'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      const closed = await adapter.cancel(order.reference);
      assert.equal(closed.outcome, 'refused');
      assert.ok(['refused', 'unknown'].includes((await order.send()).outcome), 'a closed number was used');
      assert.equal((await adapter.query(order.reference)).outcome, 'refused');
      assert.deepEqual(await adapter.cancel(order.reference), closed);
      await assertMoved(world, order, 0);
    },
  })),
  ...forEachKind((kind) => ({
    name: `a ${kind} that has succeeded can not be closed: closing tells that it has`,
    needs: [`${kind}:succeeds`, 'cancel'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind, ending: 'succeeds' });
      const answer = await order.send();
      assert.deepEqual(await adapter.cancel(order.reference), answer);
      await assertQueried(adapter, order, answer);
      await assertMoved(world, order, 1);
    },
  })),
  {
    name: 'a refused order that is closed is refused for the reason that it was refused for',
    needs: ['collection:refused', 'cancel'],
    check: async (world, adapter) => {
      const order = await makeOrder(world, adapter, { kind: 'collection', ending: 'refused' });
      await order.send();
      const queried = await adapter.query(order.reference);
      assert.equal(queried.outcome, 'refused');
      assert.deepEqual(await adapter.cancel(order.reference), queried);
    },
  },
];
