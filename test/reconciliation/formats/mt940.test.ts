import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { format as mt940 } from '../../../functions/reconciliation/formats/mt940.ts';
import type { StatementContext } from '../../../functions/reconciliation/reading/statement-format.ts';
import { context as dayContext } from '../staged-day.ts';
import { readDocument, verdictOn } from './bank-document.ts';

const context: StatementContext = { ...dayContext, merchantNo: '88', currency: 'EUR', timeZone: 'Europe/Berlin' };
const of = (merchantNo: string): StatementContext => ({ ...context, merchantNo });
const sample = (name: string): Buffer => readFileSync(new URL(`samples/mt940/${name}`, import.meta.url));
const read = (bytes: Buffer, merchantNo = '88') => readDocument(mt940, bytes, { context: of(merchantNo) });
const day = (text: string): Date => new Date(`${text}T00:00:00+01:00`);

/** A statement over lines of 10,00 each as given. */
const statement = (lines: readonly string[], closing = 'C261123EUR100,00', page = '1/1'): string =>
  [':20:S1', ':25:70050000/88', `:28C:${page}`, ':60F:C261122EUR100,', ...lines, `:62F:${closing}`, '-', ''].join(
    '\r\n',
  );

const lineOf = async (first: string, text: readonly string[] = []) => {
  const [start = '', ...rest] = text;
  const tags = [`:61:${first}`, ...(text.length > 0 ? [`:86:${start}`, ...rest] : [])];
  const { lines, errors } = await read(Buffer.from(statement(tags)));
  return lines[0] ?? errors[0];
};

describe('the statements of', () => {
  test.each([
    ['jejik-generic.sta', '11111111', { rows: 2, ignored: {} }],
    ['jejik-rabobank-iban.sta', 'NL71RABO0123456789', { rows: 4, ignored: {} }],
    ['jejik-sns.sta', '0123456789', { rows: 2, ignored: {} }],
    ['cmxl-mt940.sta', '1234567', { rows: 2, ignored: { other_account: 14 } }],
    ['self-provided-february_30.sta', '1020304050', { rows: 1, ignored: {} }],
  ])('%s tie', async (name, account, expected) => {
    expect(await verdictOn(mt940, sample(name), of(account))).toMatchObject({ ...expected, errors: 0, tied: true });
  });

  test('jejik-ing.sta do not tie, since they are shortened, and are refused', async () => {
    expect(await verdictOn(mt940, sample('jejik-ing.sta'), of('0001234567'))).toMatchObject({
      reason: 'wrong_control_total',
      detail: 'The summary row gives 3.47 for statement 1 (000) lines; the lines add up to -45.59.',
    });
  });

  test('betterplace-sepa_snippet.sta name our orders, returned transfers too, and are refused where they are cut', async () => {
    const { lines } = await read(sample('betterplace-sepa_snippet.sta'), '0194791600888');
    expect(lines.map(({ kind, ourReference, amount }) => [kind, ourReference, amount])).toEqual([
      ['debit', 'TFNR 40001 00005', 8n],
      ['payout_return', 'TFNR 44001 00001', 33_533n],
      ['payout_return', 'TFNR 40001 00002', 1_500_000n],
      ['collection', 'EndToEndIdTFNR2000100001', 1_500_005n],
      ['collection', '', 12_500_488n],
      ['payout_return', 'TFNR 44001 00002', 91_531_155n],
      ['payout', '', 357_256_903n],
    ]);
    expect(lines[1]).toMatchObject({
      lineNumber: 32,
      channelReference: '0724710351063401',
      at: new Date('2007-09-03T22:00:00Z'),
      remittance:
        'TFNr 44001 MSGID EREF+TFNR 44001 00001 MTLG:Grund nicht spezifiziert Reject aus SEPA-Ueberweisungsauftrag',
    });
    const verdict = await verdictOn(mt940, sample('betterplace-sepa_snippet.sta'), of('0194791600888'));
    expect(verdict).toMatchObject({ reason: 'wrong_control_total', detail: expect.stringContaining('statement 2') });
  });

  test('mBank-mt940.sta end with a control character, and are of a currency that we do not book', async () => {
    const { errors, control } = await read(sample('mBank-mt940.sta'), 'PL29114010810000267002001002');
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatchObject({ lineNumber: 6, reason: 'currency PLN is none that we book' });
    expect(control?.sums).toEqual({ 'statement 1 (1/1) lines': 3_000n });
  });

  test('jejik-rabobank-iban.sta name the order between slashes, and no account of others', async () => {
    const { lines } = await read(sample('jejik-rabobank-iban.sta'), 'NL71RABO0123456789');
    expect(lines[0]).toMatchObject({
      kind: 'payout',
      ourReference: '01-01-2013 12:00 0030000987654321',
      channelReference: '940S130101/0/1-1',
      remittance: 'EREF 01-01-2013 12:00 0030000987654321',
      amount: 2_500n,
      at: day('2013-01-01'),
    });
    expect(new Set(lines.map(({ channelReference }) => channelReference)).size).toBe(4);
  });
});

