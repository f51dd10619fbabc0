import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format as paypalStl } from '../../../functions/reconciliation/formats/paypal-stl.ts';
import { readInTurn } from '../../../functions/reconciliation/reading/flattened.ts';
import { netOf } from '../../../functions/reconciliation/statement-line.ts';
import { chunksOf, context } from '../staged-day.ts';
import { csvText, quotedFields } from './csv-text.ts';
import { factsOf, linesOf, parsedOf, readDocument, realSample, recognises, sample, sumsOf } from './read-document.ts';

const settlement = sample('paypal/STL-20260301.01.009.CSV');
const details = sample('paypal/TRR-20260301.01.008.CSV');
const text = settlement.toString();
const rows = text.split('\n');
const columns = quotedFields(rows[3] ?? '')[0] ?? [];

/** The sample's first transaction with other values in some of its columns, in a file without sums. */
function changed(values: Readonly<Record<string, string>>): string {
  const row = [...(quotedFields(rows[4] ?? '')[0] ?? [])];
  for (const [name, value] of Object.entries(values)) row[columns.indexOf(name)] = value;
  return [...rows.slice(0, 4), csvText([row]).trimEnd(), '"RC",1', '"FF",1'].join('\n');
}

const firstOf = async (values: Readonly<Record<string, string>>) =>
  (await readDocument(paypalStl, changed(values))).reads[0];

const rejectionOf = async (file: string) => (await readDocument(paypalStl, file)).rejection;

