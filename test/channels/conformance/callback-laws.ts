/** What a channel posts of its own accord, and what anybody else might. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CallbackMessage, CallbackResult, ChannelAdapter } from '../../../functions/channels/index.ts';
import type { Law } from './law.ts';
import { made, type World } from './world.ts';

const dayMs = 86_400_000;

export const callbackLaws: readonly Law[] = [
  ...(['succeeded', 'refused'] as const).map(
    (about): Law => ({
      name: `a callback about an order that ${about === 'succeeded' ? 'succeeded' : 'was refused'} says what a query says`,
      needs: [about === 'succeeded' ? 'callback' : 'callback:refused'],
      check: async (world, adapter) => {
        const { message, about: reference } = await made(world.make.callback?.(about));
        const heard = verified(await adapter.parseCallback(message));
        const event = heard.events.find(({ channelOrderNo }) => channelOrderNo === reference.channelOrderNo);
        assert.ok(event && 'result' in event, 'the callback does not speak of the order');
        assert.equal(event.kind, reference.kind);
        assert.equal(event.merchantNo, reference.merchantNo);
        const queried = await adapter.query(reference);
        assert.equal(event.result.outcome, queried.outcome);
        assert.equal(event.result.outcome, about);
        assert.ok('channelTradeNo' in queried || about === 'refused');
        if (about === 'succeeded') {
          assert.equal(event.result.channelTradeNo, 'channelTradeNo' in queried ? queried.channelTradeNo : undefined);
        }
      },
    }),
  ),
  {
    name: 'a callback about a payout that came back tells the amount and the day',
    needs: ['callback:returned'],
    check: async (world, adapter) => {
      const { message, about } = await made(world.make.callback?.('returned'));
      const [event] = verified(await adapter.parseCallback(message)).events;
      assert.ok(event?.kind === 'payout_return', 'the callback tells of no return');
      assert.equal(event.channelOrderNo, about.channelOrderNo);
      assert.ok(event.amount.amount > 0n);
      assert.ok(!Number.isNaN(event.returnedAt.getTime()));
    },
  },
  {
    name: 'a callback that is heard twice is one message',
    needs: ['callback'],
    check: async (world, adapter) => {
      const { message } = await madeCallback(world);
      const first = verified(await adapter.parseCallback(message));
      assert.notEqual(first.messageId, '');
      assert.deepEqual(await adapter.parseCallback(message), first);
      const other = verified(await adapter.parseCallback((await madeCallback(world)).message));
      assert.notEqual(other.messageId, first.messageId, 'two messages go by one name');
    },
  },
  {
    name: 'a callback of which one byte was altered proves nothing, whichever byte',
    needs: ['callback'],
    check: async (world, adapter) => {
      const { message } = await madeCallback(world);
      const bytes = Buffer.from(message.body);
      const alteration = fc.record({ at: fc.nat(bytes.length - 1), to: fc.integer({ min: 0, max: 127 }) });
      const looked = await fc.check(
        fc.asyncProperty(alteration, async ({ at, to }) => {
          fc.pre(bytes[at] !== to);
          const altered = Buffer.from(bytes);
          altered[at] = to;
          await assertRejected(adapter, { ...message, body: altered.toString('utf8') });
        }),
        { numRuns: 200 },
      );
      assert.ok(!looked.failed, `an altered callback is believed: ${JSON.stringify(looked.counterexample)}`);
    },
  },
  {
    name: 'a callback of which a piece was cut off or to which something was added proves nothing',
    needs: ['callback'],
    check: async (world, adapter) => {
      const { message } = await madeCallback(world);
      for (const body of [
        '',
        message.body.slice(0, -1),
        message.body.slice(1),
        `${message.body} `,
        ` ${message.body}`,
      ]) {
        await assertRejected(adapter, { ...message, body });
      }
    },
  },
  {
    name: 'a callback without its signature, or with that of another, proves nothing',
    needs: ['callback'],
    check: async (world, adapter) => {
      const [{ message }, other] = [await madeCallback(world), await madeCallback(world)];
      await assertRejected(adapter, { ...message, headers: {} });
      assert.notEqual(other.message.body, message.body, 'the world made the same callback twice');
      await assertRejected(adapter, { ...message, headers: other.message.headers });
    },
  },
  {
    name: 'a callback that was sent a day ago, or will be tomorrow, is stale',
    needs: ['callback'],
    check: async (world, adapter) => {
      const { message } = await madeCallback(world);
      for (const distance of [dayMs, -dayMs]) {
        const receivedAt = new Date(message.receivedAt.getTime() + distance);
        assert.deepEqual(await adapter.parseCallback({ ...message, receivedAt }), {
          outcome: 'rejected',
          reason: 'stale',
        });
      }
    },
  },
  {
    name: 'a callback that is signed and in words that nobody knows is unreadable',
    needs: ['callback:unreadable'],
    check: async (world, adapter) => {
      const message = await made(world.make.unreadableCallback?.());
      assert.deepEqual(await adapter.parseCallback(message), { outcome: 'rejected', reason: 'unreadable' });
    },
  },
  {
    name: 'what anybody could post is rejected',
    needs: ['callback'],
    check: async (world, adapter) => {
      const { message } = await madeCallback(world);
      for (const body of ['', '{}', '[]', 'null', '<xml/>', '\u0000', '{"data":{"object":{"metadata":{}}}}']) {
        await assertRejected(adapter, { ...message, body });
        await assertRejected(adapter, { ...message, headers: {}, body });
      }
    },
  },
];

const madeCallback = (world: World) => made(world.make.callback?.('succeeded'));

function verified(result: CallbackResult): Extract<CallbackResult, { outcome: 'verified' }> {
  assert.equal(result.outcome, 'verified');
  return result;
}

async function assertRejected(adapter: ChannelAdapter, message: CallbackMessage): Promise<void> {
  const result = await adapter.parseCallback(message);
  assert.equal(result.outcome, 'rejected');
  assert.notEqual(result.reason, 'unreadable', 'it counts as signed');
}