describe('a line', () => {
  test.each([
    ['2611231123C10,00NTRFNONREF//B1', 'collection', 1_000n],
    ['2611231123D10,00NTRFNONREF//B1', 'payout', 1_000n],
    ['2611231123CR300,NTRFNONREF//B1', 'collection', 30_000n],
    ['2611231123DR0,5NTRFNONREF//B1', 'payout', 50n],
    ['2611231123RCR204,88NTRFNONREF//B1', 'debit', 20_488n],
    ['2611231123RD204,88NTRFNONREF//B1', 'credit', 20_488n],
    ['2611231123RDR204,88NRTINONREF//B1', 'payout_return', 20_488n],
    ['2611231123C10,00NRTINONREF//B1', 'payout_return', 1_000n],
    ['2611231123D10,00NRTINONREF//B1', 'debit', 1_000n],
    ['261123C10,00S103O1//B1', 'collection', 1_000n],
    ['261123C10,00FMSCO1//B1', 'collection', 1_000n],
    ['261123C10,00NINTNONREF//B1', 'credit', 1_000n],
  ])('%s is a %s of %d', async (first, kind, amount) => {
    expect(await lineOf(first)).toMatchObject({ kind, amount, fee: 0n, channelReference: 'B1', at: day('2026-11-23') });
  });

  test('of a charge is a fee', async () => {
    expect(await lineOf('261123D1,50NCHGNONREF')).toMatchObject({ kind: 'fee', amount: 0n, fee: 150n });
    expect(await lineOf('261123C1,50NTRFNONREF', ['808?00GEBUEHREN'])).toMatchObject({ kind: 'fee', fee: -150n });
  });

  test.each([
    ['261231', '0102', '2027-01-02'],
    ['270102', '1231', '2026-12-31'],
    ['240228', '0229', '2024-02-29'],
    ['260230', '', '2026-02-28'],
    ['160230', '0301', '2016-03-01'],
    ['240631', '', '2024-06-30'],
  ])('valued on %s and entered on %s is of %s', async (value, entered, expected) => {
    const line = await lineOf(`${value}${entered}C1,NTRFNONREF`);
    expect(line && 'at' in line ? line.at : undefined).toEqual(
      new Date(`${expected}T00:00:00${expected === '2024-06-30' ? '+02:00' : '+01:00'}`),
    );
  });

  test.each([
    ['261332C10,00NTRFNONREF', 'has no date that there is'],
    ['261123X10,00NTRFNONREF', 'the tag 61 is no statement line'],
    ['261123C10.00NTRFNONREF', 'the tag 61 is no statement line'],
    ['261123C,00NTRFNONREF', 'the tag 61 is no statement line'],
    ['261123C10,001NTRFNONREF', 'the amount is none of its currency'],
    ['', 'the tag 61 is no statement line'],
  ])('%s is an error', async (first, reason) => {
    expect(await lineOf(first)).toMatchObject({ lineNumber: 5, reason });
  });

  test('is followed by a supplementary one, whose account of others is not told on', async () => {
    expect(await lineOf('261123C10,00NTRFO1//B1\r\nCard transaction')).toMatchObject({
      ourReference: 'O1',
      remittance: 'O1 Card transaction',
    });
    expect(await lineOf('261123C10,00NTRFO1//B1\r\nNL70ABNA0987654321')).toMatchObject({ remittance: 'O1' });
  });
});

