import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { addBalances, noBalances } from '../../functions/ledger/account.ts';
import type { BookedPosting } from '../../functions/ledger/book-posting.ts';
import { onNormalSide } from '../../functions/ledger/chart-of-accounts.ts';
import { firstPreviousHash, hashEntry } from '../../functions/ledger/entry.ts';
import {
  accountId,
  day,
  feeExpense,
  legs,
  member,
  memoryBooks,
  noon,
  payOut,
  posting,
  settlement,
  topUp,
} from './samples.ts';

const booksOf = (...members: readonly ReturnType<typeof member>[]) =>
  memoryBooks([settlement('S', 1), feeExpense('F', 1), ...members]);

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
      books.book(posting('p', legs(['S', 'debit', 9940n], ['F', 'debit', 60n], ['A', 'credit', 10000n]))),
    );
    expect(balancesOf(outcome, 'S')).toEqual({ available: 9940n, frozen: 0n });
    expect(balancesOf(outcome, 'F')).toEqual({ available: 60n, frozen: 0n });
    expect(balancesOf(outcome, 'A')).toEqual({ available: 10000n, frozen: 0n });
  });

  test('a withdrawal freezes, then captures', () => {
    const books = booksOf(member('A'));
    books.book(topUp('1', 'A', 500n));
    const frozen = booked(books.book(posting('2', legs(['A', 'debit', 300n], ['A', 'credit', 300n, 'frozen']))));
    expect(balancesOf(frozen, 'A')).toEqual({ available: 200n, frozen: 300n });
    const captured = booked(
      books.book(posting('3', legs(['A', 'debit', 300n, 'frozen'], ['F', 'debit', 2n], ['S', 'credit', 302n]))),
    );
    expect(balancesOf(captured, 'A')).toEqual({ available: 200n, frozen: 0n });
    expect(balancesOf(captured, 'S')).toEqual({ available: 198n, frozen: 0n });
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
    expect(balancesOf(booked(books.book(payOut('5', 'B', 100n))), 'B')).toEqual({ available: -100n, frozen: 0n });
  });

  test('what raises a balance passes, even where it stays below the floor', () => {
    const books = booksOf(member('A', { floor: 100n }));
    expect(balancesOf(booked(books.book(topUp('1', 'A', 50n))), 'A')).toEqual({ available: 50n, frozen: 0n });
    expect(books.book(payOut('2', 'A', 1n))).toMatchObject({ refused: 'insufficient_funds' });
  });

  test('no more is captured than was frozen, even where there is no floor', () => {
    const books = booksOf(member('A', { floor: null }));
    books.book(posting('1', legs(['A', 'debit', 10n], ['A', 'credit', 10n, 'frozen'])));
    const capture = posting('2', legs(['A', 'debit', 11n, 'frozen'], ['S', 'credit', 11n]));
    expect(books.book(capture)).toMatchObject({ refused: 'insufficient_funds' });
  });

  test('an account of several slots holds nothing frozen', () => {
    const books = memoryBooks([settlement('S', 8)]);
    const freeze = posting('p', legs(['S', 'credit', 10n], ['S', 'debit', 10n, 'frozen']));
    expect(() => books.book(freeze)).toThrow("spread over slots and can't hold a frozen balance");
  });

  test('a posting for a day that a chain has left goes to the open day and names its own', () => {
    const books = booksOf(member('A'));
    books.book(topUp('1', 'A', 50n, { accountingDate: day('2026-03-02') }));
    const late = booked(books.book(topUp('2', 'A', 50n, { accountingDate: day('2026-02-28') })));
    expect(late).toMatchObject({ accountingDate: '2026-03-02', belongsTo: '2026-02-28' });
    const next = booked(books.book(topUp('3', 'A', 50n, { accountingDate: day('2026-03-03') })));
    expect(next).toMatchObject({ accountingDate: '2026-03-03', belongsTo: undefined });
  });

  test('a clock that is behind does not turn a chain back', () => {
    const books = booksOf(member('A'));
    books.book(topUp('1', 'A', 50n), noon);
    const outcome = booked(books.book(topUp('2', 'A', 50n), new Date(noon.getTime() - 5_000)));
    expect(outcome.postedAt).toBe(noon.toISOString());
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
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const books = booksOf(member('A'), member('B', { floor: -50n }));
        const floors = { A: 0n, B: -50n };
        const model = { A: { available: 0n, frozen: 0n }, B: { available: 0n, frozen: 0n } };
        for (const [index, each] of commands.entries()) {
          const on = each.name as 'A' | 'B'; // as drawn
          const [available, frozen] = effect[each.kind];
          const expected = addBalances(model[on], { available: available * each.amount, frozen: frozen * each.amount });
          const refused = (available < 0n && expected.available < floors[on]) || expected.frozen < 0n;

          const outcome = books.book(posting(`${index}`, legsOf(each)));

          expect(isRefusal(outcome)).toBe(refused);
          if (refused) continue;
          model[on] = expected;
          if (each.kind === 'transfer') {
            const other = on === 'A' ? 'B' : 'A';
            model[other] = addBalances(model[other], { available: each.amount, frozen: 0n });
          }
        }
        for (const on of ['A', 'B'] as const) {
          expect(books.chains.get(accountId(on))?.at(-1)?.after ?? noBalances).toEqual(model[on]);
        }
        expectLaws(books);
      }),
      { numRuns: 150 },
    );
  });

  function expectLaws({ accounts, chains }: ReturnType<typeof memoryBooks>) {
    const sums = new Map<string, bigint>();
    for (const [id, chain] of chains) {
      const subject = accounts.get(id)?.subject;
      for (const [index, entry] of chain.entries()) {
        const before = chain[index - 1];
        expect(entry.seq).toBe(index + 1);
        expect(entry.previousHash).toBe(before?.hash ?? firstPreviousHash);
        expect(entry.hash).toBe(hashEntry(entry));
        expect(entry.after).toEqual(addBalances(before?.after ?? noBalances, entry.change));
        const debits = subject ? onNormalSide(subject, entry.change.available + entry.change.frozen) : 0n;
        sums.set(entry.postingId, (sums.get(entry.postingId) ?? 0n) + debits);
      }
    }
    for (const sum of sums.values()) expect(sum).toBe(0n);
  }
});
