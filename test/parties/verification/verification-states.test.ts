import { describe, expect, test } from '@jest/globals';
import {
  isVerdict,
  verificationEvents,
  verificationStatusAfter,
  verificationStatuses,
  verificationTransitions,
} from '../../../functions/parties/verification/verification-states.ts';

const allowed = new Map([
  ['processing pass', 'succeeded'],
  ['processing transfer', 'awaiting_confirmation'],
  ['processing refuse', 'failed'],
  ['processing reroute', 'processing'],
  ['processing fall_silent', 'processing'],
  ['processing give_up', 'failed'],
  ['awaiting_confirmation match', 'succeeded'],
  ['awaiting_confirmation mismatch', 'awaiting_confirmation'],
  ['awaiting_confirmation exhaust', 'failed'],
  ['awaiting_confirmation expire', 'expired'],
]);
const rows = verificationStatuses.flatMap((from) => verificationEvents.map((event) => [from, event] as const));

test.each(rows)('a verification that is %s, on %s, goes where the table says and nowhere else', (from, event) => {
  const to = allowed.get(`${from} ${event}`);
  expect(verificationTransitions[from][event]).toBe(to);
  if (to === undefined) {
    expect(() => verificationStatusAfter(from, event)).toThrow(`a verification that is ${from} can't ${event}`);
  } else {
    expect(verificationStatusAfter(from, event)).toBe(to);
  }
});

describe('a verdict', () => {
  test('is what a channel says of the facts, and nothing else', () => {
    expect(verificationEvents.filter(isVerdict)).toEqual(['pass', 'transfer', 'refuse']);
  });

  test('is given once at most, on any way through the table', () => {
    for (const [, afterwards] of [...allowed].filter(([row]) => isVerdict(row.split(' ')[1] as 'pass'))) {
      for (const event of verificationEvents.filter(isVerdict)) {
        expect(allowed.has(`${afterwards} ${event}`)).toBe(false);
      }
    }
  });
});
