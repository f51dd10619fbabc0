import { expect, test } from '@jest/globals';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { bareId, idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { changedBy, type Verification } from '../../../functions/parties/verification/verification.ts';
import { shownTransactionSchema } from '../../../functions/payments/transaction-schemas.ts';
import { shownTransaction } from '../../../functions/payments/transaction-view.ts';

const at = new Date('2026-03-01T16:00:00Z');
const id = idFrom('ver', '1');
const routeTo = (channel: string) => ({
  channel,
  merchantNo: '1601959334',
  settlementAccountId: idFrom('acct', channel),
});
const asked: Verification = {
  id,
  institutionId: idFrom('inst', 'Mountain Tea'),
  kind: 'two_factor',
  status: 'processing',
  masked: {},
  factsHash: 'hash',
  operationId: 'operation-1',
  route: routeTo('sandbox-wallet'),
  attempt: 1,
  cost: money(30n, 'CNY'),
  fee: money(50n, 'CNY'),
  createdAt: at.toISOString(),
  wrongAmounts: 0,
  version: 1,
  history: [],
};

const called = (operation: 'verify' | 'queryVerification', code: string) => ({ operation, code, durationMs: 80 });
const shown = (verification: Verification) =>
  shownTransactionSchema.parse(shownTransaction({ from: 'verifications', verification }));

test('the timeline of a verification shows each call at the channel that was asked, each state and each charge', () => {
  const busy = called('verify', 'channel_busy');
  const next = { route: routeTo('sandbox-bank'), attempt: 2 };
  const rerouted = changedBy(asked, { event: 'reroute', at, call: busy }, next);
  const silent = changedBy(rerouted, { event: 'fall_silent', at, call: called('verify', 'no answer in time') });
  const passed = changedBy(silent, { event: 'pass', at, call: called('queryVerification', 'succeeded') });
  const { timeline, channelOrderNo, accountingDate } = shown({
    ...passed,
    accountingDate: '2026-03-02' as AccountingDate, // a day
  });
  expect(timeline).toMatchObject([
    { type: 'state', event: 'make', status: 'processing' },
    {
      type: 'call',
      channel: 'sandbox-wallet',
      channelOrderNo: `${bareId(id)}V1`,
      operation: 'verify',
      outcome: 'refused_here',
      code: 'channel_busy',
      durationMs: 80,
    },
    { type: 'state', event: 'reroute', status: 'processing', detail: 'channel_busy' },
    { type: 'call', channel: 'sandbox-bank', channelOrderNo, outcome: 'unknown', code: 'no answer in time' },
    { type: 'call', channel: 'sandbox-bank', channelOrderNo, operation: 'query', outcome: 'succeeded' },
    { type: 'state', event: 'pass', status: 'succeeded' },
    { type: 'posting', postingType: 'verification_cost', accountingDate: '2026-03-02' },
    { type: 'posting', postingType: 'fee_charge', accountingDate: '2026-03-02' },
  ]);
  expect([channelOrderNo, accountingDate]).toEqual([`${bareId(id)}V2`, '2026-03-02']);
});

test('it says why a verification failed, and which earlier success answered', () => {
  const failure = { code: 'facts_refused', reason: 'identity_mismatch' };
  const call = called('verify', 'identity_mismatch');
  const refused = changedBy(asked, { event: 'refuse', at, call }, { failure });
  expect(shown(refused).timeline.slice(1)).toMatchObject([
    { outcome: 'refused', code: 'identity_mismatch' },
    { event: 'refuse', status: 'failed', detail: 'identity_mismatch' },
  ]);
  const earlier = idFrom('ver', '0');
  const { route: _, ...unasked } = asked;
  const answered = shown({ ...unasked, status: 'succeeded', attempt: 0, cachedFrom: earlier });
  expect(answered.timeline).toMatchObject([{ event: 'make', status: 'succeeded', detail: earlier }]);
  expect(answered.channelOrderNo).toBeNull();
});

test('a number that its channel never received was not found there', () => {
  const failure = { code: 'no_verdict', reason: 'never_received' };
  const call = called('queryVerification', 'not_found');
  expect(shown(changedBy(asked, { event: 'give_up', at, call }, { failure })).timeline.slice(1)).toMatchObject([
    { type: 'call', operation: 'query', outcome: 'not_found' },
    { event: 'give_up', status: 'failed', detail: 'never_received' },
  ]);
});

test('a transfer is made when it is stored, by the posting that it is', () => {
  const transfer = {
    id: idFrom('post', 't'),
    kind: 'transfer',
    institutionId: asked.institutionId,
    fromAccountId: idFrom('acct', 'a'),
    toAccountId: idFrom('acct', 'b'),
    amount: money(1n, 'CNY'),
    accountingDate: '2026-03-02' as AccountingDate, // a day
    postedAt: at.toISOString(),
  } as const;
  expect(shownTransactionSchema.parse(shownTransaction({ from: 'transfers', transfer })).timeline).toMatchObject([
    { type: 'state', event: 'make', status: 'succeeded' },
    { type: 'posting', postingId: transfer.id, postingType: 'transfer' },
  ]);
});