describe('the order is named', () => {
  test.each([
    ['in a sub-field', ['166?00GUTSCHRIFT?20EREF+O1?21SVWZ+Text']],
    ['broken over lines', ['166?00GUTSCHRIFT?20ER', 'EF+O1?2', '1SVWZ+Text']],
    ['beside its text in one sub-field', ['166?00GUTSCHRIFT?20EREF+O1 SVWZ+Text?21more']],
    ['alone in the next sub-field', ['166?00GUTSCHRIFT?20EREF+?21O1?22KREF+K']],
    ['behind another separator', ['166<00GUTSCHRIFT<20EREF+O1<21SVWZ+Text']],
    ['between slashes', ['/EREF/O1/REMI/Text/IBAN/DE00']],
    ['in free text', ['Incoming', 'EREF+O1 and more']],
  ])('%s', async (_, text) => {
    expect(await lineOf('261123C10,00NTRFNONREF//B1', text)).toMatchObject({ ourReference: 'O1' });
  });

  test('over sub-fields, full or not', async () => {
    const full = '166?20EREF+12345678901234567890AB?2134567?22Other text without a key of its own';
    expect(await lineOf('261123C10,00NTRFNONREF//B1', [full])).toMatchObject({
      ourReference: '12345678901234567890AB34567',
    });
    const short = '166?20EREF+ORDER-?21100?22SVWZ+Text';
    expect(await lineOf('261123C10,00NTRFNONREF//B1', [short])).toMatchObject({ ourReference: 'ORDER-100' });
  });

  test('by none of the words for nothing', async () => {
    expect(await lineOf('261123C10,00NTRFKREF+//B1', ['166?20EREF+NOTPROVIDED?21SVWZ+x'])).toMatchObject({
      ourReference: '',
      channelReference: 'B1',
    });
  });

  test('beside what else the purpose says, but without the name and account of the other side', async () => {
    const text = ['166?00GUTSCHRIFT?20EREF+O1?21SVWZ+Settlement 77?30BANK?31DE99?32Jane Doe'];
    expect(await lineOf('261123C10,00NTRFNONREF//B1', text)).toMatchObject({
      remittance: 'EREF+O1 SVWZ+Settlement 77',
    });
  });
});

