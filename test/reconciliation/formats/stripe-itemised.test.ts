import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format as stripeItemised } from '../../../functions/reconciliation/formats/stripe-itemised.ts';
import { format as stripePayouts } from '../../../functions/reconciliation/formats/stripe-payouts.ts';
import { netOf } from '../../../functions/reconciliation/statement-line.ts';
import { csvText, quotedFields } from './csv-text.ts';
import { factsOf, linesOf, readDocument, realSample, recognises, sample, sumsOf } from './read-document.ts';

const balanceChange = sample('stripe/balance-change.csv');
const payoutReconciliation = sample('stripe/Itemised_payout_reconciliation_USD.csv');
const reconciliationFile = { fileName: 'Itemised_payout_reconciliation_USD_2026-03-01_to_2026-03-01_UTC.csv' };

const header = [
  'balance_transaction_id',
  'created_utc',
  'currency',
  'gross',
  'fee',
  'net',
  'reporting_category',
  'source_id',
];
const charge = {
  balance_transaction_id: 'txn_1',
  created_utc: '2026-03-01 10:00:00',
  currency: 'usd',
  gross: '10.00',
  fee: '0.50',
  net: '9.50',
  reporting_category: 'charge',
  source_id: 'ch_1',
};

const fileOf = (values: Readonly<Record<string, string>>): string => {
  const row = { ...charge, ...values };
  const columns = [...new Set([...header, ...Object.keys(values)])];
  return csvText([columns, columns.map((name) => new Map(Object.entries(row)).get(name) ?? '')]);
};

const firstOf = async (values: Readonly<Record<string, string>>, context = {}) =>
  (await readDocument(stripeItemised, fileOf(values), context)).reads[0];

describe('an itemised report of Stripe', () => {
  test('reads as its rows, each with its net to the cent', async () => {
    const document = await readDocument(stripeItemised, balanceChange);
    const lines = linesOf(document);
    const told = lines.map(({ kind, ourReference, channelReference, amount, fee }) =>
      [kind, ourReference, channelReference, amount, fee].join(' '),
    );
    expect(told).toEqual([
      'collection C20260301000001 pi_1001 12000 378',
      'collection C20260301000002 pi_1002 4550 162',
      'collection C20260301000003 pi_1003 500 18',
      'refund R20260301000001 re_1004 2000 -58',
      'refund_return R20260227000001 re_0990 1000 0',
      'debit C20260301000002 du_1006 4550 1500',
      'credit C20260210000004 du_0980 3000 0',
      'fee  txn_1008 0 235',
      'fee  txn_1009 0 4',
      'payout P20260301000001 tr_1010 3300 0',
      'payout_return P20260228000007 trr_1011 1200 0',
      'settlement  po_76 88000 0',
      'settlement_return  po_70 31000 0',
      'debit  txn_1014 10000 0',
      'credit  tu_1015 100000 0',
    ]);
    const nets = [
      11622n,
      4388n,
      482n,
      -1942n,
      1000n,
      -6050n,
      3000n,
      -235n,
      -4n,
      -3300n,
      1200n,
      -88000n,
      31000n,
      -10000n,
    ];
    expect(lines.map(netOf)).toEqual([...nets, 100000n]);
    expect(document.control).toEqual({ sums: {} });
    expect(lines[0]).toMatchObject({
      lineNumber: 2,
      currency: 'USD',
      status: 'succeeded',
      at: new Date('2026-03-01T01:02:03Z'),
      settlementReference: 'po_77',
    });
    // the second record goes over two lines
    expect(lines.slice(1, 3)).toMatchObject([{ lineNumber: 3 }, { lineNumber: 5, currency: 'JPY' }]);
    expect(lines[1]?.raw).toContain('"A pot\nwith its lid"');
    expect(lines[11]?.settlementReference).toBe('po_76');
  });

  test('reads the same with other line ends, with a byte order mark, in tabs, and with its columns in another order', async () => {
    const facts = factsOf(await readDocument(stripeItemised, balanceChange));
    const text = balanceChange.toString();
    const variants = [
      text.replaceAll('\n', '\r\n'),
      text.trimEnd(),
      `\uFEFF${text}`,
      `${text}\n\r\n`,
      csvText(quotedFields(text).map((fields) => fields.toReversed())),
      csvText(quotedFields(text), '\t'),
    ];
    for (const variant of variants) expect(factsOf(await readDocument(stripeItemised, variant))).toEqual(facts);
  });

  test('without a row is an empty day', async () => {
    const document = await readDocument(stripeItemised, `${header.join(',')}\n`);
    expect(document).toEqual({ reads: [], control: { sums: {} }, rejection: undefined });
  });

  test('is told from its summary, from the report of payouts and from other tables', () => {
    expect(recognises(stripeItemised, balanceChange)).toBe(true);
    expect(recognises(stripeItemised, `\uFEFF${balanceChange.toString()}`)).toBe(true);
    expect(recognises(stripeItemised, 'reporting_category,currency,count,gross,fee,net\n')).toBe(false);
    expect(recognises(stripeItemised, sample('stripe/payouts.csv'))).toBe(false);
    expect(recognises(stripePayouts, sample('stripe/payouts.csv'))).toBe(true);
    expect(recognises(stripePayouts, balanceChange)).toBe(false);
    expect(recognises(stripeItemised, 'id,amount\n')).toBe(false);
  });

  test('of payouts alone holds settlements, whichever sign they have', async () => {
    expect(linesOf(await readDocument(stripePayouts, sample('stripe/payouts.csv')))).toMatchObject([
      { kind: 'settlement', amount: 88000n, channelReference: 'po_76', settlementReference: 'po_76' },
      { kind: 'settlement_return', amount: 31000n, channelReference: 'po_70' },
    ]);
  });
});

