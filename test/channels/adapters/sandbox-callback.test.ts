import { describe, expect, test } from '@jest/globals';
import {
  channelIdSchema,
  sandboxAdapter,
  sandboxEndpoint,
  sandboxLine,
  sandboxXmlAdapter,
} from '../../../functions/channels/index.ts';
import { hmacKey, rsaSigner, type Signer, signNotice } from '../../../functions/kernel/message-signature.ts';
import { writeXmlMessage } from '../../../functions/kernel/xml-message.ts';
import { samplePrivateKey, samplePublicKey } from '../../kernel/sample-keys.ts';

const now = new Date('2026-11-22T02:15:30Z');
const messageNo = '01JZ8Q4T6M3V9X5B7N1K2R0C8D';
const merchantNo = '1601959334';
const secret = 'a secret of both sides';
const baseUrl = 'http://localhost:1';

const succeeded = {
  kind: 'collection',
  channelOrderNo: 'ORDER1',
  outcome: 'succeeded',
  tradeNo: '4200',
  completedAt: '2026-11-22T10:15:30+08:00',
};
const refused = {
  kind: 'refund',
  channelOrderNo: 'R1',
  outcome: 'refused',
  reason: 'account_closed',
  retryElsewhere: false,
};
const returned = {
  kind: 'payout_return',
  channelOrderNo: 'P1',
  tradeNo: '4201',
  amount: 12_345,
  currency: 'CNY',
  returnedAt: '2026-11-22T02:15:30Z',
};

const parties = [
  {
    name: 'JSON',
    channel: channelIdSchema.parse('sandbox-bank'),
    adapter: sandboxAdapter(sandboxEndpoint({ baseUrl, secret: async () => secret })),
    signer: hmacKey(secret),
    write: async (notice: object) => JSON.stringify(notice),
    heard: '{"received":true}',
  },
  {
    name: 'XML',
    channel: channelIdSchema.parse('sandbox-xml-bank'),
    adapter: sandboxXmlAdapter(sandboxLine({ baseUrl }), async () => ({
      privateKey: samplePrivateKey,
      channelPublicKey: samplePublicKey,
    })),
    signer: rsaSigner(samplePrivateKey),
    write: (notice: { readonly [name: string]: string }) => writeXmlMessage('notice', notice),
    heard: '<?xml version="1.0" encoding="UTF-8"?>\n<response><received>true</received></response>',
  },
];

describe.each(parties)('a callback in $name', ({ channel, adapter, signer, write, heard }) => {
  const notice = (facts: object = {}) => ({ channel, merchantNo, messageNo, events: [succeeded], ...facts });

  async function message(
    content: object,
    {
      by = signer,
      sentAt = now,
      named = `${channel}/${merchantNo}`,
    }: { by?: Signer; sentAt?: Date; named?: string } = {},
  ) {
    const body = await write(content as { [name: string]: string }); // what an invalid notice holds is for the adapter to find out
    const headers = { 'channel-merchant': named, ...signNotice(by, body, { sentAt, nonce: messageNo }) };
    return { channel, headers, body, receivedAt: now };
  }

  test('tells of orders and returns in our words', async () => {
    expect(await adapter.parseCallback(await message(notice({ events: [succeeded, refused, returned] })))).toEqual({
      outcome: 'verified',
      messageId: messageNo,
      events: [
        {
          kind: 'collection',
          merchantNo,
          channelOrderNo: 'ORDER1',
          result: { outcome: 'succeeded', channelTradeNo: '4200', completedAt: now },
        },
        {
          kind: 'refund',
          merchantNo,
          channelOrderNo: 'R1',
          result: { outcome: 'refused', reason: 'account_closed', retryElsewhere: false },
        },
        {
          kind: 'payout_return',
          merchantNo,
          channelOrderNo: 'P1',
          channelTradeNo: '4201',
          amount: { amount: 12_345n, currency: 'CNY' },
          returnedAt: now,
        },
      ],
      answer: { contentType: expect.stringMatching(/^application\/(json|xml)/), body: heard },
    });
  });

  test.each<[string, object]>([
    ['of another merchant', { merchantNo: '1601959335' }],
    ['of another channel', { channel: 'sandbox-wallet' }],
    ['under another number', { messageNo: '01JZ8Q4T6M3V9X5B7N1K2R0C8E' }],
    ['without events', { events: [] }],
    ['of something unheard of', { events: [{ ...succeeded, kind: 'rumour' }] }],
    ['of an order that is processed', { events: [{ ...succeeded, outcome: 'processing' }] }],
    ['of a success without a trade number', { events: [{ ...succeeded, tradeNo: '' }] }],
    ['with a sentence for a reason', { events: [{ ...refused, reason: 'Card 62…05' }] }],
    ['of one good thing and a bad one', { events: [succeeded, { ...refused, retryElsewhere: 'perhaps' }] }],
  ])('that is signed and speaks %s is unreadable', async (_what, facts) => {
    expect(await adapter.parseCallback(await message(notice(facts)))).toEqual({
      outcome: 'rejected',
      reason: 'unreadable',
    });
  });

  test.each([
    ['of another channel', 'sandbox-wallet/1601959334'],
    ['with a path in it', `${'x'.repeat(3)}/../1601959334`],
    ['that is none', ''],
  ])('from a merchant %s is unsigned', async (_what, named) => {
    expect(await adapter.parseCallback(await message(notice(), { named }))).toEqual({
      outcome: 'rejected',
      reason: 'unsigned',
    });
  });

  test.each([-301, 301])('is stale when the clocks are %d seconds apart', async (seconds) => {
    const sentAt = new Date(now.getTime() + seconds * 1_000);
    expect(await adapter.parseCallback(await message(notice(), { sentAt }))).toEqual({
      outcome: 'rejected',
      reason: 'stale',
    });
  });

  test('of a stranger is a wrong signature', async () => {
    const by = hmacKey('another secret');
    expect(await adapter.parseCallback(await message(notice(), { by }))).toEqual({
      outcome: 'rejected',
      reason: 'wrong_signature',
    });
  });
});