describe('a file', () => {
  const credit = ':61:2611231123C10,00NTRFO1//B1';
  const tied = statement([credit], 'C261123EUR110,00');

  test.each([
    ['with CRLF', tied],
    ['with LF', tied.replaceAll('\r\n', '\n')],
    ['in blocks', `{1:F01BANK}{2:I940BANK}{4:\r\n${tied.replace(/-\r\n$/, '-}{5:{CHK:1}}\r\n')}`],
    ['in blocks on one line', `{1:F01BANK}{2:I940BANK}{4:${tied.replace(/-\r\n$/, '-}')}`],
    ['behind a bank’s heading', `0000 01BANKNL2AXXXX00001\r\n940 00\r\n${tied}`],
    ['with a byte order mark', `\uFEFF${tied}`],
    ['without an end', tied.replace(/\r\n-\r\n$/, '')],
  ])('%s reads the same', async (_, text) => {
    const bytes = Buffer.from(text);
    expect(mt940.recognise({ head: bytes, header: '', fileName: 'x.sta' })).toBe(true);
    expect(await verdictOn(mt940, bytes, context)).toMatchObject({ rows: 1, errors: 0, tied: true });
    const { lines } = await read(bytes);
    expect(lines[0]).toMatchObject({ ourReference: 'O1', amount: 1_000n, raw: credit });
  });

  test.each(['utf8', 'latin1'] as const)('in %s keeps its letters', async (encoding) => {
    const text = statement([credit, ':86:Müller'], 'C261123EUR110,00');
    expect((await read(Buffer.from(text, encoding))).lines).toMatchObject([{ remittance: 'O1 Müller' }]);
  });

  test('of an empty day has no line', async () => {
    expect(await verdictOn(mt940, Buffer.from(statement([])), context)).toMatchObject({ written: 0, tied: true });
  });

  test('of another account is turned away', async () => {
    const other = Buffer.from(tied.replace('/88', '/89'));
    expect(await verdictOn(mt940, other, context)).toMatchObject({ reason: 'wrong_merchant' });
  });

  const page = (text: string, from: string, to: string): string =>
    text.replace(':60F:', `:60${from}:`).replace(':62F:', `:62${to}:`);
  const second = statement([credit], 'C261123EUR120,00', '1/2').replace('C261122EUR100,', 'C261123EUR110,00');

  test('may go over pages, each of which opens as the one before it closed', async () => {
    const pages = page(tied, 'F', 'M') + page(second, 'M', 'F');
    expect(await verdictOn(mt940, Buffer.from(pages), context)).toMatchObject({ rows: 2, tied: true });
    const gap = pages.replace('EUR110,00\r\n:61', 'EUR111,00\r\n:61').replace('EUR120,00', 'EUR121,00');
    expect(await verdictOn(mt940, Buffer.from(gap), context)).toMatchObject({
      detail: 'The summary row gives 1.00 for opening of statement 2 less closing before it; the lines add up to 0.00.',
    });
  });

  test.each([
    ['whose last page is missing', page(tied, 'F', 'M'), 'truncated'],
    ['without its closing balance', tied.replace(/:62F[\s\S]*/, ''), 'truncated'],
    ['without its opening balance', tied.replace(/:60F.*\r\n/, ''), 'malformed_frame'],
    ['without its first tag', tied.replace(/:20:.*\r\n/, ''), 'malformed_frame'],
    ['without its account', tied.replace(/:25:.*\r\n/, ''), 'malformed_frame'],
    ['with two currencies', tied.replace('EUR110', 'USD110'), 'malformed_frame'],
    ['with two opening balances', tied.replace(':60F:', ':60F:C261122EUR100,\r\n:60F:'), 'malformed_frame'],
    ['with a balance that is none', tied.replace('EUR110,00', 'EUR110.00'), 'malformed_frame'],
    ['without a message', 'nothing\r\n', 'malformed_frame'],
    ['with zero bytes', `${tied}\0`, 'wrong_encoding'],
    ['with a line that never ends', tied.replace('O1', 'O'.repeat(100_000)), 'line_too_long'],
    ['with a text that never ends', tied.replace('\r\n:62F', `\r\n:86:${'x\r\n'.repeat(300)}:62F`), 'malformed_frame'],
  ])('%s is turned away by name', async (_, text, reason) => {
    expect((await read(Buffer.from(text))).rejection?.reason).toBe(reason);
  });
});

test('a statement that is cut anywhere before its closing balance is turned away, since it has no other end', async () => {
  const whole = sample('jejik-generic.sta').toString('latin1').split('\n');
  const closing = whole.findIndex((each) => each.startsWith(':62'));
  expect(closing).toBeGreaterThan(3);
  for (let kept = 1; kept < closing; kept++) {
    const { rejection } = await read(Buffer.from(whole.slice(0, kept).join('\n'), 'latin1'), '11111111');
    expect([kept, rejection?.reason]).toEqual([kept, expect.stringMatching(/^(truncated|malformed_frame)$/)]);
  }
});
