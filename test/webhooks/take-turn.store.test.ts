import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { ulid } from 'ulid';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { firstOpen, listDeliveries, readDelivery } from '../../functions/webhooks/delivery-store.ts';
import { readEndpoint } from '../../functions/webhooks/endpoint-store.ts';
import { listEvents } from '../../functions/webhooks/event-store.ts';
import { enableEndpoint, removeEndpoint, rotateSecret } from '../../functions/webhooks/keep-endpoints.ts';
import { recordEvent } from '../../functions/webhooks/record-event.ts';
import { replayDead, replayDelivery } from '../../functions/webhooks/replay-deliveries.ts';
import { sweepDeliveries } from '../../functions/webhooks/sweep-deliveries.ts';
import { takeTurn } from '../../functions/webhooks/take-turn.ts';
import { engines } from '../support/engines.ts';
import { accepts, answers, createWebhooksTable, hangs, type Sent, WebhooksWorld } from './webhooks-world.ts';

const versionsOf = (sent: readonly Sent[]): number[] => sent.map(({ body }) => JSON.parse(body).data.version);
const hour = 3_600;

describe.each(engines)('the delivery of webhooks on $name', ({ client }) => {
  let table: Table;
  let world: WebhooksWorld;

  beforeAll(async () => {
    table = await createWebhooksTable(client());
  });

  beforeEach(() => {
    world = new WebhooksWorld(table);
  });

  const record = (objectId: string, version: number) =>
    recordEvent(world.webhooks, { event: world.event(objectId, version) });

  test('signs so that the library of receivers verifies it, with each secret of the last day', async () => {
    world.nowMs = Date.now(); // the library goes by the clock on the wall
    const { endpoint, secret: old } = await world.endpoint();
    const rotated = await rotateSecret(world.keeping, endpoint);
    if (isRefusal(rotated)) throw new Error(rotated.detail);
    await record(ulid(), 1);
    await world.deliverDue();
    const [{ headers, body } = { headers: {}, body: '' }] = world.sent;
    for (const secret of [old, rotated.secret]) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'payment.succeeded' });
    }
    expect(() => new Webhook('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA').verify(body, headers)).toThrow();
    world.nowMs += 25 * hour * 1000;
    await record(ulid(), 1);
    await world.deliverDue();
    expect(world.sent.at(-1)?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  });

  test('goes to the endpoints that want to hear of it, once each', async () => {
    const payments = await world.endpoint(['payment.*']);
    const failures = await world.endpoint(['payment.failed', 'refund.*']);
    await record(ulid(), 1);
    await world.deliverDue();
    expect(world.sent.map(({ url }) => url)).toEqual([payments.endpoint.url]);
    expect((await listDeliveries(table, failures.endpoint.id, { limit: 10, filter: {} })).items).toEqual([]);
  });

  test('keeps the order of an object behind one that fails, and holds no other object up', async () => {
    await world.endpoint();
    const [failing, other] = [ulid(), ulid()];
    world.receiver = async (request) => (request.body.includes(failing) ? hangs(request) : accepts(request));
    for (const version of [1, 2, 3]) await record(failing, version);
    await record(other, 1);
    await world.pass(60);
    expect(versionsOf(world.sent.filter(({ body }) => body.includes(failing)))).toEqual([1, 1]);
    expect(world.sent.filter(({ body }) => body.includes(other))).toHaveLength(1);
    world.receiver = accepts;
    await world.pass(600);
    expect(versionsOf(world.sent.filter(({ body }) => body.includes(failing)))).toEqual([1, 1, 1, 2, 3]);
  });

  test('is tried eight times over a day with one webhook-id, and is dead then, which lets the next one go', async () => {
    const { endpoint } = await world.endpoint();
    const objectId = ulid();
    world.receiver = async (request) =>
      request.body.includes('"version":1') ? answers(500)(request) : accepts(request);
    await record(objectId, 1);
    await record(objectId, 2);
    await world.pass(40 * hour);
    expect(versionsOf(world.sent)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2]);
    const ids = world.sent.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids.slice(0, 8)).size).toBe(1);
    const waits = world.sent.slice(0, 8).map(({ at }, index, all) => (at - (all[index - 1]?.at ?? at)) / 1000);
    expect(waits).toEqual([0, 5, 300, 1_800, 2 * hour, 5 * hour, 10 * hour, 10 * hour]);
    const first = await readDelivery(table, { endpointId: endpoint.id, objectId, position: '000000000001' });
    expect(first).toMatchObject({ status: 'dead', death: 'tried_out', tries: 8 });
    expect(first?.attempts).toHaveLength(8);
    expect(first?.attempts[0]).toMatchObject({ statusCode: 500, error: 'status', durationMs: 5 });
  });

  test('disables an endpoint that answers 410, tells the others, and keeps what it misses for a replay', async () => {
    const { endpoint } = await world.endpoint(['payment.*']);
    const other = await world.endpoint(['webhook_endpoint.*']);
    const objectId = ulid();
    const since = new Date(world.nowMs);
    world.receiver = async (request) => (request.url === endpoint.url ? answers(410)(request) : accepts(request));
    for (const version of [1, 2]) await record(objectId, version);
    await world.pass(60);
    await record(objectId, 3);
    await world.pass(60);
    expect(await readEndpoint(table, world.institutionId, endpoint.id)).toMatchObject({
      status: 'disabled',
      disabled: { reason: 'gone' },
    });
    expect(world.sent.map(({ url }) => url)).toEqual([endpoint.url, other.endpoint.url]);
    expect(world.sent.at(-1)?.body).toContain('webhook_endpoint.disabled');
    expect(await replayDead(world.webhooks, { ...endpoint, since })).toMatchObject({ refused: 'endpoint_disabled' });

    world.receiver = accepts;
    world.sent.length = 0;
    await enableEndpoint({ table }, endpoint);
    expect(await replayDead(world.webhooks, { ...endpoint, since })).toEqual({ replayed: 3, more: false });
    await world.pass(60);
    expect(versionsOf(world.sent)).toEqual([1, 2, 3]);
  });

  test('disables an endpoint that has taken nothing for three days, and no sooner', async () => {
    const { endpoint } = await world.endpoint();
    world.receiver = hangs;
    const stateAfter = async (hours: number) => {
      await record(ulid(), 1);
      await world.pass(hours * hour);
      return readEndpoint(table, world.institutionId, endpoint.id);
    };
    expect(await stateAfter(40)).toMatchObject({ status: 'active', failingSince: new Date('2026-03-01T00:00:00Z') });
    expect(await stateAfter(31)).toMatchObject({ status: 'active' });
    expect(await stateAfter(3)).toMatchObject({ status: 'disabled', disabled: { reason: 'failing' } });
  });

  test('forgets that an endpoint failed as soon as anything arrives', async () => {
    const { endpoint } = await world.endpoint();
    world.receiver = answers(503);
    await record(ulid(), 1);
    await world.deliverDue();
    world.receiver = accepts;
    await world.pass(10);
    expect((await readEndpoint(table, world.institutionId, endpoint.id))?.failingSince).toBeUndefined();
  });

  test('sends nothing more to an endpoint that was removed', async () => {
    const { endpoint } = await world.endpoint();
    const objectId = ulid();
    await record(objectId, 1);
    await removeEndpoint({ table }, endpoint);
    await world.pass(60);
    expect(world.sent).toEqual([]);
    const lane = { endpointId: endpoint.id, objectId };
    expect(await readDelivery(table, { ...lane, position: '000000000001' })).toMatchObject({
      death: 'endpoint_deleted',
    });
  });

  test('sends again what was delivered when asked to, under the same webhook-id', async () => {
    const { endpoint } = await world.endpoint();
    await record(ulid(), 1);
    await world.deliverDue();
    const { items } = await listDeliveries(table, endpoint.id, { limit: 10, filter: { status: 'delivered' } });
    const caller = { kind: 'institution', clientId: 'app', institutionId: world.institutionId } as const;
    const id = items[0]?.id ?? 'dlv_none';
    await replayDelivery(world.webhooks, { caller, id: id as NonNullable<(typeof items)[0]>['id'] }); // of the list
    await world.deliverDue();
    expect(world.sent).toHaveLength(2);
    expect(world.sent[0]?.headers['webhook-id']).toBe(world.sent[1]?.headers['webhook-id']);
  });

  test('finds by its sweep what a lost message left behind, and leaves what waits for its turn alone', async () => {
    const { endpoint } = await world.endpoint();
    const objectId = ulid();
    for (const version of [1, 2]) await record(objectId, version);
    world.queue.length = 0;
    await world.pass(300);
    await sweepDeliveries(world.webhooks);
    expect(world.queue.filter(({ turn }) => turn.endpointId === endpoint.id)).toEqual([]);
    await world.pass(400);
    await sweepDeliveries(world.webhooks);
    await world.pass(10);
    expect(versionsOf(world.sent)).toEqual([1, 2]);

    world.receiver = hangs;
    const failing = ulid();
    for (const version of [1, 2]) await record(failing, version);
    await world.pass(2 * hour);
    // the one that waits is looked at once for each try of the one before it, not with every sweep
    await sweepDeliveries(world.webhooks);
    await world.deliverDue();
    world.queue.length = 0;
    await sweepDeliveries(world.webhooks);
    expect(world.queue.filter(({ turn }) => turn.endpointId === endpoint.id)).toEqual([]);
    expect(await firstOpen(table, { endpointId: endpoint.id, objectId: failing }, 5)).toHaveLength(2);
  });

  test('never has two of one object on their way at once, however many turns come together', async () => {
    await world.endpoint();
    const objectId = ulid();
    for (const version of [1, 2, 3]) await record(objectId, version);
    let underWay = 0;
    let most = 0;
    world.receiver = async (request) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 30));
      underWay -= 1;
      return accepts(request);
    };
    const turns = world.queue.splice(0);
    const outcomes = await Promise.all([...turns, ...turns].map(({ turn }) => takeTurn(world.webhooks, turn)));
    // a turn that has to wait may hold the lane while the first one comes: that one comes back
    expect(outcomes).toContain('busy');
    await world.pass(30);
    expect(most).toBe(1);
    expect(versionsOf(world.sent)).toEqual([1, 2, 3]);
  });

  test('writes an event once, however often a stream tells it', async () => {
    await world.endpoint();
    const event = world.event(ulid(), 1);
    expect(await recordEvent(world.webhooks, { event })).toBe('recorded');
    expect(await recordEvent(world.webhooks, { event })).toBe('known');
    await world.deliverDue();
    expect(world.sent).toHaveLength(1);
    expect((await listEvents(table, world.institutionId, { limit: 10, filter: {} })).items).toEqual([event]);
  });
});
