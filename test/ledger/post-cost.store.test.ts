import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import type { NewPosting } from '../../functions/ledger/posting.ts';
import { meterClient, sumUsage, type Usage } from '../../local/metering.ts';
import { engines } from '../support/engines.ts';
import { ledgerOn, open, postWord, through } from './ledger-on.ts';
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

  /** A new process, and what passes through its client. */
  function metered() {
    const client = engine.client();
    const meter = meterClient(client);
    const process = through(ledger, client);
    const costOf = async (next: NewPosting): Promise<Omit<Usage, 'calls'>> => {
      meter.read();
      expect(await postWord(process, next)).toBe('posted');
      const { calls: _, ...units } = sumUsage(meter.read());
      return units;
    };
    return { costOf };
  }

  test('two accounts are 6 write units, and at most 3 read units at the first look at a spread account, 1 later', async () => {
    const topUpLegs = (name: string) =>
      legs(['S', 'debit', 9940n], ['S', 'debit', 60n, 'fees'], [name, 'credit', 10000n]);
    const { costOf } = metered();
    const first = await costOf(posting('1', topUpLegs('A'), { transactionId }));
    expect(first).toMatchObject({ writeUnits: 6, indexWriteUnits: 2 });
    expect(first.readUnits).toBeLessThanOrEqual(3);
    const second = await costOf(posting('2', topUpLegs('B'), { transactionId }));
    expect(second).toEqual({ writeUnits: 6, indexWriteUnits: 2, readUnits: 1 });
  });

  test('a freeze is 4 write units and 1 read unit', async () => {
    const freezeLegs = legs(['A', 'debit', 700n], ['A', 'credit', 700n, 'frozen']);
    const cost = await metered().costOf(posting('3', freezeLegs, { transactionId }));
    expect(cost).toEqual({ writeUnits: 4, indexWriteUnits: 1, readUnits: 1 });
  });

  test('five accounts with the longest words stay at 2 write units an item', async () => {
    const all = legs(['S', 'debit', 40n], ...['A', 'B', 'C', 'D'].map((name) => [name, 'credit', 10n] as const));
    const next = posting('4', all, { type: 'difference_reversal', transactionId, description: 'x'.repeat(100) });
    expect((await metered().costOf(next)).writeUnits).toBe(12);
  });
});
