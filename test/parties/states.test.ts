import { describe, expect, test } from '@jest/globals';
import {
  bindingEvents,
  bindingStatusAfter,
  bindingStatuses,
  bindingTransitions,
  proposedTransitions,
} from '../../functions/parties/states.ts';

const next = (table: Readonly<Record<string, Readonly<Record<string, string>>>>, from: string, event: string) =>
  table[from]?.[event];

describe('an institution or its account', () => {
  test.each([
    ['proposed', 'approve', 'active'],
    ['proposed', 'reject', 'rejected'],
    ['active', 'approve', undefined],
    ['active', 'reject', undefined],
    ['rejected', 'approve', undefined],
    ['rejected', 'reject', undefined],
  ])('that is %s, on %s, becomes %s', (from, event, to) => {
    expect(next(proposedTransitions, from, event)).toBe(to);
  });
});

describe('a binding', () => {
  const allowed = new Map([
    ['pending agree', 'active'],
    ['pending send_code', 'pending'],
    ['pending use_try', 'pending'],
    ['pending refuse', 'refused'],
    ['pending expire', 'expired'],
    ['active agree', 'active'],
    ['active send_code', 'active'],
    ['active use_try', 'active'],
    ['active unbind', 'unbound'],
  ]);
  const rows = bindingStatuses.flatMap((from) => bindingEvents.map((event) => [from, event] as const));

  test.each(rows)('that is %s, on %s, goes where the table says and nowhere else', (from, event) => {
    const to = allowed.get(`${from} ${event}`);
    expect(bindingTransitions[from][event]).toBe(to);
    if (to === undefined)
      expect(() => bindingStatusAfter(from, event)).toThrow(`a binding that is ${from} can't ${event}`);
    else expect(bindingStatusAfter(from, event)).toBe(to);
  });
});
