import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import {
  type Hold,
  type HoldEvent,
  holdIdOf,
  holdStatusOf,
  moveHold,
  remainingOf,
} from '../../../functions/ledger/holds/hold.ts';
import { accountId, institutionId, noon } from '../samples.ts';

const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

const hold = (facts: Partial<Hold> = {}): Hold => ({
  id: idFrom('hold', 'H'),
  institutionId,
  accountId: accountId('A'),
  amount: money(100n, 'CNY'),
  captured: 0n,
  released: 0n,
  placedBy: 'institution',
  reference: 'H',
  placedAt: noon.toISOString(),
  version: 1,
  ...facts,
});

const expiring = { expiresAt: later(60).toISOString() };

/** What it says in one line: the refusal, or what moved and what then stands. */
const outcomeOf = (before: Hold, event: HoldEvent, now = noon): string => {
  const moved = moveHold(before, event, now);
  if (isRefusal(moved)) return moved.refused;
  const { captured, released, version } = moved.hold;
  return `${moved.moved.amount} → captured ${captured}, released ${released}, ${holdStatusOf(moved.hold)}, v${version}`;
};

const fresh = hold();
const partly = hold({ captured: 30n, released: 20n, version: 3 });
const ended = hold({ captured: 60n, released: 40n, version: 5 });
const timed = hold(expiring);

describe('what may happen to a hold', () => {
  test.each<[string, Hold, HoldEvent, Date, string]>([
    ['a fresh one, captured whole', fresh, { kind: 'capture' }, noon, '100 → captured 100, released 0, ended, v2'],
    [
      'a fresh one, captured in part',
      fresh,
      { kind: 'capture', amount: 40n },
      noon,
      '40 → captured 40, released 0, active, v2',
    ],
    ['a fresh one, released whole', fresh, { kind: 'release' }, noon, '100 → captured 0, released 100, ended, v2'],
    [
      'a fresh one, released in part',
      fresh,
      { kind: 'release', amount: 1n },
      noon,
      '1 → captured 0, released 1, active, v2',
    ],
    [
      'a part of it, all that remains captured',
      partly,
      { kind: 'capture' },
      noon,
      '50 → captured 80, released 20, ended, v4',
    ],
    [
      'a part of it, all that remains released',
      partly,
      { kind: 'release', amount: 50n },
      noon,
      '50 → captured 30, released 70, ended, v4',
    ],
    ['more than remains, captured', partly, { kind: 'capture', amount: 51n }, noon, 'exceeds_hold'],
    ['more than remains, released', partly, { kind: 'release', amount: 51n }, noon, 'exceeds_hold'],
    ['an ended one, captured', ended, { kind: 'capture' }, noon, 'hold_ended'],
    ['an ended one, captured for more than it ever was', ended, { kind: 'capture', amount: 500n }, noon, 'hold_ended'],
    ['an ended one, released', ended, { kind: 'release', amount: 1n }, noon, 'hold_ended'],
    ['an ended one, expired', hold({ ...expiring, captured: 100n }), { kind: 'expiry' }, later(60), 'hold_ended'],
    [
      'a millisecond before its time is over, captured',
      timed,
      { kind: 'capture' },
      later(59.999),
      '100 → captured 100, released 0, ended, v2',
    ],
    ['once its time is over, captured', timed, { kind: 'capture', amount: 1n }, later(60), 'hold_expired'],
    [
      'once its time is over, captured for too much',
      timed,
      { kind: 'capture', amount: 101n },
      later(60),
      'hold_expired',
    ],
    [
      'once its time is over, released',
      timed,
      { kind: 'release', amount: 1n },
      later(60),
      '1 → captured 0, released 1, active, v2',
    ],
    [
      'once its time is over, expired',
      timed,
      { kind: 'expiry' },
      later(60),
      '100 → captured 0, released 100, ended, v2',
    ],
    [
      'a part of it, expired',
      hold({ ...expiring, captured: 70n }),
      { kind: 'expiry' },
      later(90),
      '30 → captured 70, released 30, ended, v2',
    ],
  ])('%s', (_, before, event, now, expected) => {
    expect(outcomeOf(before, event, now)).toBe(expected);
  });

  test('an expiry before its time, or of a hold without one, is a mistake of ours', () => {
    expect(() => moveHold(timed, { kind: 'expiry' }, later(59.999))).toThrow(RangeError);
    expect(() => moveHold(fresh, { kind: 'expiry' }, later(1e6))).toThrow(RangeError);
    expect(() => moveHold(fresh, { kind: 'capture', amount: 0n }, noon)).toThrow(RangeError);
    expect(() => moveHold(fresh, { kind: 'release', amount: -1n }, noon)).toThrow(RangeError);
  });

  test('whatever happens, what was captured, released and remains is what was held', () => {
    const event = fc.record({
      kind: fc.constantFrom('capture' as const, 'release' as const),
      amount: fc.option(fc.bigInt({ min: 1n, max: 120n }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        let current = hold();
        for (const each of events) {
          const moved = moveHold(current, each, noon);
          if (isRefusal(moved)) continue;
          expect(remainingOf(current) - remainingOf(moved.hold)).toBe(moved.moved.amount);
          current = moved.hold;
        }
        expect(remainingOf(current) >= 0n && current.captured >= 0n && current.released >= 0n).toBe(true);
        expect(current.captured + current.released + remainingOf(current)).toBe(100n);
      }),
    );
  });
});

test('institutions and operators may use the same reference for holds of their own', () => {
  const other = idFrom('inst', 'Lakeside');
  const ids = [
    holdIdOf({ kind: 'institution', clientId: 'app', institutionId }, 'R'),
    holdIdOf({ kind: 'institution', clientId: 'app', institutionId: other }, 'R'),
    holdIdOf({ kind: 'operator', clientId: 'op' }, 'R'),
  ];
  expect(new Set(ids).size).toBe(3);
  expect(holdIdOf({ kind: 'institution', clientId: 'another app', institutionId }, 'R')).toBe(ids[0]);
});
