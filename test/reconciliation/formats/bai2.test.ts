import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { format as bai2 } from '../../../functions/reconciliation/formats/bai2.ts';
import type { StatementContext } from '../../../functions/reconciliation/reading/statement-format.ts';
import { context as dayContext } from '../staged-day.ts';
import { readDocument, verdictOn } from './bank-document.ts';

const context: StatementContext = { ...dayContext, merchantNo: 'A1', currency: 'USD', timeZone: 'America/New_York' };
const of = (merchantNo: string): StatementContext => ({ ...context, merchantNo });
const sample = (name: string): Buffer => readFileSync(new URL(`samples/bai2/${name}`, import.meta.url));
const read = (bytes: Buffer, merchantNo = 'A1') => readDocument(bai2, bytes, { context: of(merchantNo) });

interface Day {
  readonly account?: string;
  readonly records?: readonly string[];
  /** of the transactions, as written */
  readonly sum?: bigint;
  readonly currency?: string;
  readonly ends?: string;
}

/** A file of one account, whose trailers tie with records of the sum. */
function fileOf({ account = '03,A1,,/', records = [], sum = 0n, currency = '', ends = '\n' }: Day): Buffer {
  const lines = account.split('\n').length + records.join('\n').split('\n').filter(Boolean).length;
  const file = [
    '01,BANK,US,261124,0600,1,,,2/',
    `02,US,BANK,1,261123,2400,${currency},2/`,
    account,
    ...records,
    `49,${sum},${lines + 1}/`,
    `98,${sum},1,${lines + 3}/`,
    `99,${sum},1,${lines + 5}/`,
    '',
  ];
  return Buffer.from(file.join('\n').replaceAll('\n', ends));
}

const lineOf = async (...records: readonly string[]) => {
  const { lines, errors, ignored } = await read(fileOf({ records }));
  return lines[0] ?? errors[0] ?? ignored[0];
};

describe('the file', () => {
  test('nwb_example.bai2 ties, with balances and totals that go over a continuation', async () => {
    const { lines, net } = await read(sample('nwb_example.bai2'), '88888888600004');
    expect(lines.map(({ kind, amount, lineNumber }) => [kind, amount, lineNumber])).toEqual([
      ['payout', 971n, 5],
      ['payout', 100n, 7],
      ['payout', 123n, 9],
      ['payout', 1_571n, 11],
      ['collection', 89n, 13],
    ]);
    expect(net).toBe(33_845n - 36_521n);
    expect(lines[4]).toMatchObject({
      ourReference: '',
      channelReference: '2009-12-16/2215/1/5',
      currency: 'GBP',
      at: new Date('2009-12-16T05:00:00Z'),
      remittance: 'TFR XBANKGO24007680SJ CAT JPY 2 GBPXBANKGO24007680BGC INTERNATIONAL-5373 CLIENT SECCY AC TFR',
    });
    const verdict = await verdictOn(bai2, sample('nwb_example.bai2'), of('88888888 600004'));
    expect(verdict).toMatchObject({ rows: 5, errors: 0, tied: true });
  });

  test('citi_example.bai2 ties, and its text in continuations names no account of others', async () => {
    const { lines } = await read(sample('citi_example.bai2'), '77777777');
    expect(lines).toMatchObject([
      {
        lineNumber: 4,
        kind: 'collection',
        ourReference: 'RP12312312312312',
        channelReference: '1234567890',
        amount: 1n,
        currency: 'GBP',
        remittance: 'RP12312312312312 ENDT:20150715 TRID:RP12312312312312',
      },
    ]);
    expect(await verdictOn(bai2, sample('citi_example.bai2'), of('77777777'))).toMatchObject({ rows: 1, tied: true });
  });

  test('sample1.txt is of a currency that we do not book, and ties', async () => {
    const { errors, control } = await read(sample('sample1.txt'), '10200123456');
    expect(errors).toHaveLength(17);
    expect(control?.sums).toMatchObject({
      'account 1 amounts as written': 41_700_000_000n,
      'account 1 records': 1_100_000n,
      'account 1 credits': 20_850_000_000n,
      'group 1 records': 1_700_000n,
    });
    const dollars = Buffer.from(sample('sample1.txt').toString().replaceAll('CAD', 'USD'));
    expect(await verdictOn(bai2, dollars, of('10200123456'))).toMatchObject({ rows: 17, tied: true });
  });

  test('sample4 is shortened, and is refused', async () => {
    const bytes = sample('sample4-continuations-newline-delimited.txt');
    expect(await verdictOn(bai2, bytes, of('104108339'))).toMatchObject({
      reason: 'wrong_control_total',
      detail: 'The trailer of group 1 counts 4 accounts; there are 5.',
    });
    const recounted = Buffer.from(bytes.toString().replace('98,13060195162,4,', '98,13060195162,5,'));
    expect(await verdictOn(bai2, recounted, of('104108339'))).toMatchObject({ reason: 'wrong_control_total' });
    const { lines } = await read(bytes, '104108339');
    expect(lines).toHaveLength(14);
    expect(lines.filter(({ kind }) => kind === 'payout_return')).toMatchObject([
      { ourReference: '20210706MMQFMPU8000001', channelReference: 'GI2118700002010', amount: 1_912n },
      { ourReference: '028000020000335', channelReference: 'SB2225800001203', amount: 60_000n },
      { ourReference: '07370568132', amount: 931n },
    ]);
    expect(lines[0]).toMatchObject({
      kind: 'debit',
      ourReference: '021000080000030',
      remittance: expect.stringMatching(/Reason: "R02".* CREF: 026015076104300 EREF: 021000080000030/),
    });
    expect(lines.map(({ remittance }) => remittance).join()).not.toMatch(/DACT|CABA|101152046/);
  });
});

