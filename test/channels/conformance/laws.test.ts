import { AssertionError } from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import type { ChannelAdapter } from '../../../functions/channels/index.ts';
import { defects } from './defects.ts';
import type { Law } from './law.ts';
import { checkLaw, laws } from './laws.ts';
import { type Defect, openReferenceWorld } from './reference-world.ts';

/** What the law says to a world in which something is broken; undefined when it finds nothing. */
async function findingOf(law: Law, defect: Defect): Promise<unknown> {
  const world = await openReferenceWorld(defect);
  try {
    await checkLaw(law, world);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await world.close();
  }
}

describe('the kit', () => {
  test('has laws of different names', () => {
    expect(new Set(laws.map(({ name }) => name)).size).toBe(laws.length);
  });

  test('knows of a defect that each law is there for', () => {
    expect(laws.filter(({ name }) => !defects.some(({ breaks }) => breaks.test(name)))).toEqual([]);
  });

  describe.each(defects)('finds $what', (defect) => {
    test.each(laws.filter(({ name }) => defect.breaks.test(name)))('by the law: $name', async (law) => {
      expect(await findingOf(law, defect)).toBeInstanceOf(AssertionError);
    });
  });
});

describe('every call of a law', () => {
  const [law] = laws.filter(({ name }) => name.startsWith('a collection that the channel carries out'));
  const broken: readonly [what: string, collect: ChannelAdapter['collect'], finding: RegExp][] = [
    [
      'an adapter that throws',
      async () => {
        throw new Error('no connection');
      },
      /collect threw/,
    ],
    [
      'an agreement in a cause',
      async (order) => ({
        outcome: 'unknown',
        cause: `no answer for ${'agreementNo' in order ? order.agreementNo : ''}`,
      }),
      /collect tells a secret/,
    ],
    [
      'a secret in a reason',
      async () => ({ outcome: 'refused', reason: 'the secret of both sides', retryElsewhere: false }),
      /no code/,
    ],
    [
      'a sentence for a reason',
      async () => ({ outcome: 'refused', reason: 'Card declined.', retryElsewhere: false }),
      /no code/,
    ],
    [
      'a success at no time',
      async () => ({ outcome: 'succeeded', channelTradeNo: 'T1', completedAt: new Date(Number.NaN) }),
      /at no time/,
    ],
    [
      'a success without a number',
      async () => ({ outcome: 'succeeded', channelTradeNo: '', completedAt: new Date() }),
      /without a trade number/,
    ],
  ];

  test.each(broken)('finds %s', async (_what, collect, finding) => {
    expect(law).toBeDefined();
    if (!law) return;
    const found = await findingOf(law, { adapter: () => ({ collect }) });
    expect(found).toBeInstanceOf(AssertionError);
    expect(String(found)).toMatch(finding);
  });
});
