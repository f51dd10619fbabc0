import { expect, test } from '@jest/globals';
import { type ApprovalStatus, type Decision, decisions } from '../../functions/access/approval-states.ts';

const table: [ApprovalStatus, Decision, ApprovalStatus | undefined][] = [
  ['proposed', 'approve', 'approved'],
  ['proposed', 'reject', 'rejected'],
  ['approved', 'approve', undefined],
  ['approved', 'reject', undefined],
  ['rejected', 'approve', undefined],
  ['rejected', 'reject', undefined],
];

test.each(table)('a proposal that is %s, when asked to %s, becomes %s', (from, decision, to) => {
  expect(decisions[from][decision]).toBe(to);
});
