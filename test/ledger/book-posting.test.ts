import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { addBalances, noBalances, onNormalSides } from '../../functions/ledger/account.ts';
import type { BookedPosting } from '../../functions/ledger/book-posting.ts';
import { firstPreviousHash, hashEntry } from '../../functions/ledger/entry.ts';
import {
  accountId,
  balances,
  day,
  legs,
  member,
  memoryBooks,
  noon,
  payOut,
  posting,
  settlement,
  topUp,
} from './samples.ts';

const booksOf = (...members: readonly ReturnType<typeof member>[]) => memoryBooks([settlement('S', 1), ...members]);

function booked(outcome: ReturnType<ReturnType<typeof memoryBooks>['book']>): BookedPosting {
  if (isRefusal(outcome)) throw new Error(outcome.refused);
  return outcome;
}

const balancesOf = (outcome: BookedPosting, name: string) =>
  outcome.entries.find((entry) => entry.accountId === accountId(name))?.after;

describe('booking', () => {
  test('a top-up with a fee raises what its design says, each on its normal side', () => {
    const books = booksOf(member('A'));
    const outcome = booked(
      books.book(posting('p', legs(['S', 'debit', 9940n], ['S', 'debit', 60n, 'fees'], ['A', 'credit', 10000n]))),
    );
    expect(balancesOf(outcome, 'S')).toEqual(balances(9940n, 0n, 60n));
    expect(balancesOf(outcome, 'A')).toEqual(balances(10000n));
  });

  test('a withdrawal freezes, then captures', () => {
    const books = booksOf(member('A'));
    books.book(topUp('1', 'A', 500n));
    const frozen = booked(books.book(posting('2', legs(['A', 'debit', 300n], ['A', 'credit', 300n, 'frozen']))));
    expect(balancesOf(frozen, 'A')).toEqual(balances(200n, 300n));
    const captured = booked(
      books.book(posting('3', legs(['A', 'debit', 300n, 'frozen'], ['S', 'debit', 2n, 'fees'], ['S', 'credit', 302n]))),
    );
    expect(balancesOf(captured, 'A')).toEqual(balances(200n));
    expect(balancesOf(captured, 'S')).toEqual(balances(198n, 0n, 2n));
  });

  test('an account that does not exist is refused, before all else', () => {
    const books = booksOf(member('A', { currency: 'USD' }));
    expect(books.book(payOut('p', 'nobody', 5n))).toMatchObject({ refused: 'account_not_found' });
    expect(books.book(posting('p', legs(['nobody', 'debit', 5n], ['A', 'credit', 5n])))).toMatchObject({
      refused: 'account_not_found',
    });
  });

  test('a leg in another currency than its account is refused, before any balance is looked at', () => {
    const books = booksOf(member('A', { currency: 'USD' }));
    expect(books.book(payOut('p', 'A', 5n))).toMatchObject({ refused: 'currency_mismatch' });
  });

  test('a floor stops at its last minor unit, an overdraft at its limit', () => {
    const books = booksOf(member('A'), member('B', { floor: -100n }));
    books.book(topUp('1', 'A', 50n));
    expect(books.book(payOut('2', 'A', 51n))).toMatchObject({ refused: 'insufficient_funds' });
    expect(balancesOf(booked(books.book(payOut('3', 'A', 50n))), 'A')).toEqual(noBalances);
    expect(books.book(payOut('4', 'B', 101n))).toMatchObject({ refused: 'insufficient_funds' });
    expect(balancesOf(booked(books.book(payOut('5', 'B', 100n))), 'B')).toEqual(balances(-100n));
  });

  test('what raises a balance passes, even where it stays below the floor', () => {
    const books = booksOf(member('A', { floor: 100n }));
    expect(balancesOf(booked(books.book(topUp('1', 'A', 50n))), 'A')).toEqual(balances(50n));
    expect(books.book(payOut('2', 'A', 1n))).toMatchObject({ refused: 'insufficient_funds' });
  });

  test('no more is captured than was frozen, even where there is no floor', () => {
    const books = booksOf(member('A', { floor: null }));
    books.book(posting('1', legs(['A', 'debit', 10n], ['A', 'credit', 10n, 'frozen'])));
    const capture = posting('2', legs(['A', 'debit', 11n, 'frozen'], ['S', 'credit', 11n]));
    expect(books.book(capture)).toMatchObject({ refused: 'insufficient_funds' });
  });

  test('only a settlement account bears fees', () => {
    const books = booksOf(member('A'));
    const wrong = posting('p', legs(['A', 'debit', 10n, 'fees'], ['S', 'credit', 10n]));
    expect(() => books.book(wrong)).toThrow('bears no fees');
  });

  test('an entry tells what the account is and what holds for it', () => {
    const outcome = booked(booksOf(member('A', { floor: -5n })).book(topUp('1', 'A', 50n)));
    expect(outcome.entries.find(({ accountId: id }) => id === accountId('A'))).toMatchObject({
      seq: 2,
      account: { kind: 'member', subject: 'member_deposits', currency: 'CNY', openedAt: noon.toISOString() },
      terms: { status: 'active', floor: -5n, slots: 1, since: 1 },
    });
  });

  test('a posting goes to the open day, and one that was meant for an earlier day names it', () => {
    const books = booksOf(member('A'));
    books.book(topUp('1', 'A', 50n));
    const late = booked(books.book(topUp('2', 'A', 50n, { belongsTo: day('2026-02-28') })));
    expect(late).toMatchObject({ accountingDate: '2026-03-02', belongsTo: '2026-02-28' });
    const sameDay = booked(books.book(topUp('3', 'A', 50n, { belongsTo: day('2026-03-02') })));
    expect(sameDay).toMatchObject({ accountingDate: '2026-03-02', belongsTo: undefined });
    const next = booked(books.book(topUp('4', 'A', 50n), { businessDate: day('2026-03-03') }));
    expect(next).toMatchObject({ accountingDate: '2026-03-03', belongsTo: undefined });
    const behind = booked(books.book(topUp('5', 'A', 50n), { businessDate: day('2026-03-02') }));
    expect(behind).toMatchObject({ accountingDate: '2026-03-03', belongsTo: undefined });
  });

  test('a clock that is behind does not turn a chain back', () => {
    const books = booksOf(member('A'));
    books.book(topUp('1', 'A', 50n));
    const outcome = booked(books.book(topUp('2', 'A', 50n), { now: new Date(noon.getTime() - 5_000) }));
    expect(outcome.postedAt).toBe(noon.toISOString());
  });
});

