import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../functions/kernel/caller.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { listChanges, requestChange, type WantedTerms } from '../../functions/ledger/account-changes.ts';
import { headMemory } from '../../functions/ledger/head-memory.ts';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import { post } from '../../functions/ledger/post.ts';
import { readAccount } from '../../functions/ledger/read-account.ts';
import { transferMoney } from '../../functions/ledger/transfers/transfer-money.ts';
import { engines } from '../support/engines.ts';
import { balanceOf, ledgerOn, open } from './ledger-on.ts';
import { app, codeOf, codesOf, openWith, operationIdOf, operator, order, party, stranger } from './movements-on.ts';
import { accountId, institutionId, member, noon, topUp } from './samples.ts';

const another = (ledger: Ledger): Ledger => ({ ...ledger, memory: headMemory(() => noon) });
const overdraft = (limit: bigint, currency: 'CNY' | 'USD' = 'CNY'): WantedTerms => ({ overdraft: { limit, currency } });

describe.each(engines)('changes of an account on $name', (engine) => {
  let ledger: Ledger;
  let count = 0;
  const change = (caller: Caller, name: string, wanted: WantedTerms, operation = `change ${count++}`) =>
    requestChange(another(ledger), {
      caller,
      accountId: accountId(name),
      wanted,
      reason: 'for a reason',
      operationId: operationIdOf(operation),
    });
  const pay = async (reference: string, from: string, to: string, amount: bigint) =>
    codeOf(await transferMoney(another(ledger), party, order(reference, from, to, amount)));

  beforeEach(async () => {
    ledger = await ledgerOn(engine);
    await openWith(ledger, { A: 100n, B: 0n });
    await open(ledger, member('I', { kind: 'institution', subject: 'institution_deposits' }));
  });

  test('an overdraft lets the balance go below zero, so far and no further', async () => {
    expect(await pay('1', 'A', 'B', 150n)).toBe('insufficient_funds');
    expect(codeOf(await change(operator, 'A', overdraft(50n)))).toBe('done');
    expect([await pay('2', 'A', 'B', 151n), await pay('3', 'A', 'B', 150n)]).toEqual(['insufficient_funds', 'done']);
    expect(await balanceOf(ledger, accountId('A'))).toEqual([-50n, 0n]);
    expect(codesOf([await change(operator, 'A', overdraft(49n)), await change(operator, 'A', overdraft(60n))])).toEqual(
      ['below_floor', 'done'],
    );
  });

  test('a block for debits lets money in and not out, a block lets nothing move', async () => {
    await change(app, 'A', { status: 'debit_blocked' });
    expect([await pay('1', 'A', 'B', 1n), codeOf(await post(ledger, topUp('in', 'A', 5n)))]).toEqual([
      'account_blocked',
      'done',
    ]);
    await change(app, 'A', { status: 'blocked' });
    expect([await pay('2', 'A', 'B', 1n), codeOf(await post(ledger, topUp('in 2', 'A', 5n)))]).toEqual([
      'account_blocked',
      'account_blocked',
    ]);
    await change(app, 'A', { status: 'active' });
    expect(await pay('3', 'A', 'B', 105n)).toBe('done');
  });

  test('an account is closed only when it is empty, and for good', async () => {
    expect(codeOf(await change(app, 'A', { status: 'closed' }))).toBe('account_not_empty');
    await pay('1', 'A', 'B', 100n);
    expect(codeOf(await change(app, 'A', { status: 'closed' }))).toBe('done');
    expect(
      codesOf([await change(operator, 'A', { status: 'active' }), await change(operator, 'A', overdraft(5n))]),
    ).toEqual(['account_closed', 'account_closed']);
    expect(await pay('2', 'B', 'A', 1n)).toBe('account_closed');
  });

  test('an institution may be stricter with its members than operators were, never milder', async () => {
    await change(operator, 'A', { status: 'debit_blocked' });
    expect(codeOf(await change(app, 'A', { status: 'active' }))).toBe('blocked_by_operator');
    expect(codeOf(await change(app, 'A', { status: 'blocked' }))).toBe('done');
    expect(codeOf(await change(app, 'A', { status: 'active' }))).toBe('blocked_by_operator');
    expect(codeOf(await change(app, 'A', { status: 'debit_blocked' }))).toBe('done');
    expect(codeOf(await change(operator, 'A', overdraft(10n)))).toBe('done');
    expect(codeOf(await change(app, 'A', { status: 'active' }))).toBe('blocked_by_operator');
    expect(codeOf(await change(operator, 'A', { status: 'active' }))).toBe('done');
    expect(codeOf(await change(app, 'A', { status: 'blocked' }))).toBe('done');
    expect(codeOf(await change(app, 'A', { status: 'active' }))).toBe('done');
  });

  test('what an institution may not change is refused, and a foreign account is not there', async () => {
    const refused = [
      await change(app, 'A', overdraft(10n)),
      await change(app, 'A', { slots: 2 }),
      await change(app, 'I', { status: 'blocked' }),
      await change(app, 'S', { status: 'blocked' }),
      await change(stranger, 'A', { status: 'blocked' }),
      await change(operator, 'nobody', { status: 'blocked' }),
      await change(operator, 'S', overdraft(1n)),
      await change(operator, 'S', { status: 'blocked' }),
      await change(operator, 'A', overdraft(10n, 'USD')),
      await change(operator, 'A', { status: 'active' }),
      await change(operator, 'S', { slots: 65 }),
    ];
    expect(codesOf(refused)).toEqual([
      'operators_only',
      'operators_only',
      'operators_only',
      'operators_only',
      'not_found',
      'not_found',
      'account_not_payable',
      'account_not_payable',
      'currency_mismatch',
      'nothing_changes',
      'slots_only_rise',
    ]);
  });

  test('slots are added while money moves, and none of it is lost', async () => {
    await change(operator, 'A', overdraft(1000n));
    const traffic = Array.from({ length: 20 }, (_, n) => pay(`t${n}`, n % 2 ? 'A' : 'B', n % 2 ? 'B' : 'A', 1n));
    const [changed] = await Promise.all([
      change(operator, 'A', { slots: 5 }),
      change(operator, 'B', overdraft(50n)),
      ...traffic,
    ]);
    expect(isRefusal(changed) ? changed : changed.slots).toBe(5);
    const [a, b] = await Promise.all(['A', 'B'].map((name) => balanceOf(ledger, accountId(name))));
    expect((a?.[0] ?? 0n) + (b?.[0] ?? 0n)).toBe(100n);
    expect((await readAccount(ledger, accountId('A')))?.slots).toBe(5);
  });

  test('each is recorded with who, when, why, and what it was before', async () => {
    await change(operator, 'A', overdraft(50n));
    await change(app, 'A', { status: 'blocked' }, 'block');
    expect(codeOf(await change(app, 'A', { status: 'blocked' }, 'block'))).toBe('done');
    const record = await listChanges(ledger, { scope: institutionId, accountId: accountId('A'), limit: 2 });
    if (isRefusal(record)) throw new Error(record.detail);
    const at = noon.toISOString();
    expect(record.items).toMatchObject([
      {
        by: 'institution:app',
        from: { status: 'active', floor: -50n },
        to: { status: 'blocked' },
        entry: { postedAt: at },
      },
      { by: 'operator:op', from: { floor: 0n }, to: { floor: -50n }, entry: { description: 'for a reason' } },
    ]);
    const rest = await listChanges(ledger, {
      scope: 'everyone',
      accountId: accountId('A'),
      limit: 2,
      after: record.next,
    });
    expect(rest).toMatchObject({ items: [{ by: undefined, to: { status: 'active', floor: 0n } }], next: undefined });
    expect(codeOf(await listChanges(ledger, { scope: 'everyone', accountId: accountId('nobody'), limit: 2 }))).toBe(
      'not_found',
    );
  });

  test('a transfer that races a block either went before it or is refused', async () => {
    const [blocked, ...paid] = await Promise.all([
      change(operator, 'A', { status: 'blocked' }),
      ...Array.from({ length: 8 }, (_, n) => pay(`p${n}`, 'A', 'B', 10n)),
    ]);
    expect(codeOf(blocked)).toBe('done');
    const done = paid.filter((code) => code === 'done').length;
    expect(new Set([...paid, 'done', 'account_blocked'])).toEqual(new Set(['done', 'account_blocked']));
    expect(await balanceOf(ledger, accountId('B'))).toEqual([BigInt(done * 10), 0n]);
    expect(await pay('after', 'A', 'B', 1n)).toBe('account_blocked');
  });
});
