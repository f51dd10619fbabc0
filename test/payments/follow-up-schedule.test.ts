import { describe, expect, test } from '@jest/globals';
import { delayBefore, followUpSchedule } from '../../functions/payments/follow-up-schedule.ts';

const checks = Array.from({ length: followUpSchedule.maximumChecks }, (_, place) => place + 1);
const delays = checks.map((check) => delayBefore(followUpSchedule, check));
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

describe('the schedule of follow-ups', () => {
  test('looks often in the first minute, and in the end every quarter of an hour', () => {
    expect(delays.slice(0, 8)).toEqual([5, 10, 15, 30, 60, 300, 900, 900]);
  });

  test('asks for no delay that SQS does not have', () => {
    expect(Math.max(...delays)).toBeLessThanOrEqual(900);
  });

  test('goes on for a day', () => {
    expect(sum(delays) / 3600).toBeGreaterThan(23.5);
    expect(sum(delays) / 3600).toBeLessThan(25);
  });

  test('gives a payment up as never stored only after its request must have ended', () => {
    const longestRequestSeconds = 20;
    expect(sum(delays.slice(0, followUpSchedule.checksForMissing))).toBeGreaterThan(2 * longestRequestSeconds);
  });
});
