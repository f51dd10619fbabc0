import { describe, expect, test } from '@jest/globals';
import {
  channelCost,
  feeOf as feeBy,
  feeOn,
  findChannel,
  products,
  sandboxChannels,
} from '../../functions/channels/index.ts';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { feeFor, feeOf, givenBackOf, servedChannelSchema } from '../../functions/sandbox/channels-served.ts';

const day = '2026-11-22' as AccountingDate; // a real day

function channelNamed(id: string) {
  const channel = sandboxChannels.find((each) => each.id === id);
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
    ['sandbox-bank', 'verification', 1n, 50n],
    ['sandbox-bank', 'corporate_ebanking', 5_000_000n, 1_000n],
    ['sandbox-xml-bank', 'corporate_ebanking', 5_000_000n, 2_700n],
    ['sandbox-xml-bank', 'payout', 1n, 100n],
  ] as const)('of %s for %s of %d is %d', (id, product, amount, fee) => {
    expect(channelCost(channelNamed(id), { product, amount, day })).toBe(fee);
  });

  test('is not asked for what the channel does not offer', () => {
    const asked = { product: 'payout', amount: 100n, day } as const;
    expect(() => channelCost(channelNamed('sandbox-wallet'), asked)).toThrow('does not offer payout');
  });

  test.each(servedChannelSchema.options)('of %s is what the sandbox itself charges, and gives back', (id) => {
    for (const product of products) {
      const ours = channelNamed(id).products[product];
      const theirs = feeFor(id, product);
      expect(theirs === undefined).toBe(ours === undefined);
      if (!ours || !theirs) continue;
      const cost = feeBy(feeOn(ours.cost, day), 12_345n);
      expect(feeOf(12_345n, theirs)).toBe(cost);
      if (product !== 'payout' && product !== 'verification') {
        expect(givenBackOf(12_345n, theirs)).toBe(ours.feeBackOnRefund ? cost : 0n);
      }
    }
  });
});

describe('the catalogue', () => {
  test('names the channels that the sandbox serves, and no other', async () => {
    expect(sandboxChannels.map((channel) => channel.id)).toEqual(servedChannelSchema.options);
    expect(await findChannel({ catalogue: async () => sandboxChannels }, 'another-bank')).toBeUndefined();
  });
});
