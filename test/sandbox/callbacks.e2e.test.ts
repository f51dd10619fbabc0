import { describe, expect, test } from '@jest/globals';
import type { CallbackResult } from '../../functions/channels/index.ts';
import { receiveCallbacks } from '../channels/callback-receiver.ts';
import { agreementOn, control, type Dialect, dialects, newOrder, newOrderNo } from '../channels/deployed-sandbox.ts';

const outcomeIn = (heard: CallbackResult) =>
  heard.outcome === 'verified' && heard.events.map((event) => ('result' in event ? event.result.outcome : event.kind));

describe.each(['JSON', 'XML'])('a callback in %s', (name) => {
  const dialect = (): Dialect => dialects().find((each) => each.name === name) ?? dialects()[0];

  async function heardAfter(misbehaviour: string, { card = '6200000000000005', more = {} } = {}) {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const callbacks = await receiveCallbacks(adapter, merchant.channel);
    const agreementNo = await agreementOn(adapter, merchant, card);
    const order = newOrder(merchant, agreementNo, { callbackUrl: callbacks.url });
    await adapter.collect(order);
    const ask = (which: string, further: object = {}) =>
      control('/control/callbacks', {
        ...merchant,
        channelOrderNo: order.channelOrderNo,
        misbehaviour: which,
        ...further,
      });
    const answer = await ask(misbehaviour, { callbackUrl: callbacks.url, ...more });
    const message = await callbacks.message(0);
    const heard = await adapter.parseCallback(message);
    await ask('again');
    const again = await adapter.parseCallback(await callbacks.message(callbacks.messages.length - 1));
    const queried = await adapter.query({ ...order, kind: 'collection' });
    return { order, answer, message, heard, again, queried };
  }

  test('says what a query says, and goes by one name however often it is sent', async () => {
    const { answer, heard, again, queried, order } = await heardAfter('again');
    expect(answer).toMatchObject({ heard: true, status: 200, attempts: 1 });
    const [event] = heard.outcome === 'verified' ? heard.events : [];
    const { merchantNo, channelOrderNo, amount } = order;
    expect(event).toMatchObject({ kind: 'collection', merchantNo, channelOrderNo });
    expect(queried).toEqual({ ...(event && 'result' in event && event.result), amount });
    expect(again).toEqual(heard);
  });

  test.each([
    ['6200000000000005', 'succeeded', 'refused'],
    ['6200000000000104', 'refused', 'succeeded'],
  ])('about card %s contradicts the books on request, under a name of its own', async (card, truth, told) => {
    const { heard, again, queried } = await heardAfter('contradict', { card });
    expect([outcomeIn(heard), outcomeIn(again), queried.outcome]).toEqual([[told], [truth], truth]);
    expect(heard.outcome === 'verified' && again.outcome === 'verified' && heard.messageId !== again.messageId).toBe(
      true,
    );
  });

  test('may speak of an order that nobody sent', async () => {
    const channelOrderNo = newOrderNo();
    const { heard } = await heardAfter('unknown_order', { more: { channelOrderNo } });
    expect(heard).toMatchObject({
      outcome: 'verified',
      events: [{ channelOrderNo, result: { outcome: 'succeeded' } }],
    });
  });

  test.each([['wrong_signature'], ['stale'], ['unreadable']])('is rejected when it is spoilt: %s', async (way) => {
    const { answer, heard } = await heardAfter(way);
    expect(heard).toEqual({ outcome: 'rejected', reason: way });
    expect(answer).toMatchObject({ heard: false, status: 400, attempts: 1 });
  });

  test('may come late', async () => {
    const { answer, heard } = await heardAfter('late', { more: { delaySeconds: 2 } });
    expect(answer).toEqual({ messageNo: expect.any(String), delaySeconds: 2 });
    expect(outcomeIn(heard)).toEqual(['succeeded']);
  });

  test('is tried three times where nobody listens', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    const order = newOrder(merchant, await agreementOn(adapter, merchant, '6200000000000005'));
    await adapter.collect(order);
    const { channelOrderNo } = order;
    expect(await control('/control/callbacks', { ...merchant, channelOrderNo, misbehaviour: 'again' })).toEqual({
      messageNo: expect.any(String),
      heard: false,
      attempts: 3,
    });
  });

  test('proves nothing for another merchant, in other words, or without its headers', async () => {
    const { message } = await heardAfter('again');
    const { adapter, newMerchant } = dialect();
    const other = await newMerchant();
    const altered = { ...message, body: message.body.replace('succeeded', 'succeedes') };
    expect(await adapter.parseCallback(altered)).toEqual({ outcome: 'rejected', reason: 'wrong_signature' });
    expect(await adapter.parseCallback({ ...message, headers: {} })).toEqual({
      outcome: 'rejected',
      reason: 'unsigned',
    });
    const header = `${other.channel}/${other.merchantNo}`;
    const misled = await adapter.parseCallback({
      ...message,
      headers: { ...message.headers, 'channel-merchant': header },
    });
    expect(misled.outcome).toBe('rejected');
  });
});
