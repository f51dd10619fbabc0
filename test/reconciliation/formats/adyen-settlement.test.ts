import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format as adyenSettlement } from '../../../functions/reconciliation/formats/adyen-settlement.ts';
import { netOf } from '../../../functions/reconciliation/statement-line.ts';
import { csvText, quotedFields } from './csv-text.ts';
import { factsOf, linesOf, parsedOf, readDocument, realSample, recognises, sample, sumsOf } from './read-document.ts';

const batch = sample('adyen/settlement_detail_report_batch_41.csv');
const table = quotedFields(batch.toString());
const [columns = [], firstRow = []] = table;

/** The sample's first row with other values in some of its columns, which may be new ones. */
function changed(values: Readonly<Record<string, string>>): string {
  const row = new Map(columns.map((name, index) => [name, firstRow[index] ?? '']));
  for (const [name, value] of Object.entries(values)) row.set(name, value);
  return csvText([[...row.keys()], [...row.values()]]);
}

const firstOf = async (values: Readonly<Record<string, string>>, context = {}) =>
  (await readDocument(adyenSettlement, changed(values), context)).reads[0];

const without = (names: readonly string[]): string =>
  csvText(table.map((row) => row.filter((_, index) => !names.includes(columns[index] ?? ''))));

describe('a settlement details report', () => {
  test('reads as its rows and ties: what came into the batch has gone out of it', async () => {
    const document = await readDocument(adyenSettlement, batch);
    const lines = linesOf(document);
    const told = lines.map(({ kind, ourReference, channelReference, amount, fee }) =>
      [kind, ourReference, channelReference, amount, fee].join(' '),
    );
    expect(told).toEqual([
      'collection C20260301000001 PSP0000000000001 10000 123',
      'collection C20260301000002 PSP0000000000002 4500 90',
      'debit C20260301000003 PSP0000000000003 700 0',
      'refund R20260301000001 MOD0000000000004 2000 0',
      'refund_return R20260221000003 MOD0000000000005 500 0',
      'debit C20260210000007 MOD0000000000006 1000 1500',
      'credit C20260208000006 MOD0000000000007 800 0',
      'payout P20260301000001 PSP0000000000010 1200 30',
      'payout_return P20260228000004 PSP0000000000011 300 0',
      'fee  Transaction Fees, March 2026 0 187',
      'settlement_return  TX900000001XT batch 40, FundCoShop 3000 0',
      'debit  Carried to "batch 42" 70 0',
      'settlement  TX900000002XT batch 41, FundCoShop batch 41, FundCoShop 12200 0',
    ]);
    expect(lines[0]).toMatchObject({
      currency: 'EUR',
      at: new Date('2026-03-01T09:00:00Z'),
      status: 'succeeded',
      settlementReference: '41',
    });
    expect(parsedOf(document)[0]?.merchantNos).toEqual(['FundCoShop']);
    expect(document.control).toEqual({ sums: { 'batch 41 net EUR': 0n } });
    expect(sumsOf(document)).toEqual({ 'batch 41 net EUR': 0n });
  });

  test('does not tie when a row is missing', async () => {
    const document = await readDocument(adyenSettlement, csvText(table.toSpliced(3, 1)));
    expect(sumsOf(document)).toEqual({ 'batch 41 net EUR': 700_000n });
    expect(document.control?.sums).toEqual({ 'batch 41 net EUR': 0n });
  });

  test('reads the same with other line ends, with a byte order mark and with its columns in another order', async () => {
    const facts = factsOf(await readDocument(adyenSettlement, batch));
    const text = batch.toString();
    const variants = [
      text.replaceAll('\n', '\r\n'),
      text.trimEnd(),
      `\uFEFF${text}`,
      csvText(table.map((row) => row.toReversed())),
    ];
    for (const variant of variants) expect(factsOf(await readDocument(adyenSettlement, variant))).toEqual(facts);
  });

  test('without the net columns has its gross amounts less fees, and no batch to add up', async () => {
    const rows = quotedFields(without(['Net Currency', 'Net Debit (NC)', 'Net Credit (NC)'])).slice(0, 5);
    const document = await readDocument(adyenSettlement, csvText(rows));
    expect(linesOf(document).slice(0, 2)).toMatchObject([
      { amount: 10000n, fee: 123n, currency: 'EUR' },
      { amount: 5000n, fee: 90n, currency: 'USD' },
    ]);
    expect(document.control).toEqual({ sums: {} });
  });

  test('of a quiet batch is a header alone', async () => {
    expect(await readDocument(adyenSettlement, csvText([columns]))).toMatchObject({ reads: [], control: { sums: {} } });
  });

  test('is told from other tables of Adyen', () => {
    expect(recognises(adyenSettlement, batch)).toBe(true);
    expect(recognises(adyenSettlement, without(['Net Debit (NC)', 'Net Credit (NC)', 'Reserved4']))).toBe(true);
    expect(
      recognises(adyenSettlement, 'Company Account,Merchant Account,Psp Reference,Merchant Reference,Type\n'),
    ).toBe(false);
  });

  test.each([
    ['malformed_frame', csvText([[...columns, 'Type']])],
    ['malformed_frame', without(['TimeZone'])],
    ['truncated', batch.toString().slice(0, batch.lastIndexOf('"'))],
  ])('is refused as %s', async (reason, text) => {
    expect((await readDocument(adyenSettlement, text)).rejection).toMatchObject({ reason });
  });
});

