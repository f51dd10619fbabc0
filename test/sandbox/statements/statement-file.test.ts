import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { FileMistake } from '../../../functions/sandbox/statements/mistakes.ts';
import { type FormatName, statementFile } from '../../../functions/sandbox/statements/statement-file.ts';
import { collectionA, collectionB, merchant, payout } from './sample-lines.ts';

const lines = [payout, collectionA, collectionB];

const fileOf = (
  mistakes: readonly FileMistake[],
  facts: { format?: FormatName; byteOrderMark?: boolean; gzip?: boolean; lines?: typeof lines } = {},
): Buffer =>
  statementFile({
    format: 'sandbox-csv',
    merchantNo: merchant.merchantNo,
    currency: 'CNY',
    lines,
    mistakes: new Set(mistakes),
    byteOrderMark: false,
    gzip: false,
    ...facts,
  });

const rowsOf = (file: Buffer): string[] => file.toString('utf8').split('\r\n');

describe('a statement file', () => {
  test('lists its lines by time between header and summary, each ended by CRLF', () => {
    const rows = rowsOf(fileOf([]));
    expect(rows.map((row) => row.split(',')[2])).toEqual([
      'order_no',
      collectionB.orderNo,
      collectionA.orderNo,
      payout.orderNo,
      'collection_amount',
      '100.05',
      undefined,
    ]);
    expect(rows.at(-1)).toBe('');
  });

  test('may begin with a byte order mark and may be gzipped', () => {
    const plain = fileOf([]);
    expect(fileOf([], { byteOrderMark: true })).toEqual(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]));
    expect(gunzipSync(fileOf([], { gzip: true }))).toEqual(plain);
  });

  test('is the same, byte for byte, each time', () => {
    expect(fileOf(['bad_line'], { gzip: true })).toEqual(fileOf(['bad_line'], { gzip: true }));
  });
});

describe.each<FormatName>(['sandbox-csv', 'wechat-tradebill'])('a mistake in a whole file of %s', (format) => {
  const listed = format === 'sandbox-csv' ? lines : [collectionA, collectionB];
  const file = (mistakes: FileMistake[]) => fileOf(mistakes, { format, lines: listed });
  const clean = rowsOf(file([]));
  const lastCells = (rows: string[]) => (rows.at(-2) ?? '').replaceAll('`', '').split(',');

  test('bad_line stands second among the details, is counted and is in no sum', () => {
    const rows = rowsOf(file(['bad_line']));
    expect(rows.toSpliced(2, 1).slice(0, -2)).toEqual(clean.slice(0, -2));
    expect(rows[2]).toContain('this line cannot be read');
    const [count, ...sums] = lastCells(rows);
    const [cleanCount, ...cleanSums] = lastCells(clean);
    expect(Number(count)).toBe(Number(cleanCount) + 1);
    expect(sums).toEqual(cleanSums);
  });

  test('wrong_total is in the collections of the summary alone', () => {
    const rows = rowsOf(file(['wrong_total']));
    expect(rows.slice(0, -2)).toEqual(clean.slice(0, -2));
    expect(lastCells(rows)).toEqual(lastCells(clean).map((cell) => (cell === '100.05' ? '101.05' : cell)));
  });

  test('truncated ends inside the last detail line', () => {
    const whole = file([]).toString('utf8');
    const cut = file(['truncated']).toString('utf8');
    expect(whole.startsWith(cut)).toBe(true);
    expect(rowsOf(file(['truncated']))).toHaveLength(1 + listed.length);
    expect(cut.endsWith('\r\n')).toBe(false);
  });

  test('wrong_merchant names another merchant number in every line', () => {
    const rows = rowsOf(file(['wrong_merchant']));
    const details = rows.slice(1, 1 + listed.length);
    expect(details.every((row) => row.includes(`${merchant.merchantNo}X,`))).toBe(true);
  });

  test('empty has no byte', () => {
    expect(file(['empty'])).toHaveLength(0);
  });

  test('wrong_encoding is no UTF-8', () => {
    const bytes = file(['wrong_encoding']);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    expect(bytes).toHaveLength(file([]).length);
  });
});
