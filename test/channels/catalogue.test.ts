import { describe, expect, test } from '@jest/globals';
import { channelCost, findChannel, sandboxChannels } from '../../functions/channels/index.ts';
import { feeBasisPointsOf, feeOf, servedChannelSchema } from '../../functions/sandbox/channels-served.ts';

const channels = { catalogue: sandboxChannels };

function channelNamed(id: string) {
  const channel = findChannel(channels, id);
  if (!channel) throw new Error(`${id} is not in the catalogue`);
  return channel;
}

describe('the cost of a channel', () => {
  test.each([
    ['sandbox-wallet', 'withholding', 10_000n, 60n],
    ['sandbox-wallet', 'withholding', 83n, 0n],
    ['sandbox-wallet', 'withholding', 84n, 1n],
    ['sandbox-bank', 'withholding', 10_000n, 25n],
    ['sandbox-bank', 'withholding', 200n, 1n],
    ['sandbox-bank', 'payout', 499n, 0n],
    ['sandbox-bank', 'payout', 500n, 1n],
    ['sandbox-bank', 'verification', 1n, 0n],
  ] as const)('of %s for %s of %d is %d', (id, product, amount, fee) => {
    expect(channelCost(channelNamed(id), product, amount)).toBe(fee);
  });

  test('is not asked for what the channel does not offer', () => {
    expect(() => channelCost(channelNamed('sandbox-wallet'), 'payout', 100n)).toThrow('does not offer payout');
  });

  test.each(servedChannelSchema.options)('of %s is what the sandbox itself charges', (id) => {
    for (const product of ['withholding', 'payout'] as const) {
      const ours = channelNamed(id).products[product];
      const theirs = feeBasisPointsOf(id, product);
      expect(theirs).toBe(ours?.feeBasisPoints);
      if (theirs !== undefined) expect(feeOf(12_345n, theirs)).toBe(channelCost(channelNamed(id), product, 12_345n));
    }
  });
});

describe('the catalogue', () => {
  test('names the channels that the sandbox serves, and no other', () => {
    expect(sandboxChannels.map((channel) => channel.id)).toEqual(servedChannelSchema.options);
    expect(findChannel(channels, 'another-bank')).toBeUndefined();
  });
});
