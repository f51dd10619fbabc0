import { describe, expect, test } from '@jest/globals';
import { runScenario } from '../../../local/simulation/scenarios/run.ts';

/** `npm run simulate` makes thousands of runs; these few are for every `npm test`. */
const seeds = [1, 2, 10, 11, 13, 17, 18];
const requests = 60;

describe('the center in memory, with everything going wrong by the seed', () => {
  test.each(seeds)('keeps its laws (seed %i)', async (seed) => {
    const run = await runScenario({ seed, requests });
    expect({ seed: run.seed, broken: run.broken }).toEqual({ seed, broken: [] });
    expect(run.operations).toBeGreaterThan(requests);
  });

  test('lives the same run again by the same seed', async () => {
    const [first, again, other] = [
      await runScenario({ seed: 5, requests: 20 }),
      await runScenario({ seed: 5, requests: 20 }),
      await runScenario({ seed: 6, requests: 20 }),
    ];
    expect(again.fingerprint).toBe(first.fingerprint);
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });
});
