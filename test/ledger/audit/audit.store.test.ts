import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Item, Key, Table } from '../../../functions/kernel/table.ts';
import { auditLedger } from '../../../functions/ledger/audit/audit.ts';
import type { Finding } from '../../../functions/ledger/audit/audit-finding.ts';
import type { AuditSource } from '../../../functions/ledger/audit/audit-source.ts';
import { reversalFromItem } from '../../../functions/ledger/reversal-store.ts';
import { engines } from '../../support/engines.ts';
import { ledgerOn } from '../ledger-on.ts';
import { accountId, postingId } from '../samples.ts';
import {
  entryKey,
  holdId,
  itemsOf,
  keyOf,
  placeIn,
  postingKey,
  resealed,
  type Tampering,
  whileTampered,
  writeBooks,
} from './audited-books.ts';

const [A, B, S, Z] = [accountId('A'), accountId('B'), accountId('S'), accountId('Z')];
/** of A: opening, p1, p2, placing, capture, release, p5, p6, p7 */
const last = 9;

describe.each(engines)('the audit on $name', (engine) => {
  let table: Table;
  let items: readonly Item[];

  beforeAll(async () => {
    const ledger = await ledgerOn(engine);
    table = ledger.table;
    await writeBooks(ledger);
    items = await itemsOf(table);
  });

  const find = (key: Key): Item => {
    const item = items.find((each) => each['pk'] === key.pk && each['sk'] === key.sk);
    if (!item) throw new Error(`${key.pk} / ${key.sk} is not there`);
    return item;
  };
  const findingsAfter = (tampering: Tampering): Promise<Finding[]> =>
    whileTampered(table, tampering, async () => (await auditLedger(table)).findings);
  const placesAfter = async (tampering: Tampering) => (await findingsAfter(tampering)).map(placeIn);
  const codesAfter = async (tampering: Tampering) => (await findingsAfter(tampering)).map(({ code }) => code);
  const changed = (item: Item, facts: Item): Tampering => ({ written: [{ ...item, ...facts }] });
  const ofA = (code: string, seq: number, posting?: string) => ({
    code,
    accountId: A,
    slot: 0,
    seq,
    ...(posting !== undefined && { postingId: postingId(posting) }),
  });

  test('finds whole books whole, and counts and sums them', async () => {
    const { findings, counts, trialBalance, looks } = await auditLedger(table);
    expect(findings).toEqual([]);
    expect(looks).toBe(1);
    expect(counts).toMatchObject({ accounts: 4, chains: 6, postings: 8, entries: 23, items: items.length });
    expect(trialBalance.map(({ subject, debit, credit }) => [subject, debit, credit])).toEqual([
      ['settlement_pending', 990n, 0n],
      ['member_deposits', 0n, 1000n],
      ['fee_expense', 10n, 0n],
    ]);
  });

  test('names an altered entry', async () => {
    const found = await placesAfter(changed(find(entryKey('A', 3)), { changeAvailable: 201n }));
    expect(found).toContainEqual(ofA('altered_entry', 3, 'p2'));
    expect(found).toContainEqual({ code: 'unbalanced_posting', postingId: postingId('p2') });
  });

  test('names an entry that was altered and sealed again at the end of its chain', async () => {
    const end = find(entryKey('A', last));
    expect(await placesAfter(changed(end, resealed({ ...end, description: 'other words' })))).toEqual([
      ofA('replaced_entry', last, 'p7'),
    ]);
  });

  test('names the follower of an entry that was sealed again in the middle', async () => {
    const middle = find(entryKey('A', 3));
    const found = await placesAfter(changed(middle, resealed({ ...middle, description: 'other words' })));
    expect(found).toContainEqual(ofA('replaced_entry', 3, 'p2'));
    expect(found.map(({ code, seq }) => [code, seq])).toContainEqual(['broken_link', 4]);
  });

  test('names a removed entry, in the middle, at the end and at the beginning of a chain', async () => {
    const middle = await placesAfter({ removed: [entryKey('A', 3)] });
    expect(middle).toContainEqual(ofA('gap', 3));
    expect(middle).toContainEqual(ofA('entry_missing', 3, 'p2'));
    expect(await placesAfter({ removed: [entryKey('A', last)] })).toContainEqual(ofA('entry_missing', last, 'p7'));
    expect(await placesAfter({ removed: [entryKey('A', 1)] })).toContainEqual(ofA('gap', 1));
  });

  test('names an inserted entry, of no posting and of another one', async () => {
    const end = find(entryKey('A', last));
    const facts = { ...entryKey('A', last + 1), previousHash: end['hash'], changeAvailable: 5n, available: 805n };
    const stray = { ...end, ...facts, dayPlace: String(end['dayPlace']).replace(/\d{12}$/, '000000000010') };
    const ofNone = resealed({ ...stray, postingId: postingId('never') });
    expect(await placesAfter({ written: [ofNone] })).toContainEqual(ofA('posting_missing', last + 1, 'never'));
    expect(await placesAfter({ written: [resealed(stray)] })).toContainEqual(
      ofA('entry_not_in_posting', last + 1, 'p7'),
    );
  });

  test('names two entries that changed places', async () => {
    const [third, seventh] = [find(entryKey('A', 3)), find(entryKey('A', 7))];
    const found = await findingsAfter({
      written: [
        { ...third, ...entryKey('A', 7) },
        { ...seventh, ...entryKey('A', 3) },
      ],
    });
    const altered = found.filter(({ code, detail }) => code === 'altered_entry' && detail.includes('hash'));
    expect(altered.map(({ accountId: id, seq }) => [id, seq])).toEqual([
      [A, 3],
      [A, 7],
    ]);
  });

  test('names an entry that was moved or copied to another account, and one under a number that no chain has', async () => {
    const moved = { ...find(entryKey('A', 2)), ...entryKey('Z', 3) };
    const found = await findingsAfter({ written: [moved] });
    expect(found.filter(({ accountId: id, seq }) => id === Z && seq === 3).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['altered_entry', 'after_closing', 'entry_not_in_posting']),
    );
    const alias = { ...find(entryKey('A', 2)), pk: `ACCOUNT#${A}#00` };
    expect(await codesAfter({ written: [alias] })).toContain('altered_entry');
    expect(await codesAfter({ written: [{ ...alias, pk: `ACCOUNT#${A}` }] })).toEqual(['unreadable_item']);
  });

  test('names a posting that was removed or altered', async () => {
    const removed = await placesAfter({ removed: [postingKey('p2')] });
    expect(removed).toContainEqual(ofA('posting_missing', 3, 'p2'));
    expect(removed).toContainEqual({ code: 'reversed_missing', postingId: postingId('p2') });
    for (const facts of [{ description: 'other words' }, { transactionId: 'pay_x' }, { contentHash: '0' }]) {
      const found = await findingsAfter(changed(find(postingKey('p5')), facts));
      expect(new Set(found.map(({ code, postingId: id }) => `${code} ${id}`))).toEqual(
        new Set([`altered_posting ${postingId('p5')}`]),
      );
    }
    expect(await codesAfter(changed(find(postingKey('p5')), { colour: 'red' }))).toEqual(['altered_posting']);
  });

  test('names a reversal that is missing, altered, or takes back more than there was', async () => {
    const reversal = (number: number) => ({ pk: postingKey('p2').pk, sk: `REVERSAL#00000${number}` });
    const about = (code: string) => ({ code, postingId: postingId('p2') });
    expect(await placesAfter({ removed: [reversal(1)] })).toEqual([about('reversal_gap'), about('reversal_missing')]);
    expect(await placesAfter({ removed: [reversal(2)] })).toEqual([about('reversal_missing')]);
    const second = find(reversal(2));
    const moves = reversalFromItem(second).moves.map((move) => ({ ...move, available: move.available * 9n }));
    expect(await placesAfter(changed(second, { moves }))).toEqual([
      about('altered_reversal'),
      about('exceeds_original'),
    ]);
    expect(await placesAfter(changed(find(postingKey('p7')), { reverses: postingId('p1') }))).toContainEqual(
      about('altered_reversal'),
    );
  });

  test('names a hold that was altered or removed, and the posting that it lost', async () => {
    const hold = find({ pk: `HOLD#${holdId}`, sk: 'HOLD' });
    const about = { code: 'hold_differs', accountId: A, transactionId: holdId };
    for (const facts of [{ captured: 121n }, { released: 0n }, { amount: 299n }, { version: 9n }]) {
      expect(await placesAfter(changed(hold, facts))).toContainEqual(about);
    }
    expect(await codesAfter(changed(hold, { reference: 'other' }))).toEqual(['altered_hold']);
    expect(await codesAfter(changed(hold, { accountId: B }))).toContain('hold_differs');
    const missing = await placesAfter({ removed: [keyOf(hold)] });
    expect(missing.map(({ code, transactionId }) => [code, transactionId])).toEqual(
      Array.from({ length: 3 }, () => ['hold_missing', holdId]),
    );
  });

  test('names terms that were changed by hand, sealed again or not', async () => {
    const end = find(entryKey('A', last));
    expect(await codesAfter(changed(end, { floor: -9000n }))).toEqual(
      expect.arrayContaining(['altered_entry', 'wrong_terms']),
    );
    const found = await placesAfter(changed(end, resealed({ ...end, floor: -9000n })));
    expect(found).toContainEqual(ofA('wrong_terms', last, 'p7'));
    const slot = find(entryKey('S', 1, 2));
    const blocked = await placesAfter(changed(slot, resealed({ ...slot, status: 'closed' })));
    expect(blocked).toContainEqual({ code: 'wrong_terms', accountId: S, slot: 2 });
  });

  test('names a slot that is missing, unknown, or of another account', async () => {
    const third = entryKey('S', 1, 2);
    expect(await placesAfter({ removed: [third] })).toEqual([{ code: 'slot_missing', accountId: S, slot: 2 }]);
    const item = find(third);
    const fourth = { ...item, pk: `ACCOUNT#${S}#7` };
    expect(await placesAfter({ written: [fourth] })).toContainEqual({ code: 'unknown_slot', accountId: S, slot: 7 });
    const found = await placesAfter(changed(item, resealed({ ...item, currency: 'USD' })));
    expect(found).toContainEqual({ code: 'other_account', accountId: S, slot: 2 });
  });

  test('names a date that an entry keeps for the index of its day', async () => {
    const item = find(entryKey('A', 3));
    expect(await placesAfter(changed(item, { day: '2026-03-03#01' }))).toEqual([ofA('altered_entry', 3, 'p2')]);
  });

  test('names entries after the open business day', async () => {
    const opened = { pk: 'BUSINESS_DATE', sk: 'BUSINESS_DATE', date: '2026-03-01', first: '2026-03-01' };
    expect(await codesAfter({ written: [opened] })).toEqual(['goes_ahead']);
    expect(await codesAfter({ written: [{ ...opened, date: '2026-03-02' }] })).toEqual([]);
  });

  test('names what is nothing of the ledger, and what cannot be read', async () => {
    const [unknown] = await findingsAfter({ written: [{ pk: 'X', sk: 'Y' }] });
    expect(unknown).toMatchObject({ code: 'unknown_item', detail: expect.stringContaining('X / Y') });
    const unreadable = await findingsAfter(changed(find(entryKey('A', 3)), { available: 'much' }));
    expect(unreadable.map(({ code }) => code)).toContain('unreadable_item');
    expect(unreadable.map(placeIn)).toContainEqual(ofA('gap', 3));
  });

  test('holds the books against what a neighbour claims of them', async () => {
    const claims: AuditSource = {
      name: 'cases',
      table,
      vouchesFor: ['settlement_pending'],
      claimsOf: ({ pk, sk }) =>
        pk === `ACCOUNT#${S}#0` && sk === entryKey('S', 1).sk
          ? [{ claims: 'balance', balance: { accountId: S, amount: 990n } }]
          : [],
    };
    expect((await auditLedger(table, [claims])).findings).toEqual([]);
    const { findings } = await auditLedger(table, [{ ...claims, claimsOf: () => [] }]);
    expect(findings.map(placeIn)).toEqual([{ code: 'suspense_differs', accountId: S }]);
  });
});
