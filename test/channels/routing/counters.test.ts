import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ceilingOf, drawFrom, roomIn, withoutHeld } from '../../../functions/channels/routing/counters.ts';

const slots = fc.integer({ min: 1, max: 16 });
const amount = fc.bigInt({ min: 0n, max: 10_000n });

const counterWithUse = slots.chain((count) =>
  fc.record({
    counter: fc.record({
      key: fc.constant('LIMIT'),
      limit: fc.bigInt({ min: 0n, max: 20_000n }),
      slots: fc.constant(count),
    }),
    used: fc.array(fc.tuple(fc.nat(count - 1), fc.bigInt({ min: 0n, max: 2_000n })), { maxLength: count }),
  }),
);

describe('the ceilings of the slots', () => {
  test('add up to the limit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n }), slots, (limit, count) => {
        const ceilings = Array.from({ length: count }, (_, slot) => ceilingOf({ limit, slots: count }, slot));
        expect(ceilings.reduce((sum, each) => sum + each, 0n)).toBe(limit);
      }),
    );
  });
});

describe('an amount', () => {
  test('is drawn whole exactly when there is room in the sum, and never past a ceiling', () => {
    fc.assert(
      fc.property(counterWithUse, amount, fc.nat(), ({ counter, used }, wanted, start) => {
        // nobody has taken more than a slot's ceiling
        const fitting = used.filter(([slot, taken]) => taken <= ceilingOf(counter, slot));
        const use = { used: new Map(fitting), closed: false };
        const drawn = drawFrom(counter, use, { amount: wanted, start });
        expect(drawn !== undefined).toBe(wanted <= roomIn(counter, use));
        for (const draw of drawn ?? []) {
          expect(draw.amount).toBeGreaterThan(0n);
          expect((use.used.get(draw.slot) ?? 0n) + draw.amount).toBeLessThanOrEqual(draw.ceiling);
          expect(draw.ceiling).toBe(ceilingOf(counter, draw.slot));
        }
        if (drawn) expect(drawn.reduce((sum, draw) => sum + draw.amount, 0n)).toBe(wanted);
        expect(new Set(drawn?.map(({ slot }) => slot)).size).toBe(drawn?.length ?? 0);
      }),
    );
  });

  test('does not pass a limit that was lowered, by whatever payments that saw the counter at different moments', () => {
    const step = fc.oneof(
      fc.record({ release: fc.nat(15), share: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ amount, start: fc.nat(), age: fc.nat(6) }),
    );
    fc.assert(
      fc.property(counterWithUse, fc.array(step, { maxLength: 40 }), ({ counter, used: first }, steps) => {
        const used = new Map(first);
        const views = [new Map(used)];
        const sum = () => [...used.values()].reduce((total, each) => total + each, 0n);
        for (const each of steps) {
          if ('release' in each) {
            const taken = used.get(each.release) ?? 0n;
            used.set(each.release, taken - taken / BigInt(each.share));
          } else {
            const seen = views.at(-1 - each.age) ?? views[0];
            const drawn = drawFrom(counter, { used: seen ?? used, closed: false }, { ...each });
            // as the condition of the write is
            const fits = drawn?.every((draw) => (used.get(draw.slot) ?? 0n) + draw.amount <= draw.ceiling);
            if (drawn && drawn.length > 0 && fits) {
              for (const draw of drawn) used.set(draw.slot, (used.get(draw.slot) ?? 0n) + draw.amount);
              expect(sum()).toBeLessThanOrEqual(counter.limit);
            }
          }
          views.push(new Map(used));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('is drawn whole from a counter of which some slots hold more than their share', () => {
    fc.assert(
      fc.property(counterWithUse, amount, fc.nat(), ({ counter, used }, wanted, start) => {
        const use = { used: new Map(used), closed: false };
        const drawn = drawFrom(counter, use, { amount: wanted, start });
        expect(drawn !== undefined).toBe(wanted <= roomIn(counter, use));
        if (drawn) expect(drawn.reduce((sum, draw) => sum + draw.amount, 0n)).toBe(wanted);
      }),
    );
  });

  test('comes from one slot wherever one has room for it', () => {
    const counter = { key: 'LIMIT', limit: 400n, slots: 4 };
    const use = {
      used: new Map([
        [0, 90n],
        [1, 60n],
        [2, 95n],
        [3, 10n],
      ]),
      closed: false,
    };
    expect(drawFrom(counter, use, { amount: 30n, start: 0 })).toMatchObject([{ slot: 1, amount: 30n, ceiling: 100n }]);
    expect(drawFrom(counter, use, { amount: 30n, start: 2 })).toMatchObject([{ slot: 3, amount: 30n }]);
    expect(drawFrom(counter, use, { amount: 120n, start: 0 })).toMatchObject([
      { slot: 3, amount: 90n },
      { slot: 1, amount: 30n },
    ]);
    expect(drawFrom(counter, use, { amount: 146n, start: 0 })).toBeUndefined();
  });

  test('is refused by a limit that was lowered below what was taken, although some slots have room', () => {
    const lowered = { key: 'LIMIT', limit: 100n, slots: 2 };
    const use = { used: new Map([[0, 100n]]), closed: false };
    expect(drawFrom(lowered, use, { amount: 1n, start: 1 })).toBeUndefined();
  });

  test('finds nothing in a counter that is closed', () => {
    const use = { used: new Map<number, bigint>(), closed: true };
    expect(drawFrom({ key: 'RESERVE', limit: 100n, slots: 2 }, use, { amount: 1n, start: 0 })).toBeUndefined();
  });
});

test('what a payment holds does not stand in its own way', () => {
  const counter = { key: 'LIMIT', limit: 100n, slots: 2 };
  const use = {
    used: new Map([
      [0, 50n],
      [1, 40n],
    ]),
    closed: false,
  };
  const held = [
    { counter: 'LIMIT', slot: 0, amount: 30n, ceiling: 50n },
    { counter: 'OTHER', slot: 1, amount: 30n, ceiling: 50n },
  ];
  expect(roomIn(counter, withoutHeld(counter, use, held))).toBe(40n);
});