describe('a transaction', () => {
  test.each([
    ['16,195,1000,,B1,O1,text/', { kind: 'collection', amount: 1_000n, remittance: 'O1 text' }],
    ['16,495,1000,Z,B1,O1/', { kind: 'payout', amount: 1_000n, remittance: 'O1' }],
    ['16,195,1000,S,1,2,3,B1,O1,a, b/c, 22/03/66/', { remittance: 'O1 a, b/c, 22/03/66' }],
    ['16,195,1000,V,261123,,B1,O1,text', { remittance: 'O1 text' }],
    ['16,195,1000,D,2,1,600,2,400,B1,O1,text', { remittance: 'O1 text' }],
    ['16,257,1000,,B1,O1,/', { kind: 'payout_return', amount: 1_000n }],
    ['16,557,1000,,B1,O1,/', { kind: 'debit', amount: 1_000n }],
    ['16,698,1000,,B1,O1,/', { kind: 'fee', amount: 0n, fee: 1_000n }],
    ['16,398,+1000,,B1,O1,/', { kind: 'fee', amount: 0n, fee: -1_000n }],
    ['16,654,1000,,B1,O1,/', { kind: 'debit' }],
  ])('%s is read with what its funds type takes', async (record, expected) => {
    expect(await lineOf(record)).toMatchObject({ ...expected, channelReference: 'B1', ourReference: 'O1' });
  });

  test('without a number of the bank shows its place', async () => {
    const { lines } = await read(fileOf({ records: ['16,195,1/', '16,195,2/'] }));
    expect(lines.map(({ channelReference }) => channelReference)).toEqual(['2026-11-23/1/1/1', '2026-11-23/1/1/2']);
  });

  test('of text alone is ignored by a rule', async () => {
    expect(await lineOf('16,890,,,,,nothing moved/')).toMatchObject({ ignored: 'text_only' });
  });

  test.each([
    ['16,195,10.00,,B1,O1/', 'the amount is none'],
    ['16,195,-1000,,B1,O1/', 'the amount is none'],
    ['16,195,,,B1,O1/', 'the amount is none'],
    ['16,700,1000,,B1,O1/', 'type code 700 is neither a credit nor a debit'],
    ['16,X,1000,,B1,O1/', 'type code X is neither a credit nor a debit'],
  ])('%s is a line error', async (record, reason) => {
    expect(await lineOf(record)).toMatchObject({ lineNumber: 4, reason, raw: record });
  });

  test.each([
    ['JPY', 1_000n, 'JPY'],
    ['', 1_000n, 'USD'],
  ])('of a group in "%s" has as many decimals as its currency', async (currency, amount, expected) => {
    const { lines } = await read(fileOf({ currency, records: ['16,195,1000,,B1,O1/'] }));
    expect(lines).toMatchObject([{ amount, currency: expected }]);
  });
});

