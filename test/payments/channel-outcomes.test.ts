import { describe, expect, test } from '@jest/globals';
import type { ChannelOutcome } from '../../functions/channels/index.ts';
import { channelOutcomes } from '../../functions/payments/channel-outcomes.ts';
import type { ChannelCall, Payment } from '../../functions/payments/payment.ts';
import { awaitPayment, failPayment, reroutePayment, succeedPayment } from '../../functions/payments/payment-changes.ts';
import { bank, refund, topUp } from './sample-payments.ts';

const at = new Date('2026-03-01T16:00:00Z');

const call = (outcome: ChannelCall['outcome'], operation: ChannelCall['operation'] = 'collect') => ({
  at,
  source: 'request' as const,
  call: { operation, outcome, durationMs: 12 },
});

const success = { channelTradeNo: 'T1', completedAt: at };
const statementDay = topUp().statementDay;
const failure = { code: 'refused', reason: 'no' } as const;

/** What each change said, one after the other, as the stream tells of them. */
function told(first: Payment, ...changes: ((before: Payment) => Payment)[]): (readonly [string, string])[] {
  const outcomes: ChannelOutcome[] = [];
  let before: Payment | undefined;
  let after = first;
  for (const change of [undefined, ...changes]) {
    after = change?.(after) ?? after;
    outcomes.push(...channelOutcomes(before, after));
    before = after;
  }
  return outcomes.map(({ channel, outcome }) => [channel, outcome]);
}

const succeed = (answer: object) => (payment: Payment) =>
  succeedPayment(payment, success, { at, source: 'callback', statementDay, ...answer });
const fail = (answer: object) => (payment: Payment) =>
  failPayment(payment, failure, { at, source: 'callback', ...answer });
const wait = (answer: ReturnType<typeof call>) => (payment: Payment) => awaitPayment(payment, answer);
const reroute = (answer: object) => (payment: Payment) =>
  reroutePayment(payment, bank, { at, source: 'request', reason: 'down', ...answer });

describe('what a payment says of its channel', () => {
  test.each<[string, (before: Payment) => Payment, string | undefined]>([
    ['a success', succeed(call('succeeded')), 'succeeded'],
    ['the no of the card', fail(call('refused')), 'declined'],
    ['the no of the channel', fail(call('refused_here')), 'refused'],
    ['silence', wait(call('unknown')), 'silent'],
    ['a payer who is waited for', wait(call('awaiting_payer')), undefined],
    ['a success that a callback told of', succeed({}), 'succeeded'],
    ['a failure that a callback told of', fail({}), undefined],
    ['an order that never arrived', fail(call('not_found', 'query')), undefined],
    ['a success that was asked for', succeed(call('succeeded', 'query')), 'succeeded'],
  ])('by %s', (_, change, outcome) => {
    expect(told(topUp(), change)).toEqual(outcome ? [['sandbox-wallet', outcome]] : []);
  });

  test('is said once for each attempt, of the channel that the attempt was at', () => {
    const silentThenGood = [wait(call('unknown')), wait(call('unknown', 'query')), succeed(call('succeeded', 'query'))];
    expect(told(topUp(), ...silentThenGood)).toEqual([['sandbox-wallet', 'silent']]);
    expect(told(topUp(), reroute(call('refused_here')), succeed(call('succeeded')))).toEqual([
      ['sandbox-wallet', 'refused'],
      ['sandbox-bank', 'succeeded'],
    ]);
    expect(told(topUp(), reroute(call('refused_here')), wait(call('unknown')), fail({}))).toEqual([
      ['sandbox-wallet', 'refused'],
      ['sandbox-bank', 'silent'],
    ]);
  });

  test('is the same when the stream shows several changes as one', () => {
    const rerouted = reroute(call('refused_here'))(topUp());
    const ended = succeed(call('succeeded'))(rerouted);
    expect(channelOutcomes(undefined, ended)).toMatchObject([
      { channel: 'sandbox-wallet', merchantNo: '1601959334', product: 'withholding', at, outcome: 'refused' },
      { channel: 'sandbox-bank', outcome: 'succeeded' },
    ]);
  });

  test('is nothing where money goes back', () => {
    expect(told(refund(), succeed(call('succeeded', 'refund')))).toEqual([]);
  });
});