describe('a settlement report', () => {
  test('reads as its transactions and ties with its sums and its counts', async () => {
    const document = await readDocument(paypalStl, settlement);
    const lines = linesOf(document);
    const told = lines.map(({ kind, ourReference, amount, fee, currency }) =>
      [kind, ourReference, amount, fee, currency].join(' '),
    );
    expect(told).toEqual([
      'collection C20260301000001 10000 339 USD',
      'collection C20260301000002 2500 130 JPY',
      'refund  2000 -58 USD',
      'debit  1500 0 USD',
      'debit  700 0 USD',
      'fee  0 2000 USD',
      'fee  0 -90 USD',
      'payout P20260301000001 1200 25 USD',
      'payout_return P20260228000004 800 0 USD',
      'debit  2370 0 JPY',
      'credit  1571 0 USD',
      'credit  5000 0 USD',
      'settlement  9000 0 USD',
      'settlement_return  300 0 USD',
    ]);
    expect(lines[0]).toMatchObject({
      lineNumber: 5,
      channelReference: 'TXN00000000000001',
      at: new Date('2026-03-01T09:00:00Z'),
      status: 'succeeded',
    });
    expect(lines[12]?.settlementReference).toBe('BANK1047428557');
    expect(parsedOf(document)[0]?.merchantNos).toEqual(['MERCHANT00001']);
    const { control } = document;
    expect(control?.lines).toBe(14);
    expect(control?.sums).toMatchObject({
      'SF USD credits': 17_761_000n,
      'RF USD fee debits': 364_000n,
      'RF JPY debits': 237_000_000n,
      'RC rows': 1_400_000n,
    });
    const found = sumsOf(document);
    for (const [name, sum] of Object.entries(control?.sums ?? {}))
      expect([name, found[name] ?? 0n]).toEqual([name, sum]);
  });

  test('does not tie when a transaction is missing', async () => {
    const document = await readDocument(paypalStl, rows.toSpliced(4, 1).join('\n'));
    expect(sumsOf(document)['SF USD credits']).toBe(7_761_000n);
    expect(document.reads).toHaveLength(13);
    expect(document.control?.lines).toBe(14);
  });

  test('reads the same with other line ends, a byte order mark, tabs, and its columns in another order', async () => {
    const facts = factsOf(await readDocument(paypalStl, settlement));
    const turned = rows.map((row) => {
      const [fields = []] = quotedFields(row || '""');
      const [type = '', ...rest] = fields;
      return ['CH', 'SB'].includes(type) ? csvText([[type, ...rest.toReversed()]]).trimEnd() : row;
    });
    const tabs = rows.filter((row) => row !== '').map((row) => csvText(quotedFields(row), '\t').slice(0, -1));
    const variants = [`\uFEFF${text.replaceAll('\n', '\r\n')}`, text.trimEnd(), turned.join('\n'), tabs.join('\n')];
    for (const variant of variants) expect(factsOf(await readDocument(paypalStl, variant))).toEqual(facts);
  });

  test('may have the fees of its sums the other way round, which its balances tell', async () => {
    const turned = text.replaceAll(',58,364,', ',364,58,').replaceAll(',0,130,', ',130,0,');
    expect((await readDocument(paypalStl, turned)).control).toEqual(
      (await readDocument(paypalStl, settlement)).control,
    );
  });

  test('of an empty day counts none', async () => {
    const empty = [...rows.slice(0, 4), '"SC",0', '"RC",0', '"FF",0', ''].join('\n');
    const document = await readDocument(paypalStl, empty);
    expect(document).toMatchObject({ reads: [], control: { lines: 0, sums: { 'SC rows': 0n, 'RC rows': 0n } } });
  });

  test('is recognised by its first row and its columns', () => {
    expect(recognises(paypalStl, settlement)).toBe(true);
    expect(recognises(paypalStl, `\uFEFF${text}`)).toBe(true);
    expect(recognises(paypalStl, details)).toBe(true);
    expect(recognises(paypalStl, rows.slice(2).join('\n'))).toBe(true);
    expect(recognises(paypalStl, '"RH",2026/03/01\n"CH","Case ID"\n')).toBe(false);
    expect(recognises(paypalStl, 'Transaction Event Code,Amount\n')).toBe(false);
  });

  test.each([
    ['truncated', rows.slice(0, 10).join('\n')],
    ['truncated', rows.slice(0, -2).join('\n')],
    ['truncated', rows.slice(2, 8).join('\n')],
    ['truncated', text.slice(0, text.indexOf('wrapped'))],
    ['malformed_frame', rows.toSpliced(3, 1).join('\n')],
    ['malformed_frame', text.replace('"Custom Field"', '"Fee Amount"')],
    ['malformed_frame', text.replace('"Fee Amount"', '"Charge"')],
    ['malformed_frame', text.replace('"SC",14', '"SC",many')],
    ['malformed_frame', text.replace('"SF","USD",17761', '"SF","USD",17.61')],
    ['wrong_control_total', text.replace('"CR",5055', '"CR",5056')],
  ])('is refused as %s', async (reason, file) => {
    expect(await rejectionOf(file)).toMatchObject({ reason });
  });
});

describe('a report in several files', () => {
  const part = (sequence: number, transactions: readonly string[], footer: readonly string[]) =>
    [...rows.slice(0, 4), ...transactions, ...footer, `"FF",${transactions.length}`]
      .join('\n')
      .replace('"FH",01', `"FH",0${sequence}`);
  const first = part(1, rows.slice(4, 10), []);
  const last = part(2, rows.slice(10, 18), rows.slice(18, 24));

  const inTurn = async (files: readonly string[]) => {
    const document = {
      read: () =>
        readInTurn(
          paypalStl,
          files.map((file, index) => ({ fileName: `${index}`, stream: () => chunksOf(Buffer.from(file), 999) })),
          context,
        ),
    };
    return readDocument({ ...paypalStl, ...document }, '');
  };
  const untied = (document: Awaited<ReturnType<typeof inTurn>>) => {
    const found = sumsOf(document);
    return Object.entries(document.control?.sums ?? {}).filter(([name, sum]) => (found[name] ?? 0n) !== sum);
  };

  test('ties as a whole', async () => {
    const document = await inTurn([first, last]);
    expect(document.control?.lines).toBe(14);
    expect(untied(document)).toEqual([]);
  });

  test('does not tie when one of them is missing', async () => {
    expect(untied(await inTurn([first]))).toEqual([['RC rows', 0n]]);
    expect(untied(await inTurn([last]))).not.toEqual([]);
  });
});

