import { expect, test } from '@jest/globals';
import { channelIdSchema } from '../../functions/channels/index.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { readReserveChange } from '../../functions/webhooks/reserve-events.ts';

const institutionId = idFrom('inst', 'one');
const accountId = idFrom('acct', 'settlement');
const channel = channelIdSchema.parse('sandbox-bank');

/** As the stream of the channels' table shows it. */
const low = {
  pk: 'RESERVE#sandbox-bank#880001',
  sk: 'LOW#000000002',
  ...{ channel, merchantNo: '880001', institutionId, accountId },
  ...{ epoch: 2n, balance: 90_000n, left: 40_000n, lowWater: 50_000n, currency: 'CNY', toldBy: 'channel' },
  ...{ toldAt: '2026-03-01T04:00:00.000Z', at: '2026-03-01T04:01:00.000Z', expiresAt: 1_800_000_000n },
};
const at = new Date('2026-03-01T04:01:00Z');

test('a reserve that is low is told to its institution, with what is left of it', () => {
  const event = readReserveChange({ after: low, sequenceNumber: '1', at });
  expect(event).toMatchObject({ type: 'reserve.low', institutionId, objectId: accountId, occurredAt: at });
  expect(JSON.parse(event?.data ?? '')).toEqual({
    settlementAccountId: accountId,
    channel,
    merchantNo: '880001',
    left: { amount: 40_000, currency: 'CNY' },
    lowWater: { amount: 50_000, currency: 'CNY' },
    toldAt: '2026-03-01T04:00:00.000Z',
  });
});

test('nothing else of channels is told, and nothing twice', () => {
  expect(readReserveChange({ after: { ...low, sk: 'TOLD#000000002' }, sequenceNumber: '1', at })).toBeUndefined();
  expect(readReserveChange({ before: low, after: low, sequenceNumber: '2', at })).toBeUndefined();
});
