import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type CsvRecord,
  firstCsvRecord,
  readCsvRecords,
  readCsvTable,
} from '../../../functions/reconciliation/reading/csv-records.ts';
import { isRejection, type Rejection } from '../../../functions/reconciliation/rejection.ts';
import { chunksOf } from '../staged-day.ts';
import { csvText } from './csv-text.ts';

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const recordsOf = async (text: string | Buffer, chunkBytes = 5): Promise<(CsvRecord | Rejection)[]> =>
  collect(readCsvRecords(chunksOf(Buffer.from(text), chunkBytes)));

const fieldsOf = async (text: string, chunkBytes?: number) =>
  (await recordsOf(text, chunkBytes)).map((record) => (isRejection(record) ? record.reason : record.fields));

const tableOf = (text: string, required: readonly string[]) =>
  collect(readCsvTable(chunksOf(Buffer.from(text), 5), required));

/** A file that nobody could hold in memory. */
function* endless(piece: string, pieces: number): Generator<Buffer> {
  const bytes = Buffer.from(piece);
  for (let sent = 0; sent < pieces; sent++) yield bytes;
}

describe('records of quoted CSV', () => {
  test('keep commas, quotes and line breaks that stand within quotes, and the number of their first line', async () => {
    expect(await recordsOf('a,b\r\n"1,2","say ""hi"""\r\n"two\r\nlines",3\r\n\r\n4,5')).toEqual([
      { lineNumber: 1, raw: 'a,b', fields: ['a', 'b'] },
      { lineNumber: 2, raw: '"1,2","say ""hi"""', fields: ['1,2', 'say "hi"'] },
      { lineNumber: 3, raw: '"two\r\nlines",3', fields: ['two\r\nlines', '3'] },
      { lineNumber: 6, raw: '4,5', fields: ['4', '5'] },
    ]);
  });

  test('that anybody writes are read back, however the network cuts them', async () => {
    const anyField = fc.string({ unit: fc.constantFrom('"', ',', '\t', '\n', '\r\n', 'a', '金', ' '), maxLength: 12 });
    const anyTable = fc.array(fc.array(anyField, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(anyTable, fc.integer({ min: 1, max: 30 }), async (rows, chunkBytes) => {
        const text = csvText([['first', 'second'], ...rows]);
        const blank = (row: readonly string[]) => csvText([row]).trim() === '';
        expect(await fieldsOf(text, chunkBytes)).toEqual([['first', 'second'], ...rows.filter((row) => !blank(row))]);
      }),
    );
  });

  test('with a stray quote are none, and cost no other record', async () => {
    expect(await fieldsOf('a,b\n5" screen,1\n"x"y,2\n c, "d"\n3,4\n')).toEqual([
      ['a', 'b'],
      undefined,
      undefined,
      undefined,
      ['3', '4'],
    ]);
  });

  test.each([
    ['truncated', 'a,b\n1,"two'],
    ['truncated', 'a,b\n1,"two\nthree,4\n'],
    ['line_too_long', `a,b\n1,"${'x\n'.repeat(40_000)}`],
    ['line_too_long', `a,b\n1,${'x'.repeat(70_000)}\n`],
    ['line_too_long', `a,b\n${','.repeat(70_000)}\n`],
  ])('end with the rejection %s', async (reason, text) => {
    const records = await recordsOf(text, 1_000);
    expect(records.at(-1)).toMatchObject({ reason });
    expect(records).toHaveLength(2);
  });

  test('end with a rejection where a byte is not UTF-8', async () => {
    const [header, rejection] = await recordsOf(Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xc3, 0x0a])]));
    expect([header, rejection]).toMatchObject([{ fields: ['a', 'b'] }, { reason: 'wrong_encoding' }]);
  });

  test.each([
    ['x', 'a line without an end'],
    [',', 'a record of empty fields'],
    ['a\n', 'quotes that are never closed', '"'],
    ['""', 'doubled quotes'],
  ])('of an endless file of %j, which is %s, stop early', async (piece, _what, start = '') => {
    let sent = 0;
    const counted = (function* () {
      yield Buffer.from(start);
      for (const chunk of endless(piece.repeat(8_192 / piece.length), 1_000)) {
        sent += chunk.length;
        yield chunk;
      }
    })();
    const records = await collect(readCsvRecords(Readable.from(counted)));
    expect(records.at(-1)).toMatchObject({ reason: 'line_too_long' });
    expect(sent).toBeLessThan(1_000_000);
  });
});

describe('a table of quoted CSV', () => {
  test('is read by the names of its columns', async () => {
    const rows = await tableOf('\uFEFF"b", a \n1, 2 \n', ['a', 'b']);
    expect(rows.map((row) => ('field' in row ? [row.field('a'), row.field('b'), row.field('c')] : row))).toEqual([
      ['2', '1', ''],
    ]);
  });

  test('has a line error for a row with another number of fields, with its raw text cut', async () => {
    const long = `1,2,${'x'.repeat(2_000)}`;
    expect(await tableOf(`a,b\n${long}\n1\n`, ['a'])).toEqual([
      { lineNumber: 2, reason: 'has 3 fields instead of 2', raw: long.slice(0, 1_000) },
      { lineNumber: 3, reason: 'has 1 fields instead of 2', raw: '1' },
    ]);
  });

  test.each([
    ['malformed_frame', 'a,a\n1,2\n'],
    ['malformed_frame', 'b\n1\n'],
    ['malformed_frame', `${'"a\n'.repeat(2)}\n`],
    ['malformed_frame', `a,${Array.from({ length: 1_001 }, (_, index) => `c${index}`).join(',')}\n`],
    ['truncated', ''],
    ['truncated', '\n\n'],
  ])('is refused as %s', async (reason, text) => {
    expect(await tableOf(text, ['a'])).toMatchObject([{ reason }]);
  });
});

test('the first record is found at the start of a file, and there is none in what is no CSV', () => {
  expect(firstCsvRecord(Buffer.from('\uFEFF"RH",1\r\n2'))).toEqual(['RH', '1']);
  expect(firstCsvRecord(Buffer.from('a\tb\n'))).toEqual(['a', 'b']);
  expect(firstCsvRecord(Buffer.from('"a\n'))).toEqual([]);
  expect(firstCsvRecord(Buffer.from([0xff, 0xfe]))).toEqual([]);
  expect(firstCsvRecord(Buffer.alloc(0))).toEqual(['']);
});