describe("a merchant's own secret", () => {
  const channel = channelIdSchema.parse('sandbox-bank');
  const body = JSON.stringify({ channel, merchantNo, messageNo, events: [succeeded] });
  const signedWith = (key: string) => ({
    channel,
    headers: {
      'channel-merchant': `${channel}/${merchantNo}`,
      ...signNotice(hmacKey(key), body, { sentAt: now, nonce: messageNo }),
    },
    body,
    receivedAt: now,
  });

  test('goes before the one that all share', async () => {
    const adapter = sandboxAdapter(sandboxEndpoint({ baseUrl, secret: async () => secret }), async () => ({
      secret: 'its own',
    }));
    expect(await adapter.parseCallback(signedWith('its own'))).toMatchObject({ outcome: 'verified' });
    expect(await adapter.parseCallback(signedWith(secret))).toMatchObject({ reason: 'wrong_signature' });
  });

  test('is read again when it does not fit: it may have been changed', async () => {
    const adapter = sandboxAdapter(
      sandboxEndpoint({ baseUrl, secret: async () => secret }),
      async (_merchant, freshness) => ({ secret: freshness === 'renewed' ? 'the new one' : 'the old one' }),
    );
    expect(await adapter.parseCallback(signedWith('the new one'))).toMatchObject({ outcome: 'verified' });
  });
});

test('without credentials nothing is sent in XML: new orders are refused, and nothing is known of others', async () => {
  const adapter = sandboxXmlAdapter(sandboxLine({ baseUrl }), async () => undefined);
  const merchant = { channel: channelIdSchema.parse('sandbox-xml-bank'), merchantNo };
  const callbackUrl = 'http://localhost:1/';
  const order = {
    ...merchant,
    channelOrderNo: 'ORDER1',
    amount: { amount: 1n, currency: 'CNY' as const },
    callbackUrl,
  };
  const noCredentials = { outcome: 'refused', reason: 'no_credentials', retryElsewhere: true };
  expect(await adapter.payout({ ...order, agreementNo: 'A' })).toEqual(noCredentials);
  expect(await adapter.collect({ ...order, product: 'withholding', agreementNo: 'A' })).toEqual(noCredentials);
  expect(await adapter.query({ ...order, kind: 'payout' })).toMatchObject({ outcome: 'unknown' });
  expect(await adapter.cancel({ ...order, kind: 'payout' })).toMatchObject({ outcome: 'unknown' });
  expect(await adapter.queryReserve(merchant)).toMatchObject({ outcome: 'unknown' });
});
