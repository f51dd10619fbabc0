import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import type { NewPosting } from '../../functions/ledger/posting.ts';
import { engines } from '../support/engines.ts';
import { counting, ledgerOn, open, postWord, through } from './ledger-on.ts';
import { feeExpense, legs, member, posting, settlement } from './samples.ts';

/** DynamoDB Local counts a transaction's capacity wrong. */
const counters = engines.filter(({ name }) => name === 'ministack');
const transactionId = `pay_${'0'.repeat(26)}`;

describe.each(counters)('the cost of posting, counted by $name', (engine) => {
  let ledger: Ledger;

  beforeAll(async () => {
    ledger = await ledgerOn(engine);
    await open(ledger, settlement('S', 8), feeExpense('F', 8), ...['A', 'B', 'C', 'D'].map((name) => member(name)));
  });

  async function costOf(next: NewPosting) {
    const client = counting(ledger.table.client);
    expect(await postWord(through(ledger, client), next)).toBe('posted');
    return client.units();
  }

  test('a top-up is 8 write and 6 read units, a freeze 4 and 2', async () => {
    const topUpLegs = legs(['S', 'debit', 9940n], ['F', 'debit', 60n], ['A', 'credit', 10000n]);
    expect(await costOf(posting('1', topUpLegs, { type: 'top_up', transactionId }))).toEqual({ writes: 8, reads: 6 });
    const freezeLegs = legs(['A', 'debit', 700n], ['A', 'credit', 700n, 'frozen']);
    const freeze = posting('2', freezeLegs, { type: 'withdrawal_freeze', transactionId });
    expect(await costOf(freeze)).toEqual({ writes: 4, reads: 2 });
  });

  test('five accounts with the longest words stay at 2 write units an item', async () => {
    const all = legs(['S', 'debit', 40n], ...['A', 'B', 'C', 'D'].map((name) => [name, 'credit', 10n] as const));
    const next = posting('3', all, { type: 'difference_reversal', transactionId, description: 'x'.repeat(100) });
    expect(await costOf(next)).toEqual({ writes: 12, reads: 10 });
  });
});
