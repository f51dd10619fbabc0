import { describe, expect, test } from '@jest/globals';
import { bindingStatuses, bindingTransitions, proposedTransitions } from '../../functions/parties/states.ts';

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

describe('a card binding', () => {
  const allowed = new Map([
    ['pending agree', 'active'],
    ['pending refuse', 'refused'],
    ['active unbind', 'unbound'],
  ]);
  const rows = bindingStatuses.flatMap((from) => ['agree', 'refuse', 'unbind'].map((event) => [from, event] as const));

  test.each(rows)('that is %s, on %s, goes where the table says and nowhere else', (from, event) => {
    expect(next(bindingTransitions, from, event)).toBe(allowed.get(`${from} ${event}`));
  });
});
