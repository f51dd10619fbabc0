import { beforeAll, describe, expect, test } from '@jest/globals';
import { type ChannelOutcome, findRoutes, healthReader, noteOutcomes } from '../../../functions/channels/index.ts';
import { explainRoutes } from '../../../functions/channels/routing/find-routes.ts';
import { countsNow } from '../../../functions/channels/routing/health.ts';
import { readHealth } from '../../../functions/channels/routing/health-store.ts';
import { engines } from '../../support/engines.ts';
import { atOnce, type RoutingOn, register, routingOn, withConfiguration } from './routing-on.ts';
import { channelOf, configured, later, merchantAt, morning, requestOf } from './samples.ts';

const configuration = configured({ channels: [channelOf('alpha'), channelOf('beta')] });

const outcomes = (outcome: ChannelOutcome['outcome'], at: Date, count = 1): ChannelOutcome[] =>
  Array.from({ length: count }, () => ({
    channel: 'alpha',
    merchantNo: 'm-alpha',
    product: 'withholding',
    at,
    outcome,
  }));

describe.each(engines)('circuits on $name', (engine) => {
  let on: RoutingOn;
  const place = { channel: 'alpha', merchantNo: 'm-alpha', product: 'withholding' } as const;
  const note = (now: Date, those: readonly ChannelOutcome[]) =>
    noteOutcomes({ table: on.table, clock: () => now, random: Math.random }, those);
  const routed = async (now: Date) =>
    (await findRoutes(withConfiguration(on, configuration), requestOf({ at: now }))).verdicts;
  const stateAt = async (now: Date) => (await readHealth(on, place, now)).circuit.state;

  beforeAll(async () => {
    on = await routingOn(engine);
    await register(on, merchantAt('alpha'), merchantAt('beta', { priority: 20 }));
  });

  test('open once under many readers, let one probe through at a time, and close after good ones', async () => {
    expect((await routed(morning)).map(({ channel }) => channel)).toEqual(['alpha', 'beta']);

    // eight readers of the stream report a collapse, one with a success in it
    const reports = [
      outcomes('succeeded', morning),
      ...Array.from({ length: 7 }, () => outcomes('refused', morning, 4)),
    ];
    const changes = (await Promise.all(reports.map((report) => note(later(1), report)))).flat();
    expect(changes).toMatchObject([{ channel: 'alpha', product: 'withholding', from: 'closed', to: 'open' }]);
    expect(countsNow(await readHealth(on, place, later(1)), later(1))).toMatchObject({ succeeded: 1, refused: 28 });
    // one merchant number's trouble is nobody else's
    const another = await readHealth(on, { ...place, merchantNo: 'm-of-others' }, later(1));
    expect(another.circuit.state).toBe('closed');
    expect(await routed(later(2))).toMatchObject([
      { channel: 'beta', rank: 1 },
      { channel: 'alpha', reason: 'circuit_open' },
    ]);

    // people who look are no probes
    const explained = await explainRoutes(withConfiguration(on, configuration), requestOf({ at: later(31) }));
    expect(explained.verdicts[0]).toMatchObject({ channel: 'alpha', probe: true });
    expect(await stateAt(later(31))).toBe('open');

    for (const round of [1, 2, 3]) {
      const now = later(30 + round);
      const fleet = await atOnce(Array.from({ length: 60 }), 60, () => routed(now));
      const probes = fleet.filter(([first]) => first?.channel === 'alpha');
      expect(probes).toHaveLength(1);
      expect(probes[0]).toMatchObject([
        { channel: 'alpha', probe: true },
        { channel: 'beta', rank: 2 },
      ]);
      expect(await stateAt(now)).toBe('half_open');
      const answered = await note(now, outcomes('succeeded', now));
      expect(answered.map(({ to }) => to)).toEqual(round === 3 ? ['closed'] : []);
    }
    // what opened it is in its window no more
    expect(await routed(later(40))).toMatchObject([
      { channel: 'alpha', rank: 1, probe: false, observed: { circuit: 'closed' } },
      { channel: 'beta', rank: 2 },
    ]);
  }, 120_000);

  test('open for longer after a probe that failed, and send another where one was not answered', async () => {
    const start = later(3600);
    await note(start, outcomes('silent', start, 10));
    expect(await stateAt(start)).toBe('open');

    const probeAt = later(30, start);
    expect((await routed(probeAt))[0]).toMatchObject({ channel: 'alpha', probe: true });
    expect((await routed(later(29, probeAt)))[0]).toMatchObject({ channel: 'beta' });
    const next = later(30, probeAt);
    expect((await routed(next))[0]).toMatchObject({ channel: 'alpha', probe: true });
    // a card without money says nothing; the next payment tries
    await note(next, outcomes('declined', next));
    expect((await routed(later(1, next)))[0]).toMatchObject({ channel: 'alpha', probe: true });
    const failed = await note(later(2, next), outcomes('refused', later(2, next)));
    expect(failed).toMatchObject([{ from: 'half_open', to: 'open' }]);
    expect((await routed(later(61, next)))[0]).toMatchObject({ channel: 'beta' });
    expect((await routed(later(62, next)))[0]).toMatchObject({ channel: 'alpha', probe: true });
  });

  test('are read again after five seconds', async () => {
    let now = later(9000);
    const read = healthReader({ table: on.table, clock: () => now });
    const other = { channel: 'gamma', merchantNo: 'm-gamma', product: 'payout' } as const;
    expect((await read(other)).buckets).toEqual([]);
    const one = { ...other, at: now, outcome: 'succeeded' as const };
    await note(now, [one]);
    now = later(4.9, now);
    expect((await read(other)).buckets).toEqual([]);
    now = later(0.2, now);
    expect((await read(other)).buckets).toMatchObject([{ counts: { succeeded: 1 } }]);
  });
});
