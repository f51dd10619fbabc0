import { describe, expect, test } from '@jest/globals';
import { checkFile } from '../../functions/reconciliation/control-totals.ts';
import type { StagedRange } from '../../functions/reconciliation/range-summary.ts';

const file = (facts: Partial<StagedRange> = {}): StagedRange => ({
  read: 3,
  ofMerchant: 3,
  ofOthers: 0,
  ofDay: 3,
  ofOtherDays: 0,
  errors: [],
  ignored: {},
  sums: { amount: 10_000_000n },
  moreErrors: 0,
  wrongEncoding: false,
  ...facts,
});
const control = { lines: 3, sums: { amount: 10_000_000n } };
const day = { merchantNo: '880001', date: '2026-03-01' };
const error = { lineNumber: 4, reason: 'has 1 fields instead of 9', raw: 'x' };

describe('a file', () => {
  test('ties when its lines are what its summary says', () => {
    expect(checkFile(file(), control, day)).toEqual({ lines: 3, tied: true, otherDays: 0 });
  });

  test.each([
    ['wrong_encoding', file({ wrongEncoding: true, read: 0 })],
    ['too_many_line_errors', file({ moreErrors: 1 })],
    ['wrong_merchant', file({ ofMerchant: 0, ofOthers: 3 })],
    ['wrong_day', file({ ofDay: 0, ofOtherDays: 3 })],
    ['wrong_control_total', file({ read: 2 })],
    ['wrong_control_total', file({ sums: { amount: 9_999_000n } })],
    ['wrong_control_total', file({ sums: {} })],
  ])('is turned away for its %s', (reason, wrong) => {
    expect(checkFile(wrong, control, day)).toMatchObject({ reason });
  });

  test('names every figure that does not tie, with what it says and what the lines give', () => {
    const sums = { amount: 9_999_000n, fee: 100_000n };
    const twice = { lines: 3, sums: { amount: 10_000_000n, fee: 200_000n } };
    expect(checkFile(file({ sums }), twice, day)).toMatchObject({
      reason: 'wrong_control_total',
      mismatches: [
        { figure: 'amount', stated: '100.00', found: '99.99' },
        { figure: 'fee', stated: '2.00', found: '1.00' },
      ],
    });
  });

  test('says which figure does not tie', () => {
    expect(checkFile(file({ sums: { amount: 9_999_000n } }), control, day)).toMatchObject({
      detail: 'The summary row gives 100.00 for amount; the lines add up to 99.99.',
    });
  });

  test('with a bad line goes on, whether the channel counted that line or not', () => {
    const bad = file({ read: 4, errors: [error] });
    expect(checkFile(bad, { ...control, lines: 4 }, day)).toEqual({ lines: 4, tied: true, otherDays: 0 });
    expect(checkFile(bad, control, day)).toEqual({ lines: 3, tied: false, otherDays: 0 });
    expect(checkFile(bad, { ...control, sums: { amount: 120_000n } }, day)).toEqual({
      lines: 3,
      tied: false,
      otherDays: 0,
      mismatches: [{ figure: 'amount', stated: '1.20', found: '100.00' }],
    });
  });

  test('with a bad line is turned away when lines are missing besides', () => {
    expect(checkFile(file({ read: 4, errors: [error] }), { ...control, lines: 6 }, day)).toMatchObject({
      reason: 'wrong_control_total',
    });
  });
});