describe('the layout', () => {
  const records = ['16,195,1000,,B1,O1,first, with/slash', '88,EREF: O9', '88,and, more/', '16,495,300,,B2,O2,second/'];
  const day = { records, sum: 1_300n };

  test.each([
    ['as it is', fileOf(day)],
    ['with CRLF', fileOf({ ...day, ends: '\r\n' })],
    ['with a byte order mark', Buffer.from(`\uFEFF${fileOf(day)}`)],
    ['without a last line end', Buffer.from(fileOf(day).toString().trimEnd())],
    ['padded with blanks', fileOf({ ...day, ends: '      \n' })],
    ['with several records on a line', Buffer.from(fileOf(day).toString().replaceAll('/\n', '/'))],
    ['with a wrapped line', Buffer.from(fileOf(day).toString().replace('with/slash', 'with/\nslash'))],
    ['twice, as in an archive', Buffer.concat([fileOf(day), fileOf(day)])],
  ])('%s reads the same', async (name, bytes) => {
    const { lines } = await read(bytes);
    expect(lines[0]).toMatchObject({ ourReference: 'O9', amount: 1_000n });
    expect(lines[0]?.remittance).toBe('O1 first, with/slash EREF: O9and, more');
    expect(lines[1]).toMatchObject({ ourReference: 'O2', amount: 300n, kind: 'payout' });
    const rows = name.startsWith('twice') ? 4 : 2;
    expect(await verdictOn(bai2, bytes, context)).toMatchObject({ rows, errors: 0, tied: true });
    expect(bai2.recognise({ head: bytes, header: '01,BANK,US,261124,0600,1,,,2/', fileName: 'x' })).toBe(true);
  });

  test('of an empty day has no line, with figures or without', async () => {
    expect(await verdictOn(bai2, fileOf({}), context)).toMatchObject({ written: 0, tied: true });
    const empty = Buffer.from('01,BANK,US,261124,0600,1,,,2/\n02,US,BANK,1,261123,2400,,2/\n98,,,/\n99,,,/\n');
    expect(await verdictOn(bai2, empty, context)).toMatchObject({ written: 0, tied: true });
  });

  const balances = (closing: number, credits: number) =>
    `03,A1,USD,010,100,,,015,${closing},,/\n88,100,${credits},1,,400,300,1,/`;

  test.each([
    ['leads to its closing balance', balances(800, 1_000), 1_300 + 2_200, undefined],
    ['does not lead to it', balances(801, 1_000), 1_300 + 2_201, 'opening balance, credits and debits'],
    ['states other credits', balances(801, 1_001), 1_300 + 2_202, 'for account 1 credits'],
    ['states another sum', balances(800, 1_000), 1, 'for account 1 amounts as written'],
  ])('of an account that %s', async (_, account, sum, detail) => {
    const verdict = await verdictOn(bai2, fileOf({ account, records, sum: BigInt(sum) }), context);
    if (detail === undefined) expect(verdict).toMatchObject({ rows: 2, tied: true });
    else expect(verdict).toMatchObject({ reason: 'wrong_control_total', detail: expect.stringContaining(detail) });
  });

  test.each([
    ['49', /49,1300,6/, '49,1300,7'],
    ['98', /98,1300,1,8/, '98,1300,1,9'],
    ['99', /99,1300,1,10/, '99,1301,1,10'],
    ['98 of accounts', /98,1300,1/, '98,1300,2'],
    ['99 of groups', /99,1300,1/, '99,1300,2'],
  ])('with a wrong figure in the trailer %s is refused', async (_, right, wrong) => {
    const text = fileOf(day).toString();
    expect(text).toMatch(right);
    const verdict = await verdictOn(bai2, Buffer.from(text.replace(right, wrong)), context);
    expect(verdict).toMatchObject({ reason: 'wrong_control_total' });
  });

  test('of another account is turned away, but may stand beside one of ours in an archive', async () => {
    const other = Buffer.from(fileOf(day).toString().replace('03,A1', '03,A2'));
    expect(await verdictOn(bai2, other, context)).toMatchObject({ reason: 'wrong_merchant' });
    for (const files of [
      [other, fileOf(day)],
      [fileOf(day), other],
      [other, fileOf(day), other],
    ]) {
      expect(await verdictOn(bai2, files, context)).toMatchObject({ rows: 2, tied: true });
    }
    expect(await verdictOn(bai2, [other, other], context)).toMatchObject({ reason: 'wrong_merchant' });
  });

  const text = fileOf(day).toString();
  test.each([
    ['without its trailer', text.replace(/99,.*\n/, ''), 'truncated'],
    ['cut within an account', text.slice(0, text.indexOf('49,')), 'truncated'],
    ['without its account', text.replace(/03,.*\n/, ''), 'malformed_frame'],
    ['without its group', text.replace(/02,.*\n/, ''), 'malformed_frame'],
    ['without its header', text.replace(/01,.*\n/, ''), 'malformed_frame'],
    ['with an account in another', text.replace('16,195', '03,A2,,/\n16,195'), 'malformed_frame'],
    ['with a day that there is none of', text.replace('1,261123', '1,260230'), 'malformed_frame'],
    ['with an amount that is none', text.replace('03,A1,,/', '03,A1,,010,1.00,,/'), 'malformed_frame'],
    ['with zero bytes', `${text}\0`, 'wrong_encoding'],
    ['with an endless line', text.replace('first', 'x'.repeat(100_000)), 'line_too_long'],
    ['with an endless record', text.replace('first', `x\n${'88,x\n'.repeat(10_000)}`), 'malformed_frame'],
    ['of something else', 'hello\n', 'malformed_frame'],
  ])('%s is turned away by name', async (_, bytes, reason) => {
    expect((await read(Buffer.from(bytes))).rejection?.reason).toBe(reason);
  });
});
