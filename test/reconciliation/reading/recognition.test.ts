import { describe, expect, test } from '@jest/globals';
import { recogniseFiles } from '../../../functions/reconciliation/reading/recognition.ts';
import type { LineFormat } from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection, reject } from '../../../functions/reconciliation/rejection.ts';

const format = (name: string, facts: Partial<LineFormat> = {}): LineFormat => ({
  name,
  reads: 'lines',
  encoding: 'gb18030',
  covers: ['collection'],
  recognise: ({ header }) => header.startsWith(name),
  readFrame: () => reject('truncated', 'not read here'),
  parseLine: (_frame, raw, lineNumber) => ({ lineNumber, raw, reason: 'not read here' }),
  ...facts,
});

const bill = format('bill', { accompanies: ({ fileName }) => fileName.includes('summary') });
const parts = format('part', { inParts: true });
const greedy = format('greedy', { recognise: () => true });
const western = format('western', { encoding: 'utf-8' });

const file = (name: string, content: string | Buffer) => ({
  name,
  fileName: name,
  head: Buffer.from(content as Buffer),
}); // text or bytes

async function told(files: readonly ReturnType<typeof file>[], delivered: readonly LineFormat[] = [bill, parts]) {
  const outcome = await recogniseFiles(files, { delivered, known: ['sandbox-csv', 'wechat-tradebill'] });
  if (isRejection(outcome)) return `${outcome.reason}: ${outcome.detail}`;
  const names = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name).join('+');
  return `${outcome.format.name} of ${names(outcome.parts)}, without ${names(outcome.passedOver) || 'nothing'}`;
}

describe('a file', () => {
  test('is in the one format that recognises it', async () => {
    expect(await told([file('x', 'bill,1\n')])).toBe('bill of x, without nothing');
    expect(await told([file('x', '\uFEFFbill,1\r\n')])).toBe('bill of x, without nothing');
  });

  test.each([
    ['ambiguous_format: x may be any of bill, greedy.', 'bill,1\n', [bill, greedy]],
    ['unrecognised_format: x is in no format that we know; the channel delivers bill.', 'other\n', [bill]],
    ['unrecognised_format: x is in no format that we know; the channel delivers none.', 'bill\n', []],
    [
      'unrecognised_format: x looks like sandbox-csv; the channel delivers bill.',
      'kind,merchant_no,order_no,trade_no\n',
      [bill],
    ],
    ['empty_file: x has no byte.', '', [greedy]],
    ['empty_file: x holds no line.', '\uFEFF \r\n\n', [greedy]],
    [
      'wrong_encoding: x is UTF-16 text: send it with its byte order mark, or as UTF-8.',
      Buffer.from('bill,1\n', 'utf16le'),
      [greedy],
    ],
    ['wrong_encoding: x is not text in UTF-8 or GB18030.', Buffer.from([0xff, 0x41, 0x0a]), [bill]],
    // which may be GB18030, but no format of the channel is
    ['wrong_encoding: x is not text in UTF-8.', Buffer.from('账单'.repeat(3)).subarray(1), [western]],
    ['binary_file: x is no text.', Buffer.from('bill\0\0\0\0\0\0\0\0\x01'), [greedy]],
    ['binary_file: x is a PDF document.', '%PDF-1.7\n', [greedy]],
    [
      'spreadsheet: x is an Excel or other Office file: export it as CSV.',
      Buffer.from('d0cf11e0a1b11ae100', 'hex'),
      [greedy],
    ],
    ['nested_archive: x is packed twice: send an archive of plain files, or the file itself.', 'PK\x03\x04', [greedy]],
    [
      'nested_archive: x is packed twice: send an archive of plain files, or the file itself.',
      Buffer.from('1f8b0800', 'hex'),
      [greedy],
    ],
  ])('is turned away: %s', async (said, content, delivered) => {
    expect(await told([file('x', content)], delivered)).toBe(said);
  });

  test('may be in an encoding that only its format knows', async () => {
    expect(await told([file('x', Buffer.from('bill,Zürich, é,\n', 'latin1'))])).toBe('bill of x, without nothing');
  });
});

describe('an archive', () => {
  const details = file('details', 'bill,1\n');

  test('is read without what accompanies the statement, be that text or not', async () => {
    const summary = file('summary', 'bill total\n');
    const picture = file('summary.pdf', '%PDF-1.7\n\0');
    expect(await told([details, summary, picture])).toBe('bill of details, without summary+summary.pdf');
  });

  test('may hold parts of one statement', async () => {
    expect(await told([file('1', 'part'), file('2', 'part')])).toBe('part of 1+2, without nothing');
  });

  test.each([
    [
      'unrecognised_format: notes is in no format that we know; the channel delivers bill, part.',
      [details, file('notes', 'hello')],
    ],
    ['ambiguous_format: The archive holds 2 statements in bill.', [details, file('more', 'bill')]],
    ['ambiguous_format: The archive holds two statements: details is bill, 1 is part.', [details, file('1', 'part')]],
    ['unrecognised_format: summary does not belong to a file in part.', [file('1', 'part'), file('summary', 'x')]],
    ['unrecognised_format: The archive holds only what comes beside a statement.', [file('summary', 'x')]],
    ['empty_file: blank has no byte.', [details, file('blank', '')]],
  ])('is turned away: %s', async (said, files) => {
    expect(await told(files)).toBe(said);
  });
});