describe('a row of a settlement details report', () => {
  test.each([
    ['PST', '2026-03-01T18:00:00Z'],
    ['PDT', '2026-03-01T17:00:00Z'],
    ['CEST', '2026-03-01T08:00:00Z'],
    ['BST', '2026-03-01T09:00:00Z'],
    ['CST', '2026-03-01T02:00:00Z'],
  ])('has its time in the zone of the next column: %s', async (TimeZone, at) => {
    expect(await firstOf({ TimeZone }, { timeZone: 'Asia/Shanghai' })).toMatchObject({ line: { at: new Date(at) } });
  });

  test('was booked on its booking date, where it has one', async () => {
    const booked = { 'Booking Date': '2026-03-02 01:00:00', 'Booking Date TimeZone': 'PDT' };
    expect(await firstOf(booked)).toMatchObject({ line: { at: new Date('2026-03-02T08:00:00Z') } });
  });

  test('of a refund without a number of its own names none of ours', async () => {
    const refund = {
      Type: 'Refunded',
      'Gross Credit (GC)': '',
      'Gross Debit (GC)': '100',
      'Net Credit (NC)': '',
      'Net Debit (NC)': '101.23456',
    };
    expect(await firstOf(refund)).toMatchObject({
      line: { kind: 'refund', ourReference: '', amount: 10000n, fee: 123n },
    });
  });

  test.each([
    ['SomethingNew', 'credit'],
    ['constructor', 'credit'],
    ['MerchantPayout', 'credit'],
    ['Chargeback', 'credit'],
    ['SecondChargeback', 'credit'],
    ['MiscCosts', 'fee'],
  ])('of type %s on the credit side is a %s', async (Type, kind) => {
    expect(await firstOf({ Type })).toMatchObject({ line: { kind } });
  });

  test.each([
    ['currency AUD is none that we book', { 'Net Currency': 'AUD' }],
    ['the gross amount is none', { 'Gross Credit (GC)': '1e3' }],
    ['the net amount is none', { 'Net Debit (NC)': 'x' }],
    ['a fee is no amount', { 'Markup (NC)': '1.234567' }],
    ['gross less fees is not net', { 'Net Credit (NC)': '98.70' }],
    ['has no amount', { 'Gross Credit (GC)': '', 'Net Credit (NC)': '' }],
    ['has no time that can be read', { TimeZone: 'XYZ' }],
    ['has no time that can be read', { 'Creation Date': '2026-02-30 10:00:00' }],
    ['has no Type', { Type: '' }],
  ])('is an error that says: %s', async (reason, values) => {
    expect(await firstOf(values)).toMatchObject({ lineNumber: 2, reason });
  });
});

test('any fees are rounded once, so that a row’s amount and fee are its net to the cent', async () => {
  const anyFee = fc.bigInt({ min: 0n, max: 500_000n });
  const decimal = (exact: bigint): string => `${exact / 100_000n}.${`${exact % 100_000n}`.padStart(5, '0')}`;
  await fc.assert(
    fc.asyncProperty(fc.array(anyFee, { minLength: 4, maxLength: 4 }), async (fees) => {
      const [commission = 0n, markup = 0n, scheme = 0n, interchange = 0n] = fees;
      const net = 10_000_000n - commission - markup - scheme - interchange;
      const read = await firstOf({
        'Commission (NC)': decimal(commission),
        'Markup (NC)': decimal(markup),
        'Scheme Fees (NC)': decimal(scheme),
        'Interchange (NC)': decimal(interchange),
        'Net Credit (NC)': decimal(net),
      });
      expect(read && 'line' in read ? netOf(read.line) : read).toBe((net + 500n) / 1_000n);
    }),
  );
});

test.each([
  [
    'donation',
    [
      { kind: 'collection', amount: 100n, fee: 24n },
      { kind: 'settlement', amount: 76n },
    ],
    0n,
  ],
  [
    'refund',
    [
      { kind: 'refund', amount: 100n },
      { kind: 'fee', fee: 180n },
      { kind: 'settlement', amount: 403n },
    ],
    -683_000n,
  ],
  ['chargeback', [{ kind: 'debit', amount: 100n, fee: 200n }, { kind: 'fee' }, { kind: 'settlement' }], -883_000n],
  [
    'invoice_deduction',
    [
      { kind: 'fee', amount: 0n, fee: 6n },
      { kind: 'fee', amount: 0n, fee: -3n },
    ],
    -3_000n,
  ],
])('a real report with a %s reads without an error', async (name, lines, net) => {
  const file = realSample(`adyen/settlement_detail_report_${name}.csv`);
  if (!file) return; // they may be read, but not shipped
  expect(recognises(adyenSettlement, file)).toBe(true);
  const document = await readDocument(adyenSettlement, file);
  expect(linesOf(document)).toMatchObject(lines);
  expect(Object.values(sumsOf(document))).toEqual([net]);
});
