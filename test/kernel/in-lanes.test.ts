import { describe, expect, test } from '@jest/globals';
import { inLanes } from '../../functions/kernel/in-lanes.ts';

describe('work in lanes', () => {
  test('is answered in the order of its items, however long each takes', async () => {
    const turns = [3, 1, 2];
    const results = await inLanes(turns, 3, async (rounds) => {
      for (let round = 0; round < rounds; round++) await Promise.resolve();
      return rounds * 10;
    });
    expect(results).toEqual([30, 10, 20]);
  });

  test('never has more at once than lanes', async () => {
    let now = 0;
    let most = 0;
    await inLanes(
      Array.from({ length: 20 }, (_, place) => place),
      4,
      async () => {
        now += 1;
        most = Math.max(most, now);
        await Promise.resolve();
        now -= 1;
      },
    );
    expect(most).toBe(4);
  });

  test('goes on past what fails, and tells of all that did', async () => {
    const done: number[] = [];
    const run = inLanes([1, 2, 3, 4], 2, async (item) => {
      if (item % 2 === 0) throw new Error(`no ${item}`);
      done.push(item);
    });
    await expect(run).rejects.toMatchObject({ errors: [new Error('no 2'), new Error('no 4')] });
    expect(done).toEqual([1, 3]);
  });

  test('of nothing is nothing', async () => {
    expect(await inLanes([], 4, async () => 1)).toEqual([]);
  });
});
