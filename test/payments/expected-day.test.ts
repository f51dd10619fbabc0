import { describe, expect, test } from '@jest/globals';
import { expectationShards, expectedDayKey, shardOf } from '../../functions/payments/expected-day.ts';
import { topUp } from './sample-payments.ts';

describe('what is expected of a day', () => {
  test('is named by channel, merchant number, day and shard', () => {
    expect(expectedDayKey({ channel: 'sandbox-bank', merchantNo: 'B1', day: '2026-03-01', shard: 3 })).toBe(
      'sandbox-bank#B1#2026-03-01#3',
    );
  });

  test('spreads evenly over its shards', () => {
    const counts = new Array<number>(expectationShards).fill(0);
    for (let place = 0; place < 4_000; place++) {
      const shard = shardOf(topUp({ reference: `R-${place}` }).channelOrderNo);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});
