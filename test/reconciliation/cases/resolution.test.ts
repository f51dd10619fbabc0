import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reconciliationPolicyKind } from '../../../functions/channels/configuration/kinds/reconciliation-policy.ts';
import { defaultPolicy } from '../../../functions/channels/index.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { netLegs } from '../../../functions/ledger/index.ts';
import { automaticResolution } from '../../../functions/reconciliation/cases/automatic-resolution.ts';
import {
  allowedResolutions,
  checkResolution,
  resolutionKinds,
} from '../../../functions/reconciliation/cases/resolution.ts';
import { clearingLegs, oppositeLegs } from '../../../functions/reconciliation/cases/resolution-postings.ts';
import { daysOpen, severityAt, urgencyOf } from '../../../functions/reconciliation/cases/urgency.ts';
import { type DifferenceFacts, differenceLegs, suspenseTypeOf } from '../../../functions/reconciliation/difference.ts';
import { differenceTypes } from '../../../functions/reconciliation/difference-types.ts';

const facts = (some: Partial<DifferenceFacts> = {}): DifferenceFacts => ({
  type: 'missing_in_books',
  kind: 'collection',
  key: 'collection:1',
  adjustment: 500n,
  ...some,
});

const inYuan = (some: DifferenceFacts) => ({ facts: some, currency: 'CNY' }) as const;

describe('what a difference may be resolved by', () => {
  const money = ['write_off', 'credit_account', 'debit_account', 'offset', 'await_correction'];
  test.each([
    ['missing_in_books', money],
    ['missing_at_channel', [...money, 'fail_payment']],
    ['amount_mismatch', money],
    ['fee_mismatch', ['write_off', 'adjust_fee', 'offset', 'await_correction']],
    ['status_mismatch', [...money, 'complete_payment', 'fail_payment']],
    ['duplicate', money],
    ['returned', [...money, 'return_payout']],
  ] as const)('%s', (type, allowed) => {
    expect([...allowedResolutions[type]].sort()).toEqual([...allowed].sort());
  });

  test('is refused by name for every other pair', () => {
    for (const type of differenceTypes) {
      for (const kind of resolutionKinds.filter((each) => !allowedResolutions[type].includes(each))) {
        expect(checkResolution(inYuan(facts({ type })), { kind })).toMatchObject({ refused: 'resolution_not_allowed' });
      }
    }
  });

  test('follows the direction of the money, and of the payment', () => {
    expect(checkResolution(inYuan(facts()), { kind: 'credit_account' })).toBeUndefined();
    expect(checkResolution(inYuan(facts()), { kind: 'debit_account' })).toBeDefined();
    expect(checkResolution(inYuan(facts({ adjustment: -1n })), { kind: 'credit_account' })).toBeDefined();
    expect(checkResolution(inYuan(facts({ adjustment: -1n })), { kind: 'debit_account' })).toBeUndefined();
    const sides = { channelOrderNo: '1', amount: 1n, fee: 0n, currency: 'CNY' } as const;
    const theirs = { ourReference: '1', channelReference: '2', ...sides };
    const paymentId = idFrom('pay', '1');
    const failedHere = facts({
      type: 'status_mismatch',
      paymentId,
      ours: { ...sides, status: 'failed' },
      theirs: { ...theirs, status: 'succeeded' },
    });
    const failedThere = facts({
      type: 'status_mismatch',
      paymentId,
      ours: { ...sides, status: 'succeeded' },
      theirs: { ...theirs, status: 'failed' },
    });
    expect(checkResolution(inYuan(failedHere), { kind: 'complete_payment' })).toBeUndefined();
    expect(checkResolution(inYuan(failedHere), { kind: 'fail_payment' })).toBeDefined();
    expect(checkResolution(inYuan(failedThere), { kind: 'fail_payment' })).toBeUndefined();
    expect(checkResolution(inYuan(failedThere), { kind: 'complete_payment' })).toBeDefined();
  });
});

