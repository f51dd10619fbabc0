/**
 * The law of delivery: whatever happens to messages, processes and receivers, the events of one object reach an endpoint one
 * after the other in their order, and each reaches it at last.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ulid } from 'ulid';
import type { Table } from '../../functions/kernel/table.ts';
import { firstOpen, listDeliveries } from '../../functions/webhooks/delivery-store.ts';
import { listEvents } from '../../functions/webhooks/event-store.ts';
import type { ObjectChange, ReadChange } from '../../functions/webhooks/object-change.ts';
import { relayChanges } from '../../functions/webhooks/relay-changes.ts';
import { sweepDeliveries } from '../../functions/webhooks/sweep-deliveries.ts';
import { takeTurn } from '../../functions/webhooks/take-turn.ts';
import { Crash, type Strike, startProcess } from '../payments/crash.ts';
import { engines } from '../support/engines.ts';
import { accepts, answers, createWebhooksTable, hangs, type Receiver, WebhooksWorld } from './webhooks-world.ts';

const receivers: Readonly<Record<string, Receiver>> = { accepts, hangs, fails: answers(500) };

const place = fc.nat({ max: 50 });
const strike = fc.option(
  fc.record({ call: fc.integer({ min: 1, max: 12 }), blow: fc.constantFrom('dies_before', 'dies_after') }),
  { nil: undefined },
) as fc.Arbitrary<Strike | undefined>; // constantFrom widens the two words

/** What may happen next. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('relay'), object: fc.nat({ max: 1 }), strike }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('turn'), place, strike }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('two turns'), place, other: place }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('lose'), place }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('repeat'), place }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('wait'), seconds: fc.integer({ min: 1, max: 4_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('receiver'), is: fc.constantFrom(...Object.keys(receivers)) }),
  },
);

interface Arrival {
  readonly lane: string;
  readonly version: number;
  readonly taken: boolean;
}

describe.each(engines)('whatever happens on $name', ({ client }) => {
  let table: Table;

  beforeAll(async () => {
    table = await createWebhooksTable(client());
  });

  const survive = async (run: () => Promise<unknown>): Promise<boolean> => {
    try {
      await run();
      return true;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return false;
    }
  };

  test('order holds, nothing is lost and nothing of one object is on its way twice', async () => {
    const run = fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 45 }), async (steps) => {
      const world = new WebhooksWorld(table);
      const endpoints = [await world.endpoint(), await world.endpoint(['payment.*'])];
      const objects = [ulid(), ulid()];
      const told = [0, 0];
      const arrivals: Arrival[] = [];
      const underWay = new Set<string>();
      let behaves: Receiver = accepts;
      world.receiver = async (request) => {
        const { id, version } = JSON.parse(request.body).data;
        const lane = `${request.url} ${id}`;
        expect(underWay).not.toContain(lane);
        underWay.add(lane);
        await new Promise((resolve) => setTimeout(resolve, 1));
        const answer = await behaves(request);
        underWay.delete(lane);
        arrivals.push({ lane, version, taken: answer.error === undefined });
        return answer;
      };

      const readChange: ReadChange = ({ after }) => world.event(String(after['object']), Number(after['version']));
      /** As a stream does: the same change again and again until it is taken, before any later one. */
      const relay = async (object: number, blow?: Strike) => {
        const version = (told[object] ?? 0) + 1;
        const at = new Date(world.nowMs);
        const change: ObjectChange = { after: { object: objects[object], version }, sequenceNumber: `${version}`, at };
        const { stopped } = await relayChanges(world.seenBy(startProcess(blow)), [change], readChange);
        if (stopped && !(stopped.cause instanceof Crash)) throw stopped.cause;
        if (stopped) await relayChanges(world.webhooks, [change], readChange);
        told[object] = version;
      };
      const turn = async (index: number, blow?: Strike) => {
        const shown = world.queue.filter(({ at }) => at <= world.nowMs);
        const taken = shown[index % shown.length];
        if (!taken) return;
        world.queue.splice(world.queue.indexOf(taken), 1);
        const ended = await survive(() => takeTurn(world.seenBy(startProcess(blow)), taken.turn));
        if (ended) return;
        // its message shows up again, as SQS has it; a request that was cut off is no more under way
        underWay.clear();
        world.queue.push({ ...taken, at: world.nowMs + 180_000 });
      };

      for (const each of steps) {
        if (each.does === 'relay' && 'object' in each) await relay(each.object, each.strike);
        if (each.does === 'turn' && 'strike' in each && 'place' in each) await turn(each.place, each.strike);
        if (each.does === 'two turns' && 'other' in each) await Promise.all([turn(each.place), turn(each.other)]);
        if (each.does === 'lose' && 'place' in each) world.queue.splice(each.place % (world.queue.length || 1), 1);
        if (each.does === 'repeat' && 'place' in each) {
          const twice = world.queue[each.place % (world.queue.length || 1)];
          if (twice) world.queue.push(twice);
        }
        if (each.does === 'wait' && 'seconds' in each) world.nowMs += each.seconds * 1000;
        if (each.does === 'receiver' && 'is' in each) behaves = receivers[each.is] ?? accepts;
      }

      behaves = accepts;
      const lanes = endpoints.flatMap(({ endpoint }) =>
        objects.map((objectId) => ({ endpointId: endpoint.id, objectId })),
      );
      const open = async () => (await Promise.all(lanes.map((lane) => firstOpen(table, lane, 1)))).flat();
      for (let hour = 0; hour < 60 && (await open()).length > 0; hour++) {
        await sweepDeliveries(world.webhooks);
        await world.pass(3_600);
      }
      expect(await open()).toEqual([]);

      // every event that was told is in the log once, and has one delivery at each endpoint, which was taken or given up
      const { items: log } = await listEvents(table, world.institutionId, { limit: 200, filter: {} });
      expect(log).toHaveLength((told[0] ?? 0) + (told[1] ?? 0));
      for (const { endpoint } of endpoints) {
        const { items } = await listDeliveries(table, endpoint.id, { limit: 200, filter: {} });
        expect(items).toHaveLength(log.length);
        expect(items.filter(({ status, tries }) => status === 'dead' && tries < 8)).toEqual([]);
        for (const [index, objectId] of objects.entries()) {
          const lane = `${endpoint.url} ${objectId}`;
          const taken = arrivals.filter((arrival) => arrival.lane === lane && arrival.taken);
          const firsts = [...new Set(taken.map(({ version }) => version))];
          expect(firsts).toEqual([...firsts].sort((one, two) => one - two));
          const dead = items.filter((each) => each.objectId === objectId && each.status === 'dead').length;
          expect(firsts.length + dead).toBeGreaterThanOrEqual(told[index] ?? 0);
        }
      }
      // nothing arrives after something later of its object has been tried
      for (const lane of new Set(arrivals.map((arrival) => arrival.lane))) {
        const versions = arrivals.filter((arrival) => arrival.lane === lane).map(({ version }) => version);
        expect(versions).toEqual([...versions].sort((one, two) => one - two));
      }
    });
    await fc.assert(run, { numRuns: 25 });
  });

  test('an event is written once and its turns are queued, wherever the relay dies', async () => {
    const world = new WebhooksWorld(table);
    const { endpoint } = await world.endpoint();
    const readChange: ReadChange = ({ after }) => world.event(String(after['object']), 1);
    const changeOf = (object: string): ObjectChange => ({ after: { object }, sequenceNumber: '1', at: new Date() });
    const undisturbed = startProcess();
    await relayChanges(world.seenBy(undisturbed), [changeOf(ulid())], readChange);
    expect(undisturbed.calls()).toBeGreaterThanOrEqual(3);
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        const object = ulid();
        world.queue.length = 0;
        const dying = world.seenBy(startProcess({ call, blow }));
        expect((await relayChanges(dying, [changeOf(object)], readChange)).stopped).toBeDefined();
        expect((await relayChanges(world.webhooks, [changeOf(object)], readChange)).stopped).toBeUndefined();
        expect(world.queue.map(({ turn }) => turn)).toContainEqual(
          expect.objectContaining({ endpointId: endpoint.id, objectId: object, attempt: 1 }),
        );
        const { items } = await listEvents(table, world.institutionId, { limit: 200, filter: { objectId: object } });
        expect(items).toHaveLength(1);
      }
    }
  });
});
