import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId, InstitutionId, PostingId } from '../../functions/kernel/ids.ts';
import { firstPreviousHash, hashEntry, type UnsealedEntry } from '../../functions/ledger/entry.ts';
import { balances, day } from './samples.ts';

/** The example of the ledger's README. */
const example: UnsealedEntry = {
  accountId: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' as AccountId,
  slot: 0,
  seq: 2,
  postingId: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8E' as PostingId,
  type: 'top_up',
  transactionId: 'pay_01JZ8Q4T6M3V9X5B7N1K2R0C8F',
  accountingDate: day('2026-03-02'),
  postedAt: '2026-03-02T04:00:00.000Z',
  account: {
    kind: 'member',
    subject: 'member_deposits',
    currency: 'CNY',
    institutionId: 'inst_01JZ8Q4T6M3V9X5B7N1K2R0C8G' as InstitutionId,
    openedAt: '2026-03-01T04:00:00.000Z',
  },
  terms: { status: 'active', floor: 0n, slots: 1, since: 1 },
  change: balances(10000n),
  after: balances(10000n),
  previousHash: firstPreviousHash,
};

const documentedText =
  '[["acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D",0,2],' +
  '["post_01JZ8Q4T6M3V9X5B7N1K2R0C8E","top_up","pay_01JZ8Q4T6M3V9X5B7N1K2R0C8F",null,null],' +
  '["2026-03-02",null,"2026-03-02T04:00:00.000Z"],' +
  '["member","member_deposits","CNY","inst_01JZ8Q4T6M3V9X5B7N1K2R0C8G","2026-03-01T04:00:00.000Z"],' +
  '["active","0",1,1],["10000","0","0"],["10000","0","0"],' +
  '"0000000000000000000000000000000000000000000000000000000000000000"]';

test('an entry hashes as the README shows', () => {
  expect(hashEntry(example)).toBe(createHash('sha256').update(documentedText, 'utf8').digest('hex'));
});

test('the hash covers every field of an entry', () => {
  const changes: UnsealedEntry[] = [
    { ...example, accountId: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8X' as AccountId },
    { ...example, slot: 1 },
    { ...example, seq: 3 },
    { ...example, postingId: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8X' as PostingId },
    { ...example, type: 'adjustment' },
    { ...example, transactionId: undefined },
    { ...example, description: 'x' },
    { ...example, accountingDate: day('2026-03-03') },
    { ...example, belongsTo: day('2026-03-01') },
    { ...example, postedAt: '2026-03-02T04:00:00.001Z' },
    { ...example, by: 'client-1' },
    ...(['available', 'frozen', 'fees'] as const).flatMap((kind) => [
      { ...example, change: { ...example.change, [kind]: 7n } },
      { ...example, after: { ...example.after, [kind]: 7n } },
    ]),
    { ...example, account: { ...example.account, kind: 'internal' } },
    { ...example, account: { ...example.account, subject: 'write_off' } },
    { ...example, account: { ...example.account, currency: 'USD' } },
    { ...example, account: { ...example.account, institutionId: undefined } },
    { ...example, account: { ...example.account, openedAt: '2026-03-01T04:00:00.001Z' } },
    { ...example, terms: { ...example.terms, status: 'blocked' } },
    { ...example, terms: { ...example.terms, floor: -1n } },
    { ...example, terms: { ...example.terms, floor: null } },
    { ...example, terms: { ...example.terms, slots: 2 } },
    { ...example, terms: { ...example.terms, since: 2 } },
    { ...example, previousHash: 'f'.repeat(64) },
  ];
  const hashes = new Set([example, ...changes].map(hashEntry));
  expect(hashes.size).toBe(changes.length + 1);
});

test('two entries never share a text, whatever stands in their free fields', () => {
  const free = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
  fc.assert(
    fc.property(free, free, free, free, (transaction, words, otherTransaction, otherWords) => {
      fc.pre(transaction !== otherTransaction || words !== otherWords);
      const left = hashEntry({ ...example, transactionId: transaction, description: words });
      const right = hashEntry({ ...example, transactionId: otherTransaction, description: otherWords });
      expect(left).not.toBe(right);
    }),
  );
});