describe('an account of several slots', () => {
  const spread = () => {
    const books = memoryBooks([settlement('S', 1), member('A', { slots: 3, floor: -20n })]);
    const onSlot = (slot: number) => books.chains.get(`${accountId('A')}#${slot}`)?.at(-1)?.after.available;
    return { ...books, onSlots: () => [0, 1, 2].map(onSlot) };
  };

  test('takes a debit from several slots where one does not cover it, the fullest first, down to the overdraft', () => {
    const books = spread();
    books.book(topUp('1', 'A', 50n));
    expect(books.onSlots()).toEqual([50n, 0n, 0n]);
    const all = booked(books.book(payOut('2', 'A', 70n)));
    expect(all.entries.filter(({ accountId: id }) => id === accountId('A'))).toHaveLength(1);
    expect(books.balances('A').available).toBe(-20n);
    expect(books.book(payOut('3', 'A', 1n))).toMatchObject({ refused: 'insufficient_funds' });
  });

  test('freezes out of several slots, and releases and captures out of whichever hold it', () => {
    const books = memoryBooks([settlement('S', 1), member('A', { slots: 2 }), member('B')]);
    const heads = (slot: number) => books.chains.get(`${accountId('A')}#${slot}`);
    books.book(topUp('1', 'A', 60n));
    // the second slot gets its share as a writer of its own would bring it there
    const [opening] = heads(1) ?? [];
    if (!opening) throw new Error('the slot was not opened');
    heads(1)?.push({ ...opening, seq: 2, after: balances(40n) });
    booked(books.book(posting('2', legs(['A', 'debit', 100n], ['A', 'credit', 100n, 'frozen']))));
    expect(books.balances('A')).toEqual(balances(0n, 100n));
    booked(books.book(posting('3', legs(['A', 'debit', 70n, 'frozen'], ['B', 'credit', 70n]))));
    booked(books.book(posting('4', legs(['A', 'debit', 30n, 'frozen'], ['A', 'credit', 30n]))));
    expect(books.balances('A')).toEqual(balances(30n));
    expect(books.book(payOut('5', 'A', 31n))).toMatchObject({ refused: 'insufficient_funds' });
  });
});

