import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Received, startReceiver, type WebhookReceiver } from '../../local/outsider/webhook-receiver.ts';
import {
  type ApiClient,
  approvedInstitution,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  operator,
  textAt,
} from '../support/deployment.ts';

let receiver: WebhookReceiver;
let institution: Institution;
let client: ApiClient;
let accountId: string;
let bindingId: string;

beforeAll(async () => {
  receiver = await startReceiver();
  institution = await approvedInstitution('Webhook Group', ['sandbox-bank']);
  client = institution.client;
  accountId = textAt(expectStatus(await client.post('/v1/member-accounts', { externalUserId: 'user-1' }), 201), 'id');
  const binding = await client.post('/v1/card-bindings', {
    accountId,
    cardNumber: '6200000000000005',
    holderName: '张三',
    idNumber: '110101199003070011',
    mobile: '13800000000',
  });
  bindingId = textAt(expectStatus(binding, 201), 'id');
});

afterAll(() => receiver.close());

async function register(path: string, eventTypes?: readonly string[]): Promise<string> {
  const body = { url: receiver.urlOf(path), ...(eventTypes && { eventTypes }) };
  const made = expectStatus(await client.post('/v1/webhook-endpoints', body), 201);
  receiver.trust(path, textAt(made, 'secret'));
  return textAt(made, 'id');
}

async function topUp(reference: string): Promise<string> {
  const amount = { amount: 10_000, currency: 'CNY' };
  const body = { accountId, bindingId, reference, product: 'withholding', amount };
  return textAt(expectStatus(await client.post('/v1/top-ups', body), 201), 'id');
}

const at = (path: string) => receiver.received.filter((each) => each.path === path);

const arrived = (path: string, count: number): Promise<readonly Received[]> =>
  eventually(`${count} webhooks at ${path}`, async () => (at(path).length >= count ? at(path) : undefined));

const deliveriesOf = async (endpointId: string, status: string) =>
  listAt(
    expectStatus(await client.get(`/v1/webhook-deliveries?endpointId=${endpointId}&status=${status}`), 200),
    'items',
  );

const withDeliveries = (endpointId: string, status: string, count: number) =>
  eventually(`${count} deliveries ${status}`, async () => {
    const found = await deliveriesOf(endpointId, status);
    return found.length >= count ? found : undefined;
  });

describe('a top-up', () => {
  test('is told in the order of its states, signed, and as the API shows it', async () => {
    await register('/orders', ['payment.*']);
    const id = await topUp('first');
    const told = await arrived('/orders', 2);
    expect(told.map(({ message }) => message?.type)).toEqual(['payment.processing', 'payment.succeeded']);
    expect(new Set(told.map(({ webhookId }) => webhookId)).size).toBe(2);
    const shown = expectStatus(await client.get(`/v1/transactions/${id}`), 200);
    expect(shown).toMatchObject({ id, status: 'succeeded' });
    expect(told[1]?.message?.data).toMatchObject({ id, status: 'succeeded', reference: 'first' });
  });

  test('stands in the log of events, by its type and by itself', async () => {
    const id = await topUp('logged');
    const events = await eventually('two events', async () => {
      const items = listAt(expectStatus(await client.get(`/v1/events?objectId=${id}`), 200), 'items');
      return items.length === 2 ? items : undefined;
    });
    expect(events.map((event) => textAt(event, 'type'))).toEqual(['payment.succeeded', 'payment.processing']);
    const eventId = textAt(events[0] ?? null, 'id');
    expect(expectStatus(await client.get(`/v1/events/${eventId}`), 200)).toMatchObject({ objectId: id, data: { id } });
    const listed = await client.get('/v1/events?type=payment.succeeded&limit=200');
    expect(listAt(expectStatus(listed, 200), 'items').map((event) => textAt(event, 'objectId'))).toContain(id);
    const none = await client.get('/v1/events?to=2026-01-01T00:00:00Z');
    expect(listAt(expectStatus(none, 200), 'items')).toEqual([]);
  });
});

