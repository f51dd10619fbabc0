import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentHash, netLegs } from '../../functions/ledger/posting.ts';
import { accountId, day, type LegFacts, legs, posting, postingId, topUp } from './samples.ts';

describe('the laws of a posting', () => {
  const net = (...facts: readonly LegFacts[]) => netLegs(posting('p', legs(...facts)));

  test('it has legs', () => {
    expect(() => net()).toThrow('has no legs');
  });

  test('its amounts are positive', () => {
    expect(() => net(['A', 'debit', 0n], ['B', 'credit', 0n])).toThrow('not positive');
    expect(() => net(['A', 'debit', -5n], ['B', 'credit', -5n])).toThrow('not positive');
  });

  test('its debits equal its credits, in each currency for itself', () => {
    expect(() => net(['A', 'debit', 5n], ['B', 'credit', 4n])).toThrow('debits and credits of CNY differ by 1');
    expect(() => net(['A', 'debit', 5n], ['B', 'credit', 5n, 'available', 'USD'])).toThrow('differ');
  });

  test('an account has one currency', () => {
    expect(() => net(['A', 'debit', 5n], ['A', 'credit', 5n, 'available', 'USD'])).toThrow('two currencies');
  });

  test('it moves something', () => {
    expect(() => net(['A', 'debit', 5n], ['A', 'credit', 5n])).toThrow('moves nothing');
  });

  test('its description stays short, since writes are charged by the KiB', () => {
    const long = posting('p', legs(['A', 'debit', 5n], ['B', 'credit', 5n]), { description: 'x'.repeat(101) });
    expect(() => netLegs(long)).toThrow('description is too long');
  });
});

describe('netting', () => {
  test('makes one move of all legs on an account', () => {
    expect(netLegs(posting('freeze', legs(['A', 'debit', 70n], ['A', 'credit', 70n, 'frozen'])))).toEqual([
      { accountId: accountId('A'), currency: 'CNY', available: 70n, frozen: -70n, fees: 0n },
    ]);
  });

  test('leaves out an account on which the legs cancel out', () => {
    const moves = netLegs(
      posting('p', legs(['A', 'debit', 5n], ['B', 'credit', 5n], ['C', 'debit', 9n], ['C', 'credit', 9n])),
    );
    expect(moves.map((move) => move.accountId)).toEqual([accountId('A'), accountId('B')]);
  });

  const leg = fc.record({
    name: fc.constantFrom('A', 'B', 'C', 'D'),
    side: fc.constantFrom('debit' as const, 'credit' as const),
    amount: fc.bigInt({ min: 1n, max: 10n ** 15n }),
    balance: fc.constantFrom('available' as const, 'frozen' as const),
  });

  test('keeps the sum of every account and balance, and sums to zero over all', () => {
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 12 }), (drawn) => {
        const signed = (each: { side: string; amount: bigint }) => (each.side === 'debit' ? each.amount : -each.amount);
        const total = drawn.reduce((sum, each) => sum + signed(each), 0n);
        const closing =
          total === 0n
            ? []
            : [
                {
                  name: 'Z',
                  side: total > 0n ? 'credit' : 'debit',
                  amount: total > 0n ? total : -total,
                  balance: 'available',
                } as const,
              ];
        const all = [...drawn, ...closing];
        const expected = (name: string, balance: 'available' | 'frozen') =>
          all
            .filter((each) => each.name === name && each.balance === balance)
            .reduce((sum, each) => sum + signed(each), 0n);
        const moving = ['A', 'B', 'C', 'D', 'Z'].filter(
          (name) => expected(name, 'available') !== 0n || expected(name, 'frozen') !== 0n,
        );
        fc.pre(moving.length > 0);

        const moves = netLegs(
          posting('p', legs(...all.map((each) => [each.name, each.side, each.amount, each.balance] as const))),
        );

        expect(new Set(moves.map((move) => move.accountId))).toEqual(new Set(moving.map(accountId)));
        for (const name of moving) {
          const move = moves.find((each) => each.accountId === accountId(name));
          expect([move?.available, move?.frozen]).toEqual([expected(name, 'available'), expected(name, 'frozen')]);
        }
        expect(moves.reduce((sum, move) => sum + move.available + move.frozen, 0n)).toBe(0n);
      }),
    );
  });
});

describe('the content of a posting', () => {
  const hashOf = (next: ReturnType<typeof topUp>) => contentHash(next, netLegs(next));
  const first = topUp('p', 'A', 100n, { transactionId: 'pay_1' });

  test('is the same however its legs are ordered or split', () => {
    const split = legs(['A', 'credit', 60n], ['S', 'debit', 100n], ['A', 'credit', 40n]);
    expect(hashOf({ ...first, legs: split })).toBe(hashOf(first));
  });

  test('does not depend on the date or the words, so that a retry after midnight is still the same', () => {
    expect(hashOf({ ...first, belongsTo: day('2026-03-01'), description: 'again' })).toBe(hashOf(first));
  });

  test.each([
    ['the amount', topUp('p', 'A', 101n, { transactionId: 'pay_1' })],
    ['an account', topUp('p', 'B', 100n, { transactionId: 'pay_1' })],
    ['the type', { ...first, type: 'adjustment' as const }],
    ['what it is about', { ...first, transactionId: 'pay_2' }],
    ['what it reverses', { ...first, reverses: postingId('other') }],
  ])('changes with %s', (_, other) => {
    expect(hashOf(other)).not.toBe(hashOf(first));
  });
});