test('clearing a difference takes out of suspense what its posting put there, and taking that back puts it there again', () => {
  const settlementAccountId = idFrom('acct', 'settlement');
  const target = { accountId: idFrom('acct', 'target'), balance: 'available' } as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...differenceTypes),
      fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
      (type, adjustment) => {
        const held = { facts: { type, adjustment }, settlementAccountId, currency: 'CNY' } as const;
        const opened = differenceLegs({ type, adjustment, settlementAccountId, currency: 'CNY' });
        const cleared = clearingLegs(held, target);
        if (adjustment === 0n) return expect([...opened, ...cleared]).toEqual([]);
        const moves = netLegs({ id: idFrom('post', 'x'), type: 'difference', legs: [...opened, ...cleared] });
        // what is left moves between the channel's money and the target
        expect(moves.map(({ accountId }) => accountId).sort()).toEqual([settlementAccountId, target.accountId].sort());
        expect(moves.find(({ accountId }) => accountId === settlementAccountId)?.available).toBe(adjustment);
        const back = netLegs({
          id: idFrom('post', 'y'),
          type: 'difference',
          legs: [...opened, ...cleared, ...oppositeLegs(cleared)],
        });
        expect(back).toEqual(netLegs({ id: idFrom('post', 'z'), type: 'difference', legs: opened }));
        expect(suspenseTypeOf(type)).toBeDefined();
      },
    ),
  );
});

describe('a policy', () => {
  const policy = reconciliationPolicyKind.read('p', {
    channel: '*',
    tolerance: { amount: 100, fee: 5 },
    automatic: [
      { types: ['duplicate', 'missing_in_books'], upTo: 300, resolution: 'write_off' },
      { types: ['missing_in_books'], upTo: 900, resolution: 'write_off' },
      { types: ['status_mismatch'], upTo: 900, resolution: 'fail_payment' },
    ],
  });
  const kindOf = (some: Partial<DifferenceFacts>) => automaticResolution(inYuan(facts(some)), policy)?.kind;

  test.each([
    ['a fee within tolerance', { type: 'fee_mismatch', adjustment: -5n }, 'adjust_fee'],
    ['a fee above it', { type: 'fee_mismatch', adjustment: -6n }, undefined],
    ['an amount within tolerance', { type: 'amount_mismatch', adjustment: 100n }, 'write_off'],
    ['an amount above it', { type: 'amount_mismatch', adjustment: 101n }, undefined],
    ['what a rule is for', { type: 'duplicate', adjustment: 300n }, 'write_off'],
    ['more than it is for', { type: 'duplicate', adjustment: 301n }, undefined],
    ['what a second rule is for', { type: 'missing_in_books', adjustment: 301n }, 'write_off'],
    ['what no rule is for', { type: 'missing_at_channel', adjustment: -1n }, undefined],
    ['what the rule can not do', { type: 'status_mismatch', adjustment: 1n }, undefined],
    ['what moves nothing', { type: 'missing_in_books', adjustment: 0n }, undefined],
  ] as const)('resolves %s as it says', (_name, some, kind) => {
    expect(kindOf(some)).toBe(kind);
  });
});

describe('a case', () => {
  const openedAt = new Date('2026-03-02T00:00:00Z');
  const at = (hours: number) => new Date(openedAt.getTime() + hours * 3_600_000);

  test.each([
    [9_999n, 'low', 72],
    [-10_000n, 'medium', 24],
    [1_000_000n, 'high', 4],
  ] as const)('of %s minor units is of severity %s and due after %s hours', (adjustment, severity, hours) => {
    expect(urgencyOf(facts({ adjustment }), defaultPolicy, openedAt)).toEqual({ severity, dueAt: at(hours) });
  });

  test('that is overdue is as urgent as one of the next severity', () => {
    const urgency = urgencyOf(facts({ adjustment: 1n }), defaultPolicy, openedAt);
    expect(severityAt(urgency, at(71))).toBe('low');
    expect(severityAt(urgency, at(72))).toBe('medium');
    expect([0, 23, 24, 49].map((hours) => daysOpen(openedAt, at(hours)))).toEqual([0, 0, 1, 2]);
  });
});