describe('an endpoint', () => {
  test('shows its secret once', async () => {
    const key = randomUUID();
    const body = { url: receiver.urlOf('/once') };
    const made = expectStatus(await client.post('/v1/webhook-endpoints', body, { key }), 201);
    expect(textAt(made, 'secret')).toMatch(/^whsec_/);
    const again = await client.post('/v1/webhook-endpoints', body, { key });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    const id = textAt(made, 'id');
    const elsewhere = [
      again,
      await client.get(`/v1/webhook-endpoints/${id}`),
      await client.get('/v1/webhook-endpoints'),
    ];
    for (const reply of elsewhere) {
      expect(reply.text).toContain(id);
      expect(reply.text).not.toContain('whsec_');
    }
    expect((await client.delete(`/v1/webhook-endpoints/${id}`)).status).toBe(204);
    expect((await client.get(`/v1/webhook-endpoints/${id}`)).status).toBe(404);
  });

  test('is refused where it would lead into our own network', async () => {
    for (const url of ['https://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/', 'https://10.0.0.1/']) {
      const reply = await client.post('/v1/webhook-endpoints', { url });
      expect([reply.status, textAt(reply.body, 'code')]).toEqual([422, 'url_not_allowed']);
    }
    const misspelt = await client.post('/v1/webhook-endpoints', {
      url: receiver.urlOf('/'),
      eventTypes: ['payments.*'],
    });
    expect(misspelt.status).toBe(400);
  });

  test('gets both signatures after its secret was rotated', async () => {
    const id = await register('/rotated', ['refund.*']);
    const rotated = expectStatus(await client.post(`/v1/webhook-endpoints/${id}/rotate-secret`), 200);
    expectStatus(await client.post(`/v1/webhook-endpoints/${id}/test`), 202);
    const [byOld] = await arrived('/rotated', 1);
    expect([byOld?.signatures, byOld?.message?.type]).toEqual([2, 'webhook.test']);
    receiver.trust('/rotated', textAt(rotated, 'secret'));
    expectStatus(await client.post(`/v1/webhook-endpoints/${id}/test`), 202);
    const [, byNew] = await arrived('/rotated', 2);
    expect(byNew?.message?.type).toBe('webhook.test');
  });

  test('that fails is tried again, and shows each attempt', async () => {
    receiver.behave('/failing', 500);
    const id = await register('/failing', ['refund.*']);
    expectStatus(await client.post(`/v1/webhook-endpoints/${id}/test`), 202);
    await arrived('/failing', 1);
    receiver.behave('/failing', 200);
    const [first, second] = await arrived('/failing', 2);
    expect(first?.webhookId).toBe(second?.webhookId);
    const [delivery] = await withDeliveries(id, 'delivered', 1);
    expect(delivery).toMatchObject({
      attempts: [
        { statusCode: 500, error: 'status' },
        { statusCode: 200, error: null },
      ],
    });
  });

  test('that hangs is given up on after ten seconds', async () => {
    receiver.behave('/hanging', 'hang');
    const id = await register('/hanging', ['refund.*']);
    expectStatus(await client.post(`/v1/webhook-endpoints/${id}/test`), 202);
    const attempted = await eventually('an attempt', async () => {
      const [delivery] = await deliveriesOf(id, 'pending');
      return delivery && listAt(delivery, 'attempts')[0];
    });
    expect(attempted).toMatchObject({ statusCode: null, error: 'timeout' });
  });

  test('that is gone is disabled, and gets what it missed after it was enabled', async () => {
    const since = new Date(Date.now() - 1_000).toISOString();
    receiver.behave('/gone', 410);
    const id = await register('/gone', ['payment.*']);
    const missed = await topUp('missed');
    await withDeliveries(id, 'dead', 2);
    expect(expectStatus(await client.get(`/v1/webhook-endpoints/${id}`), 200)).toMatchObject({
      status: 'disabled',
      disabledReason: 'gone',
    });
    expect((await client.post(`/v1/webhook-endpoints/${id}/test`)).status).toBe(409);

    receiver.behave('/gone', 204);
    const before = at('/gone').length;
    expectStatus(await client.post(`/v1/webhook-endpoints/${id}/enable`), 200);
    const replays = expectStatus(await client.post(`/v1/webhook-endpoints/${id}/replay`, { since }), 202);
    expect(replays).toEqual({ replayed: 2, more: false });
    const told = (await arrived('/gone', before + 2)).slice(before);
    expect(told.map(({ message }) => [message?.data['id'], message?.type])).toEqual([
      [missed, 'payment.processing'],
      [missed, 'payment.succeeded'],
    ]);

    const [delivery] = await withDeliveries(id, 'delivered', 2);
    expectStatus(await client.post(`/v1/webhook-deliveries/${textAt(delivery ?? null, 'id')}/replay`), 202);
    const all = await arrived('/gone', before + 3);
    expect(all.at(-1)?.webhookId).toBe(textAt(delivery ?? null, 'eventId'));
  });
});

test('an operator sees the endpoints, events and deliveries of an institution, and changes none', async () => {
  const whose = `institutionId=${institution.id}`;
  const endpoints = listAt(expectStatus(await operator().get(`/v1/webhook-endpoints?${whose}`), 200), 'items');
  expect(endpoints.length).toBeGreaterThan(3);
  expect((await operator().get('/v1/events')).status).toBe(400);
  expect((await operator().get(`/v1/events?${whose}`)).status).toBe(200);
  const endpointId = textAt(endpoints[0] ?? null, 'id');
  expect((await operator().get(`/v1/webhook-deliveries?${whose}&endpointId=${endpointId}`)).status).toBe(200);
  expect((await operator().post(`/v1/webhook-endpoints/${endpointId}/test`)).status).toBe(403);
});
