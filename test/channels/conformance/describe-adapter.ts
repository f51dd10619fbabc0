/** Runs every law that applies to an adapter as a test of its own. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { applies, checkLaw, laws } from './laws.ts';
import type { World } from './world.ts';

export interface AdapterFacts {
  /** makes the world once, before the first law */
  readonly open: () => Promise<World>;
  /** the same as the world's own: jest wants to know the tests before anything is opened */
  readonly without: World['without'];
  /** for one law, and for opening the world */
  readonly timeoutMs?: number;
}

export function describeAdapter(name: string, { open, without, timeoutMs = 60_000 }: AdapterFacts): void {
  describe(`the adapter ${name}`, () => {
    let opened: World | undefined;
    const world = (): World => {
      if (!opened) throw new Error('the world could not be opened');
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    }, timeoutMs);
    afterAll(() => opened?.close());

    test('says of each ability that it lacks why it does', () => {
      expect(world().without).toEqual(without);
      for (const reason of Object.values(without)) expect(reason).toMatch(/\w/);
    });

    for (const law of laws.filter((each) => applies(each, without))) {
      test(law.name, () => checkLaw(law, world()), timeoutMs);
    }
  });
}
