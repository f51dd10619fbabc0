import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Item, toItem } from '../../functions/kernel/table.ts';
import { auditItems } from '../../functions/ledger/audit.ts';
import { auditLedger, scanItems } from '../../functions/ledger/audit-store.ts';
import type { Finding } from '../../functions/ledger/books.ts';
import { closeAccount } from '../../functions/ledger/close-account.ts';
import { hashEntry } from '../../functions/ledger/entry.ts';
import { entryFromItem } from '../../functions/ledger/entry-store.ts';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import { post } from '../../functions/ledger/post.ts';
import { trialBalance } from '../../functions/ledger/trial-balance.ts';
import { engines } from '../support/engines.ts';
import { ledgerOn, open } from './ledger-on.ts';
import { accountId, feeExpense, legs, member, payOut, posting, postingId, settlement, topUp } from './samples.ts';

const A = accountId('A');
const entryKey = (seq: number) => ({ pk: `ACCOUNT#${A}#0`, sk: `ENTRY#${String(seq).padStart(12, '0')}` });

describe.each(engines)('the audit on $name', (engine) => {
  let ledger: Ledger;
  const items: Item[] = [];

  beforeAll(async () => {
    ledger = await ledgerOn(engine);
    await open(ledger, settlement('S', 3), feeExpense('F', 1), member('A'), member('B'), member('Z'));
    await post(ledger, posting('p1', legs(['S', 'debit', 990n], ['F', 'debit', 10n], ['A', 'credit', 1000n])));
    await post(ledger, topUp('p2', 'A', 200n, { description: 'second' }));
    await post(ledger, posting('p3', legs(['A', 'debit', 300n], ['A', 'credit', 300n, 'frozen'])));
    await post(ledger, posting('p4', legs(['A', 'debit', 300n, 'frozen'], ['S', 'credit', 300n])));
    await post(ledger, posting('p5', legs(['A', 'debit', 50n], ['B', 'credit', 50n])));
    await post(ledger, payOut('p6', 'A', 200n, { reverses: postingId('p2') }));
    await closeAccount(ledger, { accountId: accountId('Z'), postingId: postingId('close-Z') });
    for await (const item of scanItems(ledger.table)) items.push(item);
  });

  const find = (key: { pk: string; sk: string }): Item => {
    const item = items.find((each) => each['pk'] === key.pk && each['sk'] === key.sk);
    if (!item) throw new Error(`${key.pk} / ${key.sk} is not there`);
    return item;
  };
  const postingKey = (name: string) => ({ pk: `POSTING#${postingId(name)}`, sk: 'POSTING' });
  const without = (...gone: readonly Item[]) => items.filter((item) => !gone.includes(item));
  const changed = (item: Item, facts: Item) => [...without(item), { ...item, ...facts }];
  const findingsIn = async (all: readonly Item[]) => (await auditItems(all)).findings;
  const codesIn = async (all: readonly Item[]) => (await findingsIn(all)).map(({ code }) => code);
  /** An entry that its forger has sealed again. */
  const resealed = (item: Item): Item => ({ ...item, hash: hashEntry(entryFromItem(item)) });

  test('finds whole books whole, whatever the order of the items', async () => {
    const report = await auditLedger(ledger.table);
    expect(report.findings).toEqual([]);
    expect([report.books.accounts.size, report.books.postings.size, report.entries]).toEqual([5, 7, 13]);
    expect(await findingsIn(items.toReversed())).toEqual([]);
  });

  test('sums a trial balance whose sides are equal', async () => {
    const lines = trialBalance((await auditItems(items)).books);
    expect(lines.map(({ subject, debit, credit }) => [subject, debit, credit])).toEqual([
      ['settlement_pending', 690n, 0n],
      ['member_deposits', 0n, 700n],
      ['fee_expense', 10n, 0n],
    ]);
  });

  test('names an altered entry', async () => {
    const found = await findingsIn(changed(find(entryKey(2)), { changeAvailable: 201n }));
    expect(found).toContainEqual(
      expect.objectContaining({ code: 'altered_entry', accountId: A, slot: 0, seq: 2, postingId: postingId('p2') }),
    );
    expect(found.map(({ code }) => code)).toContain('unbalanced_posting');
  });

  test('names an entry that was altered and sealed again', async () => {
    const forged = resealed({ ...find(entryKey(6)), available: 9999n, changeAvailable: 9149n });
    const codes = await codesIn([...without(find(entryKey(6))), forged]);
    expect(codes).toEqual(['replaced_entry']);
  });

  test('names the followers of an entry that was sealed again in the middle', async () => {
    const forged = resealed({ ...find(entryKey(2)), description: 'other words' });
    const found = await findingsIn([...without(find(entryKey(2))), forged]);
    expect(found.map(({ code, seq }) => [code, seq])).toEqual([
      ['broken_link', 3],
      ['replaced_entry', 2],
    ]);
  });

  test('names a removed entry, in the middle and at the end of a chain', async () => {
    const middle = await findingsIn(without(find(entryKey(3))));
    expect(middle.map(({ code, seq }) => [code, seq])).toEqual([
      ['gap', 3],
      ['entry_missing', 3],
    ]);
    const end = await findingsIn(without(find(entryKey(6))));
    expect(end).toEqual([
      expect.objectContaining({ code: 'entry_missing', accountId: A, slot: 0, seq: 6, postingId: postingId('p6') }),
    ]);
  });

  test('names an inserted entry, of no posting and of another one', async () => {
    const last = find(entryKey(6));
    const facts = { ...entryKey(7), previousHash: last['hash'], changeAvailable: 5n, available: 655n };
    const ofNone = resealed({ ...last, ...facts, postingId: postingId('never') });
    expect(await findingsIn([...items, ofNone])).toEqual([
      expect.objectContaining({
        code: 'posting_missing',
        accountId: A,
        slot: 0,
        seq: 7,
        postingId: postingId('never'),
      }),
    ]);
    expect(await codesIn([...items, resealed({ ...last, ...facts })])).toEqual(['entry_not_in_posting']);
  });

  test('names two entries that changed places', async () => {
    const [second, fifth] = [find(entryKey(2)), find(entryKey(5))];
    const swapped = [...without(second, fifth), { ...second, ...entryKey(5) }, { ...fifth, ...entryKey(2) }];
    const altered = (await findingsIn(swapped)).filter(({ code }) => code === 'altered_entry');
    expect(altered.map(({ seq }) => seq)).toEqual([2, 5]);
  });

  test('names an entry moved to another account', async () => {
    const moved = { ...find(entryKey(1)), pk: `ACCOUNT#${accountId('Z')}#0`, sk: 'ENTRY#000000000002' };
    expect(await codesIn([...items, moved])).toEqual(
      expect.arrayContaining(['altered_entry', 'entry_not_in_posting', 'after_closing']),
    );
  });

  test('names a copy under the same number', async () => {
    expect(await codesIn([...items, find(entryKey(4))])).toContain('duplicate_entry');
  });

  test('names a posting that was removed or altered', async () => {
    const removed = await findingsIn(without(find(postingKey('p2'))));
    expect(removed.map(({ code }) => code).toSorted()).toEqual([
      'posting_missing',
      'posting_missing',
      'reversed_missing',
    ]);
    expect(await codesIn(changed(find(postingKey('p2')), { description: 'other words' }))).toEqual(['altered_posting']);
    expect(await codesIn(changed(find(postingKey('p2')), { transactionId: 'pay_x' }))).toEqual(['altered_posting']);
    expect(await codesIn(changed(find(postingKey('p6')), { reverses: postingId('p1') }))).toEqual(['altered_posting']);
  });

  test('names a balance below its floor', async () => {
    const account = find({ pk: `ACCOUNT#${A}`, sk: 'ACCOUNT' });
    const found = await findingsIn(changed(account, { floor: 800n }));
    expect(found.map(({ code, seq }) => [code, seq])).toEqual([['below_floor', 6]]);
  });

  test('names a chain without its account, and items that are nothing of ours', async () => {
    expect(await codesIn(without(find({ pk: `ACCOUNT#${A}`, sk: 'ACCOUNT' })))).toEqual(['account_missing']);
    expect(await codesIn([...items, { pk: 'X', sk: 'Y' }])).toEqual(['unknown_item']);
    const unreadable = await codesIn(changed(find(entryKey(2)), { available: 'much' }));
    expect(unreadable).toContain('unreadable_item');
  });

  test("runs a neighbour's check over the same books", async () => {
    const check = (books: Parameters<typeof trialBalance>[0]): Finding[] =>
      books.balances.get(A)?.available === 650n
        ? []
        : [{ code: 'suspense_differs', detail: 'the cases say otherwise' }];
    expect((await auditLedger(ledger.table, [check])).findings).toEqual([]);
    expect((await auditItems(without(find(entryKey(1))), [check])).findings).toContainEqual(
      expect.objectContaining({ code: 'suspense_differs' }),
    );
  });

  test('finds on the table what was done to it', async () => {
    const { client, name: TableName } = ledger.table;
    await client.send(new DeleteItemCommand({ TableName, Key: toItem(entryKey(3)) }));
    const codes = async () => (await auditLedger(ledger.table)).findings.map(({ code }) => code);
    expect(await codes()).toEqual(['gap', 'entry_missing']);
    await client.send(new PutItemCommand({ TableName, Item: toItem(find(entryKey(3))) }));
    expect(await codes()).toEqual([]);
  });
});
