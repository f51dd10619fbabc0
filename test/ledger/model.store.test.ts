import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { auditLedger } from '../../functions/ledger/audit/audit.ts';
import { engines } from '../support/engines.ts';
import { balanceOf, ledgerOn, open, postWord } from './ledger-on.ts';
import { accountId, legs, member, posting, settlement } from './samples.ts';

/** What a command does to the member: available, frozen, per unit of its amount. */
const effects = {
  top_up: [1n, 0n],
  pay_out: [-1n, 0n],
  freeze: [-1n, 1n],
  release: [1n, -1n],
  capture: [0n, -1n],
} as const;

type Kind = keyof typeof effects;

const legsOf = (kind: Kind, amount: bigint) => {
  switch (kind) {
    case 'top_up':
      return legs(['S', 'debit', amount], ['A', 'credit', amount]);
    case 'pay_out':
      return legs(['A', 'debit', amount], ['S', 'credit', amount]);
    case 'freeze':
      return legs(['A', 'debit', amount], ['A', 'credit', amount, 'frozen']);
    case 'release':
      return legs(['A', 'debit', amount, 'frozen'], ['A', 'credit', amount]);
    case 'capture':
      return legs(['A', 'debit', amount, 'frozen'], ['S', 'credit', amount]);
  }
};

const command = fc.record({
  kind: fc.constantFrom(...(Object.keys(effects) as Kind[])), // the record's own keys
  amount: fc.bigInt({ min: 1n, max: 120n }),
});
const slots = fc.integer({ min: 1, max: 3 });
const rounds = fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });

describe.each(engines)('concurrent writers on $name', (engine) => {
  /**
   * The model runs each round's posted commands in some order; only sums matter for the balances. A refused command
   * must have met a balance that it could not be taken from: the least that any order of the others leaves.
   */
  test('leave what the sum of their posted commands says, never below a floor, with every chain whole', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, slots, async (drawn, slotsOfA) => {
        const ledger = await ledgerOn(engine);
        await open(ledger, member('A', { floor: -30n, slots: slotsOfA }), settlement('S', 3));
        let expected = { available: 0n, frozen: 0n };
        for (const [round, commands] of drawn.entries()) {
          const before = expected;
          const words = await Promise.all(
            commands.map(({ kind, amount }, index) =>
              postWord(ledger, posting(`${round}/${index}`, legsOf(kind, amount))),
            ),
          );
          const posted = commands.filter((_, index) => words[index] === 'posted');
          for (const { kind, amount } of posted) {
            const [available, frozen] = effects[kind];
            expected = {
              available: expected.available + available * amount,
              frozen: expected.frozen + frozen * amount,
            };
          }
          expect(await balanceOf(ledger, accountId('A'))).toEqual([expected.available, expected.frozen]);
          expect(expected.available >= -30n && expected.frozen >= 0n).toBe(true);

          const least = (balance: 0 | 1, start: bigint) =>
            posted.reduce((sum, { kind, amount }) => {
              const change = effects[kind][balance] * amount;
              return change < 0n ? sum + change : sum;
            }, start);
          for (const [index, { kind, amount }] of commands.entries()) {
            if (words[index] === 'posted') continue;
            expect(words[index]).toBe('insufficient_funds');
            const [available, frozen] = effects[kind];
            const couldFail =
              (available < 0n && least(0, before.available) - amount < -30n) ||
              (frozen < 0n && least(1, before.frozen) - amount < 0n);
            expect(couldFail).toBe(true);
          }
        }
        const [settled] = await balanceOf(ledger, accountId('S'));
        expect(settled).toBe(expected.available + expected.frozen);
        expect((await auditLedger(ledger.table)).findings).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
