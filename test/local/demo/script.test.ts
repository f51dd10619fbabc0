import { describe, expect, test } from '@jest/globals';
import { writeScript } from '../../../local/demo/script.ts';

const script = writeScript(20_260_301);
const members = script.flatMap((institution) => institution.members);

describe("the demo's script", () => {
  test('is the same for the same seed', () => {
    expect(writeScript(20_260_301)).toEqual(script);
  });

  test('has two institutions, two channels and at least 200 members', () => {
    expect(script).toHaveLength(2);
    expect(new Set(script.flatMap(({ channels }) => channels)).size).toBe(2);
    expect(members.length).toBeGreaterThanOrEqual(200);
  });

  test('has top-ups of every ending', () => {
    const endings = new Set(members.map(({ topUp }) => `${topUp.answer}, ${topUp.ends}`));
    expect([...endings].sort()).toEqual([
      'final, failed',
      'final, succeeded',
      'unknown, failed',
      'unknown, processing',
      'unknown, succeeded',
    ]);
  });

  test('lets nobody withdraw whose top-up does not succeed at once', () => {
    const withdrawing = members.filter(({ withdrawal }) => withdrawal);
    expect(withdrawing.length).toBeGreaterThan(50);
    expect(withdrawing.filter(({ topUp }) => topUp.ends !== 'succeeded' || topUp.answer !== 'final')).toEqual([]);
  });

  test('withdraws less than was put in, but for those who must be told that there is not enough', () => {
    for (const { topUp, withdrawal } of members) {
      if (!withdrawal) continue;
      expect(withdrawal.amount > topUp.amount).toBe(withdrawal.answer === 'insufficient funds');
    }
  });
});