describe('a payout reconciliation of Stripe', () => {
  test('adds up to the payout that stands in it', async () => {
    const document = await readDocument(stripeItemised, payoutReconciliation, reconciliationFile);
    expect(document.control?.sums).toEqual({ 'payout po_80 net': 8_600_000n });
    expect(sumsOf(document)).toEqual(document.control?.sums);
  });

  test('shows a row that is missing', async () => {
    const cut = payoutReconciliation.toString().split('\n').toSpliced(2, 1).join('\n');
    const document = await readDocument(stripeItemised, cut, reconciliationFile);
    expect(sumsOf(document)).not.toEqual(document.control?.sums);
  });

  test('states nothing of a payout that does not stand in it', async () => {
    const open = payoutReconciliation.toString().split('\n').slice(0, 4).join('\n');
    expect((await readDocument(stripeItemised, open, reconciliationFile)).control?.sums).toEqual({});
  });
});

describe('a row of an itemised report', () => {
  test('has its time in the report’s zone, which is the channel’s, where it has none in UTC', async () => {
    const local = { created_utc: '', created: '2026-03-01 10:00:00' };
    const read = await firstOf(local, { timeZone: 'America/New_York' });
    expect(read).toMatchObject({ line: { at: new Date('2026-03-01T15:00:00Z') } });
  });

  test('names our order by its metadata, else by a description that is a number, and else not at all', async () => {
    const ourReferenceOf = async (values: Readonly<Record<string, string>>) => {
      const read = await firstOf(values);
      return read && 'line' in read ? read.line.ourReference : undefined;
    };
    expect(await ourReferenceOf({ 'payment_metadata[order_no]': 'C1', payment_intent_id: 'pi_1' })).toBe('C1');
    expect(await ourReferenceOf({ 'payment_metadata[color]': 'red', description: 'ORDER-2026-7' })).toBe(
      'ORDER-2026-7',
    );
    expect(await ourReferenceOf({ description: 'Two cups 2026' })).toBe('');
    expect(await ourReferenceOf({ description: 'ORDER-2026-7', payment_intent_id: 'pi_1' })).toBe('');
  });

  test('of a refund does not take the payment’s number for its own', async () => {
    const refund = { reporting_category: 'refund', gross: '-10.00', fee: '0', net: '-10.00', source_id: 're_1' };
    const read = await firstOf({ ...refund, 'payment_metadata[order]': 'C1' });
    expect(read).toMatchObject({ line: { kind: 'refund', ourReference: '', channelReference: 're_1' } });
  });

  test.each([
    ['something_new', '5.00', 'credit'],
    ['something_new', '-5.00', 'debit'],
    ['constructor', '5.00', 'credit'],
    ['charge', '-5.00', 'debit'],
    ['refund', '5.00', 'credit'],
  ])('of category %s and gross %s is a %s', async (reporting_category, gross, kind) => {
    const read = await firstOf({ reporting_category, gross, fee: '0.00', net: gross });
    expect(read).toMatchObject({ line: { kind, amount: 500n } });
  });

  test.each([
    ['currency aud is none that we book', { currency: 'aud' }],
    ['net is not gross less fee', { net: '9.49' }],
    ['gross is no amount', { gross: '1e3' }],
    ['fee is no amount', { fee: '' }],
    ['net is no amount', { net: '9,50' }],
    ['has more decimals than USD', { gross: '10.005', fee: '0.005', net: '10.00' }],
    ['has more decimals than JPY', { currency: 'jpy' }],
    ['has no time that can be read', { created_utc: '2026-02-30 10:00:00' }],
    ['has no time that can be read', { created_utc: '' }],
    ['has no reporting_category', { reporting_category: '' }],
    ['has neither source nor transaction', { source_id: '', balance_transaction_id: '' }],
  ])('is an error that says: %s', async (reason, values) => {
    expect(await firstOf(values)).toMatchObject({ lineNumber: 2, reason });
  });

  test('that is cut off is an error, and its raw text is kept', async () => {
    const cut = balanceChange.toString().slice(0, -20);
    const last = (await readDocument(stripeItemised, cut)).reads.at(-1);
    expect(last).toMatchObject({ reason: expect.stringMatching(/^has \d+ fields instead of 17$/) });
  });
});