describe('a transaction detail report', () => {
  test('counts its rows, and ignores by name those that never touched the balance', async () => {
    const { reads, control } = await readDocument(paypalStl, details);
    expect(reads).toMatchObject([
      { line: { kind: 'collection', amount: 10000n, fee: 339n } },
      { ignored: 'authorisation_moves_no_money' },
      { ignored: 'pending_moves_no_money' },
      { ignored: 'denied_moves_no_money' },
      { line: { kind: 'collection', amount: 4300n, fee: 155n, status: 'succeeded' } },
      { line: { kind: 'debit', amount: 4300n, fee: -155n } },
    ]);
    expect(control).toEqual({ lines: 6, sums: { 'SC rows': 600_000n, 'RC rows': 600_000n } });
    expect(sumsOf({ reads })).toMatchObject(control?.sums ?? {});
  });
});

describe('a transaction', () => {
  test.each([
    ['T0006', 'DR', 'debit'],
    ['T0001', 'DR', 'payout'],
    ['T0400', 'CR', 'settlement_return'],
    ['T1107', 'CR', 'credit'],
    ['T1115', 'CR', 'payout_return'],
    ['T1110', 'DR', 'debit'],
    ['T1111', 'CR', 'credit'],
    ['T1201', 'DR', 'debit'],
    ['T1202', 'CR', 'credit'],
    ['T1501', 'DR', 'debit'],
    ['T9999', 'CR', 'credit'],
  ])('of code %s on side %s is a %s', async (code, side, kind) => {
    const read = await firstOf({ 'Transaction Event Code': code, 'Transaction Debit or Credit': side });
    expect(read).toMatchObject({ line: { kind, amount: 10000n, fee: 339n } });
  });

  test('that is a fee has its own and the charge on it as one fee', async () => {
    expect(await firstOf({ 'Transaction Event Code': 'T0100', 'Transaction Debit or Credit': 'DR' })).toMatchObject({
      line: { kind: 'fee', amount: 0n, fee: 10339n },
    });
  });

  test.each([
    ['currency AUD is none that we book', { 'Gross Transaction Currency': 'AUD' }],
    ['the gross amount is none', { 'Gross Transaction Amount': '100.00' }],
    ['the gross amount is none', { 'Gross Transaction Amount': '-100' }],
    ['the gross amount is none', { 'Gross Transaction Amount': '' }],
    ['the gross amount is none', { 'Transaction Debit or Credit': 'XX' }],
    ['the fee is no amount', { 'Fee Amount': 'x' }],
    ['the fee is no amount', { 'Fee Debit or Credit': '' }],
    ['the fee is in another currency', { 'Fee Currency': 'EUR' }],
    ['event code T1 is none', { 'Transaction Event Code': 'T1' }],
    ['has no Transaction ID', { 'Transaction ID': '' }],
    ['has no time that can be read', { 'Transaction Completion Date': '2026/02/30 10:00:00 -0800' }],
    ['has no time that can be read', { 'Transaction Completion Date': '2026-03-01 10:00:00' }],
  ])('is an error that says: %s', async (reason, values) => {
    expect(await firstOf(values)).toMatchObject({ lineNumber: 5, reason });
  });

  test.each([
    ['row type XX is unknown', '"XX",1'],
    ['is no CSV record', '"SB"x,1'],
    ['has 1 fields instead of 21', '"SB",1'],
  ])('is an error that says: %s', async (reason, row) => {
    const { reads } = await readDocument(paypalStl, rows.toSpliced(6, 0, row).join('\n'));
    expect(reads[2]).toEqual({ lineNumber: 7, reason, raw: row });
    expect(reads).toHaveLength(15);
  });
});

