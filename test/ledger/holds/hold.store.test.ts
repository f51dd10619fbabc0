import { beforeEach, describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import { expireHolds } from '../../../functions/ledger/holds/expire-holds.ts';
import { holdIdOf, remainingOf } from '../../../functions/ledger/holds/hold.ts';
import { findHold } from '../../../functions/ledger/holds/hold-access.ts';
import { getHold, overdueHolds } from '../../../functions/ledger/holds/hold-store.ts';
import { releaseHold } from '../../../functions/ledger/holds/release-hold.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { post } from '../../../functions/ledger/post.ts';
import { transferMoney } from '../../../functions/ledger/transfers/transfer-money.ts';
import { engines } from '../../support/engines.ts';
import { balanceOf, ledgerOn, open } from '../ledger-on.ts';
import {
  app,
  capture,
  codeOf,
  codesOf,
  later,
  openWith,
  operator,
  order,
  party,
  place,
  release,
  stranger,
} from '../movements-on.ts';
import { accountId, member, noon, settlement, topUp } from '../samples.ts';

const holdOf = async (ledger: Ledger, caller = app) => {
  const hold = await getHold(ledger.table, holdIdOf(caller, 'H'));
  if (!hold) throw new Error('the hold is gone');
  return hold;
};

/** As a process of its own would act, that remembers nothing. */
const another = (ledger: Ledger, now = noon): Ledger => ({
  ...ledger,
  clock: () => now,
  memory: headMemory(() => now),
});

describe.each(engines)('holds on $name', (engine) => {
  let ledger: Ledger;
  const A = accountId('A');
  const balances = async (...names: string[]) =>
    Promise.all(names.map(async (name) => (await balanceOf(ledger, accountId(name))).map(Number)));

  beforeEach(async () => {
    ledger = await ledgerOn(engine);
    await openWith(ledger, { A: 1000n, B: 0n });
  });

  test('set money aside that nothing else can spend', async () => {
    const placed = await place(ledger, 'A', 700n);
    expect(placed).toMatchObject({ hold: { amount: { amount: 700n }, placedBy: 'institution', version: 1 } });
    expect(await balances('A')).toEqual([[300, 700]]);
    expect(codeOf(await transferMoney(ledger, party, order('T', 'A', 'B', 301n)))).toBe('insufficient_funds');
    expect(codeOf(await place(ledger, 'A', 301n, { reference: 'second' }))).toBe('insufficient_funds');
    expect(codeOf(await transferMoney(ledger, party, order('T2', 'A', 'B', 300n)))).toBe('done');
  });

  test('are captured in parts, released in parts, and end when nothing remains', async () => {
    await place(ledger, 'A', 700n);
    await capture(ledger, 'B', { operation: '1', amount: 300n });
    await release(ledger, { operation: '2', amount: 100n });
    expect(await balances('A', 'B')).toEqual([
      [400, 300],
      [300, 0],
    ]);
    expect(codeOf(await capture(ledger, 'B', { operation: '3', amount: 301n }))).toBe('exceeds_hold');
    await capture(ledger, 'B', { operation: '4' });
    expect(await holdOf(ledger)).toMatchObject({ captured: 600n, released: 100n, version: 4 });
    expect(
      codesOf([await capture(ledger, 'B', { operation: '5' }), await release(ledger, { operation: '6' })]),
    ).toEqual(['hold_ended', 'hold_ended']);
    expect(await balances('A', 'B')).toEqual([
      [400, 0],
      [600, 0],
    ]);
  });

  test('of one reference are one hold, and another request with it is refused', async () => {
    const first = await place(ledger, 'A', 100n);
    const again = await place(another(ledger), 'A', 100n, { reason: 'in other words' });
    expect([codeOf(first), codeOf(again)]).toEqual(['done', 'done']);
    expect(await balances('A')).toEqual([[900, 100]]);
    const others = [
      await place(ledger, 'A', 101n),
      await place(ledger, 'B', 100n),
      await place(ledger, 'A', 100n, { expiresAt: later(60) }),
    ];
    expect(codesOf(others)).toEqual(['reference_taken', 'reference_taken', 'reference_taken']);
  });

  test('that are asked for at once with one reference become one, whatever each asks for', async () => {
    const outcomes = await Promise.all([50n, 50n, 60n, 60n].map((amount) => place(another(ledger), 'A', amount)));
    const codes = codesOf(outcomes).sort();
    expect(codes).toEqual(['done', 'done', 'reference_taken', 'reference_taken']);
    const [, frozen] = await balanceOf(ledger, A);
    expect([50n, 60n]).toContain(frozen);
  });

  test('that are alike but for their reference are two', async () => {
    const codes = codesOf([await place(ledger, 'A', 400n), await place(ledger, 'A', 400n, { reference: 'other' })]);
    expect(codes).toEqual(['done', 'done']);
    expect(await balances('A')).toEqual([[200, 800]]);
  });

  test('a repeat of a capture or a release finds what its first run did', async () => {
    await place(ledger, 'A', 100n);
    for (let run = 1; run <= 3; run++) {
      expect(codeOf(await capture(another(ledger), 'B', { operation: 'part', amount: 30n }))).toBe('done');
      expect(codeOf(await release(another(ledger), { operation: 'back', amount: 30n }))).toBe('done');
    }
    for (let run = 1; run <= 3; run++) {
      expect(codeOf(await capture(another(ledger), 'B', { operation: 'rest' }))).toBe('done');
    }
    expect(await balances('A', 'B')).toEqual([
      [930, 0],
      [70, 0],
    ]);
  });

  test('an institution and operators release only their own; the institution sees both', async () => {
    await place(ledger, 'A', 100n);
    await place(ledger, 'A', 200n, { caller: operator });
    const ids = [holdIdOf(app, 'H'), holdIdOf(operator, 'H')] as const;
    const releaseAs = (caller: typeof app, id: (typeof ids)[number]) =>
      releaseHold(ledger, { caller, holdId: id, operationId: `0${caller.kind}${id}`.slice(0, 26) });
    expect(codesOf([await releaseAs(app, ids[1]), await releaseAs(operator, ids[0])])).toEqual([
      'not_your_hold',
      'not_your_hold',
    ]);
    for (const id of ids) {
      expect(codeOf(await findHold(ledger, { caller: app, id }))).toBe('done');
      expect(codeOf(await findHold(ledger, { caller: stranger, id }))).toBe('not_found');
      expect(codeOf(await releaseAs(stranger, id))).toBe('not_found');
    }
    expect(await balances('A')).toEqual([[700, 300]]);
  });

  test('are neither placed on nor captured to a foreign account or one that mirrors a channel', async () => {
    expect(codeOf(await place(ledger, 'A', 1n, { caller: stranger }))).toBe('not_found');
    expect(codeOf(await place(ledger, 'S', 1n))).toBe('account_not_payable');
    expect(codeOf(await place(ledger, 'nobody', 1n))).toBe('not_found');
    await place(ledger, 'A', 10n);
    expect(codeOf(await capture(ledger, 'S', { operation: '1' }))).toBe('account_not_payable');
    expect(codeOf(await capture(ledger, 'A', { operation: '2' }))).toBe('same_account');
    expect(codeOf(await capture(ledger, 'nobody', { operation: '3' }))).toBe('not_found');
  });

  test('whose time is over are not captured any more, and are released by the sweep', async () => {
    await place(ledger, 'A', 100n, { expiresAt: later(60) });
    await place(ledger, 'A', 50n, { reference: 'without end' });
    const atLast = another(ledger, later(60));
    expect(codeOf(await capture(atLast, 'B', { operation: 'late' }))).toBe('hold_expired');
    expect(await expireHolds(another(ledger, later(59)))).toEqual({ released: 0, more: false });
    expect(await expireHolds(atLast)).toEqual({ released: 1, more: false });
    expect(await balances('A', 'B')).toEqual([
      [950, 50],
      [0, 0],
    ]);
    expect(remainingOf(await holdOf(ledger))).toBe(0n);
    expect(await expireHolds(another(ledger, later(120)))).toEqual({ released: 0, more: false });
  });

  test('leave the list of what expires as soon as they end', async () => {
    await place(ledger, 'A', 100n, { expiresAt: later(60) });
    await capture(ledger, 'B', { operation: 'all' });
    const all = [0, 1, 2, 3].map((shard) => overdueHolds(ledger.table, { shard, now: later(600), limit: 10 }));
    expect((await Promise.all(all)).flat()).toEqual([]);
  });

  test('that would be over already are refused, but a repeat still finds its hold', async () => {
    expect(codeOf(await place(ledger, 'A', 1n, { expiresAt: noon }))).toBe('expiry_past');
    await place(ledger, 'A', 1n, { expiresAt: later(60) });
    expect(codeOf(await place(another(ledger, later(90)), 'A', 1n, { expiresAt: later(60) }))).toBe('done');
  });

  test('twenty captures, releases and an expiry of one hold at once move exactly what was held', async () => {
    await place(ledger, 'A', 100n, { expiresAt: later(60) });
    const before = Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? capture(another(ledger), 'B', { operation: `c${n}`, amount: 9n })
        : release(another(ledger), { operation: `r${n}`, amount: 7n }),
    );
    const outcomes = await Promise.all([...before, expireHolds(another(ledger, later(60)))]);
    const hold = await holdOf(ledger);
    const done = outcomes.slice(0, 20).map((outcome) => !isRefusal(outcome));
    const captured = done.filter((each, n) => each && n % 2 === 0).length * 9;
    expect(Number(hold.captured)).toBe(captured);
    expect(remainingOf(hold)).toBe(0n);
    expect(await balances('A', 'B')).toEqual([
      [1000 - captured, 0],
      [captured, 0],
    ]);
    const refusals = codesOf(outcomes.slice(0, 20) as object[]).filter((code) => code !== 'done');
    expect(new Set([...refusals, 'hold_ended', 'exceeds_hold'])).toEqual(new Set(['hold_ended', 'exceeds_hold']));
  });

  test('of a confirm, a void and an expiry that race exactly one wins', async () => {
    for (let round = 0; round < 5; round++) {
      const reference = `race ${round}`.replace(' ', '-');
      await place(ledger, 'A', 10n, { reference, expiresAt: later(60) });
      const [before] = await balanceOf(ledger, accountId('B'));
      const outcomes = await Promise.all([
        capture(another(ledger), 'B', { reference, operation: `c${round}` }),
        release(another(ledger), { reference, operation: `v${round}` }),
        expireHolds(another(ledger, later(60))),
      ]);
      const [captured, released] = codesOf(outcomes.slice(0, 2) as object[]);
      const expired = (outcomes[2] as { released: number }).released;
      expect([captured, released].filter((code) => code === 'done').length + expired).toBe(1);
      const [after] = await balanceOf(ledger, accountId('B'));
      expect(after - before).toBe(captured === 'done' ? 10n : 0n);
    }
    expect((await balanceOf(ledger, A))[1]).toBe(0n);
  });

  test('two commits of one hold at once are one', async () => {
    await place(ledger, 'A', 100n);
    const outcomes = await Promise.all(['x', 'y'].map((operation) => capture(another(ledger), 'B', { operation })));
    expect(codesOf(outcomes).sort()).toEqual(['done', 'hold_ended']);
    expect(await balances('A', 'B')).toEqual([
      [900, 0],
      [100, 0],
    ]);
  });

  test('of an account in several slots draw on all of them, and give back what they drew', async () => {
    const spread = await ledgerOn(engine);
    await open(spread, settlement('S', 1), member('H', { slots: 3 }), member('B'));
    for (let n = 0; n < 9; n++) await post(another(spread), topUp(`fund ${n}`, 'H', 10n));
    expect(codeOf(await place(another(spread), 'H', 85n))).toBe('done');
    expect(codeOf(await capture(another(spread), 'B', { operation: 'c', amount: 60n }))).toBe('done');
    expect(await balanceOf(spread, accountId('H'))).toEqual([5n, 25n]);
    expect(codeOf(await release(another(spread), { operation: 'r' }))).toBe('done');
    expect(await balanceOf(spread, accountId('H'))).toEqual([30n, 0n]);
    expect(await balanceOf(spread, accountId('B'))).toEqual([60n, 0n]);
  });
});
