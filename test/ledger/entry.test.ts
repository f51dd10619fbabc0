import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId, PostingId } from '../../functions/kernel/ids.ts';
import { firstPreviousHash, hashEntry, type UnsealedEntry } from '../../functions/ledger/entry.ts';
import { day } from './samples.ts';

/** The example of the ledger's README. */
const example: UnsealedEntry = {
  accountId: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' as AccountId,
  slot: 0,
  seq: 1,
  postingId: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8E' as PostingId,
  type: 'top_up',
  transactionId: 'pay_01JZ8Q4T6M3V9X5B7N1K2R0C8F',
  accountingDate: day('2026-03-02'),
  postedAt: '2026-03-02T04:00:00.000Z',
  change: { available: 10000n, frozen: 0n },
  after: { available: 10000n, frozen: 0n },
  previousHash: firstPreviousHash,
};

const documentedText =
  '["acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D",0,1,"post_01JZ8Q4T6M3V9X5B7N1K2R0C8E","top_up","pay_01JZ8Q4T6M3V9X5B7N1K2R0C8F",' +
  'null,"2026-03-02",null,"2026-03-02T04:00:00.000Z","10000","0","10000","0",' +
  '"0000000000000000000000000000000000000000000000000000000000000000"]';

test('an entry hashes as the README shows', () => {
  expect(hashEntry(example)).toBe(createHash('sha256').update(documentedText, 'utf8').digest('hex'));
});

test('the hash covers every field of an entry', () => {
  const changes: UnsealedEntry[] = [
    { ...example, accountId: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8X' as AccountId },
    { ...example, slot: 1 },
    { ...example, seq: 2 },
    { ...example, postingId: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8X' as PostingId },
    { ...example, type: 'adjustment' },
    { ...example, transactionId: undefined },
    { ...example, description: 'x' },
    { ...example, accountingDate: day('2026-03-03') },
    { ...example, belongsTo: day('2026-03-01') },
    { ...example, postedAt: '2026-03-02T04:00:00.001Z' },
    { ...example, change: { available: 10001n, frozen: 0n } },
    { ...example, change: { available: 10000n, frozen: 1n } },
    { ...example, after: { available: 10001n, frozen: 0n } },
    { ...example, after: { available: 10000n, frozen: 1n } },
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