test('any transactions read back to their nets, and add up to the sums that are written of them', async () => {
  const anyTransaction = fc.record({
    code: fc.constantFrom('T0006', 'T0001', 'T0106', 'T0200', 'T0400', 'T1107', 'T1108', 'T1501'),
    gross: fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
    fee: fc.bigInt({ min: -9_999n, max: 9_999n }),
  });
  const side = (amount: bigint): [string, string] => [amount < 0n ? 'DR' : 'CR', `${amount < 0n ? -amount : amount}`];
  await fc.assert(
    fc.asyncProperty(fc.array(anyTransaction, { maxLength: 12 }), async (all) => {
      const sum = (of: (each: { gross: bigint; fee: bigint }) => bigint, sign: bigint) =>
        all.map((each) => of(each) * sign).reduce((total, amount) => (amount > 0n ? total + amount : total), 0n);
      const net = all.reduce((total, { gross, fee }) => total + gross + fee, 0n);
      const figures = [
        sum(({ gross }) => gross, 1n),
        sum(({ gross }) => gross, -1n),
        sum(({ fee }) => fee, 1n),
        sum(({ fee }) => fee, -1n),
      ].map((figure) => `${figure}`);
      const made = all.map(({ code, gross, fee }, index) => {
        const row = [...(quotedFields(rows[4] ?? '')[0] ?? [])];
        row.splice(columns.indexOf('Transaction Event Code'), 1, code);
        row.splice(columns.indexOf('Transaction ID'), 1, `TXN${index}`);
        row.splice(columns.indexOf('Transaction Debit or Credit'), 2, ...side(gross));
        row.splice(columns.indexOf('Fee Debit or Credit'), 2, ...side(fee));
        return row;
      });
      const footer = [
        ['SF', 'USD', ...figures, 'CR', '0', ...side(net)],
        ['SC', `${all.length}`],
        ['RC', `${all.length}`],
        ['FF', `${all.length}`],
      ];
      const document = await readDocument(paypalStl, [...rows.slice(0, 4), csvText([...made, ...footer])].join('\n'));
      expect(linesOf(document).map(netOf)).toEqual(all.map(({ gross, fee }) => gross + fee));
      const found = sumsOf(document);
      for (const [name, stated] of Object.entries(document.control?.sums ?? {})) expect(found[name] ?? 0n).toBe(stated);
    }),
  );
});

test.each([
  ['stl.csv', 5, 'wrong_control_total'],
  ['stl_chargeback_reversal.csv', 2, 'truncated'],
  ['stl_currency_convert.csv', 3, 'truncated'],
  ['trr_express_checkout_refund.csv', 1, 'truncated'],
])(
  'a real excerpt %s reads as its rows, and is refused since its end was cut or edited',
  async (name, count, reason) => {
    const file = realSample(`paypal/${name}`);
    if (!file) return; // they may be read, but not shipped
    expect(recognises(paypalStl, file)).toBe(true);
    const document = await readDocument(paypalStl, file);
    expect(document.rejection).toMatchObject({ reason });
    // not one of them is in the wrong layout: what is an error is in a currency that we do not book
    const errors = document.reads.filter((read) => 'reason' in read && !/^currency \w+ is none/.test(read.reason));
    expect([document.reads.length, errors]).toEqual([count, []]);
  },
);

test('a real detail report reads as its one transaction, and counts others', async () => {
  const file = realSample('paypal/trr_express_with_non_data_rows.csv');
  if (!file) return; // they may be read, but not shipped
  const document = await readDocument(paypalStl, file);
  expect(linesOf(document)).toMatchObject([
    { kind: 'collection', amount: 15000n, fee: 4300n, currency: 'JPY', at: new Date('2017-03-02T17:59:55Z') },
  ]);
  expect(document.control?.lines).toBe(20039);
});