describe('any sequence of postings', () => {
  const amount = fc.bigInt({ min: 1n, max: 300n });
  const name = fc.constantFrom('A', 'B');
  const command = fc.oneof(
    fc.record({ kind: fc.constant('top_up' as const), name, amount }),
    fc.record({ kind: fc.constant('freeze' as const), name, amount }),
    fc.record({ kind: fc.constant('release' as const), name, amount }),
    fc.record({ kind: fc.constant('capture' as const), name, amount }),
    fc.record({ kind: fc.constant('transfer' as const), name, amount }),
  );
  const slots = fc.integer({ min: 1, max: 4 });
  type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

  const legsOf = ({ kind, name: on, amount: sum }: Command) => {
    const other = on === 'A' ? 'B' : 'A';
    switch (kind) {
      case 'top_up':
        return legs(['S', 'debit', sum], [on, 'credit', sum]);
      case 'freeze':
        return legs([on, 'debit', sum], [on, 'credit', sum, 'frozen']);
      case 'release':
        return legs([on, 'debit', sum, 'frozen'], [on, 'credit', sum]);
      case 'capture':
        return legs([on, 'debit', sum, 'frozen'], ['S', 'credit', sum]);
      case 'transfer':
        return legs([on, 'debit', sum], [other, 'credit', sum]);
    }
  };

  /** What a command does to the member it names: available, frozen. */
  const effect = {
    top_up: [1n, 0n],
    freeze: [-1n, 1n],
    release: [1n, -1n],
    capture: [0n, -1n],
    transfer: [-1n, 0n],
  } as const;

  test('leaves the balances of a plain model, refuses just what the model refuses, and keeps every law of the chain', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), slots, slots, (commands, slotsOfA, slotsOfB) => {
        const books = memoryBooks([
          settlement('S', 2),
          member('A', { slots: slotsOfA }),
          member('B', { floor: -50n, slots: slotsOfB }),
        ]);
        const floors = { A: 0n, B: -50n };
        const model = { A: noBalances, B: noBalances };
        for (const [index, each] of commands.entries()) {
          const on = each.name as 'A' | 'B'; // as drawn
          const [available, frozen] = effect[each.kind];
          const expected = addBalances(model[on], balances(available * each.amount, frozen * each.amount));
          const refused = (available < 0n && expected.available < floors[on]) || expected.frozen < 0n;

          const outcome = books.book(posting(`${index}`, legsOf(each)));

          expect(isRefusal(outcome)).toBe(refused);
          if (refused) continue;
          model[on] = expected;
          if (each.kind === 'transfer') {
            const other = on === 'A' ? 'B' : 'A';
            model[other] = addBalances(model[other], balances(each.amount));
          }
        }
        for (const on of ['A', 'B'] as const) {
          expect(books.balances(on)).toEqual(model[on]);
        }
        expectLaws(books);
      }),
      { numRuns: 150 },
    );
  });

  function expectLaws({ chains }: ReturnType<typeof memoryBooks>) {
    const sums = new Map<string, bigint>();
    for (const chain of chains.values()) {
      for (const [index, entry] of chain.entries()) {
        const before = chain[index - 1];
        expect(entry.seq).toBe(index + 1);
        expect(entry.previousHash).toBe(before?.hash ?? firstPreviousHash);
        expect(entry.hash).toBe(hashEntry(entry));
        expect(entry.after).toEqual(addBalances(before?.after ?? noBalances, entry.change));
        const { available, frozen, fees } = onNormalSides(entry.account, entry.change);
        sums.set(entry.postingId, (sums.get(entry.postingId) ?? 0n) + available + frozen + fees);
      }
    }
    for (const sum of sums.values()) expect(sum).toBe(0n);
  }
});
