import { expect, test } from '@jest/globals';
import { firstPreviousHash, sealEntry } from '../../functions/ledger/entry.ts';
import { entriesCsv } from '../../functions/ledger/statement-csv.ts';
import { accountId, postingId, today } from './samples.ts';

const line = (description: string) => ({
  entry: sealEntry({
    accountId: accountId('S'),
    slot: 0,
    seq: 1,
    postingId: postingId('p'),
    type: 'withdrawal_capture',
    transactionId: 'pay_1',
    description,
    accountingDate: today,
    postedAt: '2026-03-02T04:00:00.000Z',
    change: { available: -9940n, frozen: 0n },
    after: { available: -9940n, frozen: 0n },
    previousHash: firstPreviousHash,
  }),
  balancesAfter: { available: -9940n, frozen: 5n },
  next: [0],
});

test('amounts are in major units, negative ones as plain numbers', () => {
  const [head, row] = entriesCsv([line('payout')], 'CNY').split('\n');
  expect(head).toBe(
    'accountingDate,postedAt,postingId,type,transactionId,currency,' +
      'availableChange,frozenChange,availableAfter,frozenAfter,belongsTo,description',
  );
  expect(row).toBe(
    `2026-03-02,2026-03-02T04:00:00.000Z,${postingId('p')},withdrawal_capture,pay_1,CNY,-99.40,0.00,-99.40,0.05,,payout`,
  );
});

test('text that a spreadsheet would run is defused, and text with commas is quoted', () => {
  expect(entriesCsv([line('=HYPERLINK("x")')], 'CNY')).toContain(`"'=HYPERLINK(""x"")"`);
  expect(entriesCsv([line('rent, March')], 'CNY')).toContain('"rent, March"');
});

test('an empty statement still has its head', () => {
  expect(entriesCsv([], 'CNY').split('\n')[0]).toContain('accountingDate');
});
