import { expect, test } from '@jest/globals';
import { instantOf, localInstantOf } from '../../../functions/reconciliation/reading/instant.ts';

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

test.each([
  ['2026-11-23', '00:00:00', 'Asia/Shanghai', '2026-11-22T16:00:00.000Z'],
  ['2026-11-23', '12:30:00.250', 'America/New_York', '2026-11-23T17:30:00.250Z'],
  ['2026-07-01', '12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
  ['2026-03-29', '01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59.000Z'],
  ['2026-03-29', '03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25', '03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
  ['2026-10-25', '00:00:00', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['1969-12-31', '23:59:59.500', 'UTC', '1969-12-31T23:59:59.500Z'],
])('%s %s on the wall of %s is %s', (day, time, zone, instant) => {
  expect(localInstantOf(day, time, zone)?.toISOString()).toBe(instant);
});

test('a day that there is none of is none in any zone', () => {
  expect(localInstantOf('2026-02-30', '00:00:00', 'Asia/Shanghai')).toBeUndefined();
});
