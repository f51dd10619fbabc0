import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import type { NewPosting } from '../../functions/ledger/posting.ts';
import { engines } from '../support/engines.ts';
import { counting, ledgerOn, open, postWord, through } from './ledger-on.ts';
import { legs, member, posting, settlement } from './samples.ts';

/** DynamoDB Local counts a transaction's capacity wrong. */
const counters = engines.filter(({ name }) => name === 'ministack');
const transactionId = `pay_${'0'.repeat(26)}`;

describe.each(counters)('the cost of posting, counted by $name', (engine) => {
  let ledger: Ledger;

  beforeAll(async () => {
    ledger = await ledgerOn(engine);
    await open(ledger, settlement('S', 8), ...['A', 'B', 'C', 'D'].map((name) => member(name)));
  });

  async function costOf(next: NewPosting) {
    const client = counting(ledger.table.client);
    expect(await postWord(through(ledger, client), next)).toBe('posted');
    return client.units();
  }

  test('two accounts are 6 write units, and 3 read units at the first look at a spread account, 1 later', async () => {
    const topUpLegs = legs(['S', 'debit', 9940n], ['S', 'debit', 60n, 'fees'], ['A', 'credit', 10000n]);
    const client = counting(ledger.table.client);
    const process = through(ledger, client);
    expect(await postWord(process, posting('1', topUpLegs, { transactionId }))).toBe('posted');
    expect(client.units().writes).toBe(6);
    expect(client.units().reads).toBeLessThanOrEqual(3);
    const before = client.units();
    const next = legs(['S', 'debit', 9940n], ['S', 'debit', 60n, 'fees'], ['B', 'credit', 10000n]);
    expect(await postWord(process, posting('2', next, { transactionId }))).toBe('posted');
    expect(client.units()).toEqual({ writes: before.writes + 6, reads: before.reads + 1 });
  });

  test('a freeze is 4 write units and 1 read unit', async () => {
    const freezeLegs = legs(['A', 'debit', 700n], ['A', 'credit', 700n, 'frozen']);
    expect(await costOf(posting('3', freezeLegs, { transactionId }))).toEqual({ writes: 4, reads: 1 });
  });

  test('five accounts with the longest words stay at 2 write units an item', async () => {
    const all = legs(['S', 'debit', 40n], ...['A', 'B', 'C', 'D'].map((name) => [name, 'credit', 10n] as const));
    const next = posting('4', all, { type: 'difference_reversal', transactionId, description: 'x'.repeat(100) });
    expect((await costOf(next)).writes).toBe(12);
  });
});
