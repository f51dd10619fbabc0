import { expect, test } from '@jest/globals';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { changedBy, type Verification } from '../../../functions/parties/verification/verification.ts';
import { verificationView } from '../../../functions/parties/verification/verification-view.ts';

const at = new Date('2026-03-01T16:00:00Z');
const asked: Verification = {
  id: idFrom('ver', '1'),
  institutionId: idFrom('inst', 'Mountain Tea'),
  kind: 'two_factor',
  status: 'processing',
  masked: { name: '张**' },
  factsHash: 'hash',
  operationId: 'operation-1',
  route: { channel: 'sandbox-bank', merchantNo: 'BANK-7', settlementAccountId: idFrom('acct', 'bank') },
  attempt: 1,
  cost: money(30n, 'CNY'),
  fee: money(50n, 'CNY'),
  createdAt: at.toISOString(),
  wrongAmounts: 0,
  version: 1,
  history: [],
};

test("the channel's price is the fee and ours is charged, as of every transaction, once there is a verdict", () => {
  expect(verificationView(asked)).toMatchObject({ fee: { amount: 0 }, charged: { amount: 0 } });
  const call = { operation: 'verify', code: 'succeeded', durationMs: 80 } as const;
  expect(verificationView(changedBy(asked, { event: 'pass', at, call }))).toMatchObject({
    fee: { amount: 30, currency: 'CNY' },
    charged: { amount: 50, currency: 'CNY' },
  });
});
