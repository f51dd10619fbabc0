import { expect, test } from '@jest/globals';
import { accountingDateAt, parseAccountingDate } from '../../functions/kernel/clock.ts';

test('the accounting date turns at midnight of the center, not of UTC', () => {
  expect(accountingDateAt(new Date('2026-03-01T15:59:59.999Z'), 'Asia/Shanghai')).toBe('2026-03-01');
  expect(accountingDateAt(new Date('2026-03-01T16:00:00.000Z'), 'Asia/Shanghai')).toBe('2026-03-02');
});

test('only real calendar days are accounting dates', () => {
  const wrong = ['2026-02-30', '2026-13-01', '2026-1-1', '20260101', '2026-01-01T00:00:00Z', ''];
  expect(wrong.map(parseAccountingDate).filter((date) => date !== undefined)).toEqual([]);
  expect(parseAccountingDate('2028-02-29')).toBe('2028-02-29');
});
