import { expect, test } from '@jest/globals';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { csvOf, generalLedgerRows, textOf } from '../../../functions/ledger/close/close-csv.ts';
import { beginDay, withEntry } from '../../../functions/ledger/close/day-movements.ts';
import { legs, member, memoryBooks, posting, settlement, today } from '../samples.ts';

async function fileOf(rows: readonly { currency: 'CNY' | 'JPY'; amount: bigint; text: string }[]): Promise<string> {
  async function* each() {
    yield* rows;
  }
  let file = '';
  for await (const piece of csvOf(each(), ['currency', 'amount', 'text'])) file += piece;
  return file;
}

test('amounts are in major units of their own currency, negative ones plain numbers', async () => {
  expect(
    await fileOf([
      { currency: 'CNY', amount: -9_940n, text: 'a' },
      { currency: 'JPY', amount: -9_940n, text: 'b' },
      { currency: 'CNY', amount: 5n, text: 'c' },
    ]),
  ).toBe('currency,amount,text\nCNY,-99.40,a\nJPY,-9940,b\nCNY,0.05,c\n');
});

test('a file without rows has its head', async () => {
  expect(await fileOf([])).toBe('currency,amount,text\n');
});

test.each(['=1+1', '+1', '-1', '@A1', '\t=1'])('text that a spreadsheet would run is defused: %j', (text) => {
  const [, cell] = textOf([{ currency: 'CNY', text } as const], ['currency', 'text']).split(',');
  expect(cell?.replace(/^"/, '')).toMatch(/^'/);
});

test('text that would end its line stays one cell', () => {
  expect(textOf([{ currency: 'CNY', text: 'rent,\n"March"' } as const], ['currency', 'text'])).toBe(
    'CNY,"rent,\n""March"""\n',
  );
});

test('an account has a line for each balance, each under its own subject', () => {
  const books = memoryBooks([settlement('S', 1), member('A')]);
  const all = legs(['S', 'debit', 94n], ['S', 'debit', 6n, 'fees'], ['A', 'credit', 100n]);
  const booked = books.book(posting('1', all));
  const entry = isRefusal(booked) ? undefined : booked.entries.find(({ account }) => account.kind === 'settlement');
  const begun = beginDay(undefined, entry);
  if (!entry || !begun) throw new Error('nothing was booked');
  expect(
    generalLedgerRows(today, withEntry(begun, entry)).map(({ balance, subject, debit, closing }) => [
      balance,
      subject,
      debit,
      closing,
    ]),
  ).toEqual([
    ['available', 'settlement_pending', 94n, 94n],
    ['fees', 'fee_expense', 6n, 6n],
  ]);
});
