import { expect, test } from '@jest/globals';
import { instantOf } from '../../../functions/reconciliation/reading/instant.ts';

test('a real day and time are read with their offset', () => {
  expect(instantOf('2026-11-23', '00:00:00', '+08:00')?.toISOString()).toBe('2026-11-22T16:00:00.000Z');
  expect(instantOf('2028-02-29', '23:59:59.5', 'Z')?.toISOString()).toBe('2028-02-29T23:59:59.500Z');
});

test.each([
  ['2026-02-30', '10:00:00'],
  ['2026-13-01', '10:00:00'],
  ['2026-11-22', '24:00:00'],
  ['2026-11-22', '10:60:00'],
  ['2026-11-22', '10:00:60'],
  ['2026-11-22', ''],
  ['', '10:00:00'],
])('%s %s is none, and rolls over into nothing else', (day, time) => {
  expect(instantOf(day, time, '+08:00')).toBeUndefined();
});
