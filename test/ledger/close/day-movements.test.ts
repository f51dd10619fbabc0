import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../../../functions/kernel/clock.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { onNormalSides } from '../../../functions/ledger/account.ts';
import {
  asOpening,
  beginDay,
  type ChainDay,
  closingOf,
  closingOfSubject,
  IndexBehind,
  type SubjectDay,
  subjectDays,
  subjectsOf,
  withEntry,
} from '../../../functions/ledger/close/day-movements.ts';
import { chainName, type Entry } from '../../../functions/ledger/entry.ts';
import { balances, legs, member, memoryBooks, posting, settlement, today } from '../samples.ts';

const names = ['A', 'B', 'C'] as const;

/** Top-ups with fees, freezes and payments between members, over some days; what is not covered is not booked. */
const movement = fc.record({
  kind: fc.constantFrom('top_up', 'freeze', 'transfer'),
  from: fc.constantFrom(...names),
  to: fc.constantFrom(...names),
  amount: fc.bigInt(1n, 10_000n),
  fee: fc.bigInt(1n, 60n),
  day: fc.nat(3),
});

type Movement = typeof movement extends fc.Arbitrary<infer M> ? M : never;

function booksOf(movements: readonly Movement[]) {
  const accounts = [settlement('S', 3), ...names.map((name) => member(name))];
  const books = memoryBooks(accounts);
  for (const [index, { kind, from, to, amount, fee, day }] of [...movements]
    .sort((left, right) => left.day - right.day)
    .entries()) {
    const all = {
      top_up: legs(['S', 'debit', amount], ['S', 'debit', fee, 'fees'], [to, 'credit', amount + fee]),
      freeze: legs([from, 'debit', amount], [from, 'credit', amount, 'frozen']),
      transfer: legs([from, 'debit', amount], [to, 'credit', amount]),
    }[kind];
    if (kind === 'transfer' && from === to) continue;
    books.book(posting(`${index}`, all), { businessDate: addDays(today, day) });
  }
  return books;
}

/** All chains of a day, from how the day before left them. */
function closeDay(entries: readonly Entry[], before: ReadonlyMap<string, ChainDay>): Map<string, ChainDay> {
  const chains = new Map([...before].map(([name, chain]) => [name, beginDay(chain, undefined) ?? chain]));
  for (const entry of entries) {
    const name = chainName(entry);
    const chain = chains.get(name) ?? beginDay(undefined, entry);
    if (chain) chains.set(name, withEntry(chain, entry));
  }
  return chains;
}

const linesOf = (chains: Iterable<ChainDay>): SubjectDay[] => {
  const sums = subjectDays();
  for (const chain of chains) for (const line of subjectsOf(chain)) sums.add(line);
  return sums.lines();
};

const moved = ({ change }: Entry) => change.available !== 0n || change.frozen !== 0n || change.fees !== 0n;

describe('the days of random books', () => {
  test('begin where the day before ended, balance, and end with the balances of the accounts', () => {
    fc.assert(
      fc.property(fc.array(movement, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (movements, random) => {
        const books = booksOf(movements);
        const entries = [...books.chains.values()].flat().filter(moved);
        let before = new Map<string, ChainDay>();
        let closings: SubjectDay[] = [];
        for (const day of [0, 1, 2, 3].map((each) => addDays(today, each))) {
          const chains = closeDay(
            entries.filter(({ accountingDate }) => accountingDate === day),
            before,
          );
          const lines = linesOf(chains.values());
          expect(subjectDays(lines.map((line) => ({ ...line, debit: 0n, credit: 0n }))).lines()).toEqual(closings);
          const total = (of: (line: SubjectDay) => bigint) => lines.reduce((sum, line) => sum + of(line), 0n);
          expect(total(({ debit }) => debit)).toBe(total(({ credit }) => credit));
          expect(total(closingOfSubject)).toBe(0n);
          // chains are added up in any order
          const shuffled = [...chains.values()]
            .map((chain) => ({ chain, lot: random.next().value ?? 0 }))
            .sort((left, right) => left.lot - right.lot)
            .map(({ chain }) => chain);
          expect(linesOf(shuffled)).toEqual(lines);
          before = chains;
          closings = subjectDays(lines.map(asOpening)).lines();
        }
        const heads = [...books.chains.values()].flatMap((chain) => chain.at(-1) ?? []);
        for (const head of heads) {
          const chain = before.get(chainName(head));
          expect(chain ? closingOf(chain) : balances(0n)).toEqual(head.after);
        }
      }),
    );
  });
});

describe('an entry', () => {
  const books = memoryBooks([settlement('S', 1), member('A')]);
  const booked = ['1', '2', '3'].map((name) =>
    books.book(posting(name, legs(['S', 'debit', 5n], ['A', 'credit', 5n]))),
  );
  const [first, second, third] = booked.map((each) => {
    const entry = isRefusal(each) ? undefined : each.entries.find(({ account }) => account.kind === 'member');
    if (!entry) throw new Error('nothing was booked');
    return entry;
  });
  if (!first || !second || !third) throw new Error('nothing was booked');
  const begun = beginDay(undefined, first);
  if (!begun) throw new Error('the day did not begin');

  test('that follows is taken, one that does not is not', () => {
    const day = withEntry(begun, first);
    expect(withEntry(day, second).entries).toBe(2);
    expect(() => withEntry(day, third)).toThrow(IndexBehind);
    expect(() => withEntry(day, first)).toThrow(IndexBehind);
  });

  test('raises the side that it stands on', () => {
    const { debits, credits } = withEntry(begun, first);
    expect([debits, credits]).toEqual([balances(0n), balances(5n)]);
    expect(onNormalSides(first.account, balances(5n))).toEqual(balances(-5n));
  });
});