const anyRow = fc.record({
  net: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  fee: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }),
  category: fc.constantFrom('charge', 'refund', 'fee', 'transfer', 'payout', 'dispute', 'anything'),
  description: fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r\n', 'a', '金', ' '), maxLength: 20 }),
});

const dollars = (cents: bigint): string => {
  const digits = `${cents < 0n ? -cents : cents}`.padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

test('any report that is written reads back to the same nets, whatever its texts hold and however it arrives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), async (rows, chunkBytes) => {
      const table = rows.map(({ net, fee, category, description }, index) => [
        `txn_${index}`,
        '2026-03-01 10:00:00',
        'usd',
        dollars(net + fee),
        dollars(fee),
        dollars(net),
        category,
        description,
      ]);
      const text = csvText([[...header.slice(0, 7), 'description'], ...table]);
      const { reads } = await readDocument(stripeItemised, text, { chunkBytes });
      expect(reads.map((read) => ('line' in read ? netOf(read.line) : read))).toEqual(rows.map(({ net }) => net));
    }),
  );
});

const paymentsActivity = realSample('stripe/payments_activity.csv');
const withCustomers = realSample('stripe/settlement_report_with_customer_data.csv');

(paymentsActivity ? test : test.skip)('a real file of payments reads without an error', async () => {
  const file = paymentsActivity ?? '';
  expect(recognises(stripeItemised, file)).toBe(true);
  expect(linesOf(await readDocument(stripeItemised, file))).toMatchObject([
    { kind: 'collection', amount: 3000n, fee: 120n, ourReference: '24315.1', channelReference: 'pi_aaa' },
    { kind: 'debit', amount: 3000n, fee: 1500n, channelReference: 'dp_bbb', settlementReference: 'po_def' },
  ]);
});

(withCustomers ? test : test.skip)('a real file of a payout reads without an error', async () => {
  expect(linesOf(await readDocument(stripeItemised, withCustomers ?? ''))).toMatchObject([
    { kind: 'collection', amount: 2500n, fee: 95n, ourReference: '24315.1', settlementReference: 'po_test123' },
    { kind: 'collection', amount: 1000n, fee: 0n },
    { kind: 'fee', amount: 0n, fee: 50n, channelReference: 'txn_fee_01' },
  ]);
});
