import { describe, expect, test } from '@jest/globals';
import { type Channel, channelCost, type Merchant, sandboxChannels } from '../../functions/channels/index.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { maximumAttempts, type RoutingFacts, routesFor, routesFrom } from '../../functions/payments/routing.ts';
import { institutionId, topUp } from './sample-payments.ts';

const channelNamed = (id: string): Channel => {
  const channel = sandboxChannels.find((each) => each.id === id);
  if (channel === undefined) throw new Error(`no channel ${id}`);
  return channel;
};

const merchant = (channel: string, merchantNo: string, priority: number, facts: Partial<Merchant> = {}): Merchant => ({
  channel: channelNamed(channel).id,
  merchantNo,
  institutionId,
  accountId: idFrom('acct', channel, merchantNo),
  currency: 'CNY',
  priority,
  registeredAt: new Date('2026-01-01T00:00:00Z'),
  ...facts,
});

const facts: RoutingFacts = {
  product: 'withholding',
  amount: money(10_000n, 'CNY'),
  merchants: [merchant('sandbox-wallet', 'W1', 10), merchant('sandbox-bank', 'B1', 20)],
  agreements: {
    'sandbox-wallet': { merchantNo: 'W1', agreementNo: 'agreed-w1' },
    'sandbox-bank': { merchantNo: 'B1', agreementNo: 'agreed-b1' },
  },
  findChannel: (id) => sandboxChannels.find((channel) => channel.id === id),
  costOf: channelCost,
};

const numbers = (routing: RoutingFacts) => routesFor(routing).map((route) => route.merchantNo);

describe('the routes of a payment', () => {
  test('follow the priority of the merchant numbers and carry what the channel needs', () => {
    const [first, second] = routesFor(facts);
    expect(first).toMatchObject({
      channel: 'sandbox-wallet',
      merchantNo: 'W1',
      agreementNo: 'agreed-w1',
      settlementAccountId: idFrom('acct', 'sandbox-wallet', 'W1'),
      fee: money(60n, 'CNY'),
    });
    expect(second).toMatchObject({ channel: 'sandbox-bank', fee: money(25n, 'CNY') });
  });

  test('leave out a channel that does not sell the product', () => {
    expect(numbers({ ...facts, product: 'payout' })).toEqual(['B1']);
  });

  test('leave out a channel with which the card has no agreement, or one under another merchant number', () => {
    const agreements = { 'sandbox-bank': { merchantNo: 'B1', agreementNo: 'agreed-b1' } };
    expect(numbers({ ...facts, agreements })).toEqual(['B1']);
    const elsewhere = { 'sandbox-wallet': { merchantNo: 'W2', agreementNo: 'agreed-w2' } };
    expect(numbers({ ...facts, agreements: elsewhere })).toEqual([]);
  });

  test('leave out a merchant number of another currency', () => {
    const merchants = [merchant('sandbox-wallet', 'W1', 10, { currency: 'USD' }), merchant('sandbox-bank', 'B1', 20)];
    expect(numbers({ ...facts, merchants })).toEqual(['B1']);
  });

  test('leave out a channel that is no longer in the catalogue', () => {
    expect(numbers({ ...facts, findChannel: () => undefined })).toEqual([]);
  });

  test('are no more than the caller can wait for', () => {
    const bank = channelNamed('sandbox-bank');
    const names = ['a', 'b', 'c', 'd'];
    const merchants = names.map((name, place) => ({
      ...merchant('sandbox-bank', `M-${name}`, place),
      channel: name as Merchant['channel'], // four invented channels
    }));
    const agreements = Object.fromEntries(names.map((name) => [name, { merchantNo: `M-${name}`, agreementNo: name }]));
    expect(numbers({ ...facts, merchants, agreements, findChannel: () => bank })).toHaveLength(maximumAttempts);
  });

  test('go on from where a payment stands', () => {
    const payment = topUp({}, { ...topUp(), channel: 'sandbox-bank', merchantNo: 'B1' });
    expect(routesFrom(payment, routesFor(facts)).map((route) => route.merchantNo)).toEqual(['B1']);
    expect(routesFrom({ ...payment, merchantNo: 'gone' }, routesFor(facts))).toEqual([]);
  });
});
