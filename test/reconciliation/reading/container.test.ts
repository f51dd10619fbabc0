import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Container,
  oneAfterAnother,
  openContainer,
  startOf,
} from '../../../functions/reconciliation/reading/container.ts';
import { Unpackable } from '../../../functions/reconciliation/reading/unpacking.ts';
import { asUtf8 } from '../../../functions/reconciliation/reading/utf16.ts';
import { isRejection } from '../../../functions/reconciliation/rejection.ts';
import { allOf, sourceOfBytes, textOf } from './bytes.ts';
import { type ZipContent, zipOf } from './zip-file.ts';

const open = (bytes: Buffer, fileName = 'statement.bin') => openContainer(sourceOfBytes(bytes), fileName);

async function opened(bytes: Buffer, fileName?: string): Promise<Container> {
  const container = await open(bytes, fileName);
  if (isRejection(container)) throw new Error(`${container.reason}: ${container.detail}`);
  return container;
}

/** Why a file is turned away, wherever on its way that shows. */
async function reasonOf(bytes: Buffer): Promise<string> {
  try {
    const container = await open(bytes);
    if (isRejection(container)) return container.reason;
    for (const { stream } of container.entries) for await (const _ of stream());
    return 'none';
  } catch (error) {
    if (error instanceof Unpackable) return error.rejection.reason;
    throw error;
  }
}

describe('a container', () => {
  test.each([
    ['plain', Buffer.from('a,b\n')],
    ['gzip', gzipSync('a,b\n')],
    ['zip', zipOf([{ name: 'x.csv', content: 'a,b\n' }])],
  ])('is known as %s by its content, whatever its name', async (packing, bytes) => {
    for (const name of ['statement.zip', 'statement.csv.gz', 'statement.csv']) {
      const { entries, packing: seen } = await opened(bytes, name);
      expect(seen).toBe(packing);
      expect(entries).toHaveLength(1);
      expect(await Promise.all(entries.map(textOf))).toEqual(['a,b\n']);
    }
  });

  const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

  test.each([
    ['little', Buffer.from('\uFEFF账单,𠀀\n', 'utf16le')],
    ['big', bigEndian('\uFEFF账单,𠀀\n')],
  ])('of UTF-16 text (%s end first) gives UTF-8 with its mark, packed or not, however it is cut', async (_, bytes) => {
    const packed = [bytes, gzipSync(bytes), zipOf([{ name: 'x.csv', content: bytes }])];
    for (const file of packed) {
      const { entries, packing } = await opened(file);
      if (file === bytes) expect(packing).toBe('utf-16');
      expect(await Promise.all(entries.map(textOf))).toEqual(['\uFEFF账单,𠀀\n']);
    }
    const cut = async function* () {
      for (const byte of bytes) yield Buffer.from([byte]);
    };
    let text = '';
    for await (const piece of asUtf8(cut(), 'x')) text += piece.toString();
    expect(text).toBe('\uFEFF账单,𠀀\n');
  });

  test('of UTF-16 text that ends within a character, or holds half of one, is turned away', async () => {
    const bytes = Buffer.from('\uFEFFabc', 'utf16le');
    expect(await reasonOf(bytes.subarray(0, -1))).toBe('wrong_encoding');
    expect(await reasonOf(Buffer.from('\uFEFFa\uD800b', 'utf16le'))).toBe('wrong_encoding');
    expect(await reasonOf(bytes)).toBe('none');
  });

  test('names a gzipped file without the ending', async () => {
    const [entry] = (await opened(gzipSync('x'), 'bill.csv.GZ')).entries;
    expect(entry?.fileName).toBe('bill.csv');
  });
});

describe('a zip archive', () => {
  const contents: ZipContent[] = [
    { name: 'b.csv', content: 'b' },
    { name: 'folder/', content: '', stored: true },
    { name: 'folder/a.csv', content: 'a'.repeat(5_000), stored: true },
    { name: '__MACOSX/folder/._a.csv', content: '\0' },
  ];

  test('gives its files in the order of their names, without folders and what macOS adds', async () => {
    const { entries } = await opened(zipOf(contents));
    expect(entries.map(({ name, fileName }) => [name, fileName])).toEqual([
      ['b.csv', 'b.csv'],
      ['folder/a.csv', 'a.csv'],
    ]);
    expect(await Promise.all(entries.map(textOf))).toEqual(['b', 'a'.repeat(5_000)]);
  });

  test.each([
    ['GBK without a word about it', Buffer.from('d5cbb5a52e637376', 'hex'), 0],
    ['UTF-8 and says so', Buffer.from('账单.csv'), 0x800],
    ['UTF-8 and does not say so', Buffer.from('账单.csv'), 0],
  ])('reads a name that is %s', async (_, name, flags) => {
    const { entries } = await opened(zipOf([{ name, flags, content: 'x' }]));
    expect(entries[0]?.name).toBe('账单.csv');
  });

  test('shows no control characters and no endless name in what it says', async () => {
    const { entries } = await opened(zipOf([{ name: `${'x'.repeat(5_000)}\n.csv`, content: 'x' }]));
    expect(entries[0]?.name).toMatch(/^x{195}\?\.csv$/);
  });

  test('is opened for its first bytes without being read to the end', async () => {
    const bytes = zipOf([{ name: 'a.csv', content: Buffer.alloc(4_000_000, 'abcdefghijklmno\n'), stored: true }]);
    let read = 0;
    const source = sourceOfBytes(bytes, 10_000);
    const counting = {
      ...source,
      stream: async function* (start: number, end: number) {
        for await (const chunk of source.stream(start, end)) {
          read += chunk.length;
          yield chunk;
        }
      },
    };
    const container = await openContainer(counting, 'x');
    if (isRejection(container)) throw new Error(container.detail);
    const [entry] = container.entries;
    expect((await startOf(entry ?? { stream: () => source.stream(0, 0) }, 1_000)).length).toBe(1_000);
    expect(read).toBeLessThan(500_000);
  });

  const million = Buffer.alloc(5_000_000);

  test.each<[string, Buffer]>([
    ['empty_file', zipOf([])],
    ['empty_file', zipOf([{ name: 'folder/', content: '', stored: true }])],
    ['corrupt_zip', zipOf(contents).subarray(0, -30)],
    ['corrupt_zip', Buffer.from('PK\x03\x04 and then nothing that is an archive')],
    ['corrupt_zip', zipOf([{ name: 'a', content: 'abc', says: { checksum: 7 } }])],
    ['corrupt_zip', zipOf([{ name: 'a', content: 'abc', says: { size: 2 } }])],
    ['corrupt_zip', zipOf([{ name: 'a', content: 'abc', says: { size: 4 } }])],
    ['corrupt_zip', zipOf([{ name: 'a', content: 'abc', says: { method: 14 } }])],
    ['corrupt_zip', zipOf([{ name: 'a', content: 'abc' }], { entryCount: 2 })],
    ['encrypted_archive', zipOf([{ name: 'a', content: 'abc', flags: 1 }])],
    ['too_many_entries', zipOf(Array.from({ length: 51 }, (_, index) => ({ name: `${index}`, content: '' })))],
    ['too_many_entries', zipOf(Array.from({ length: 60_000 }, (_, index) => ({ name: `${index}`, content: '' })))],
    ['file_too_large', zipOf([{ name: 'a', content: 'abc', says: { size: 2 ** 31 + 1 } }])],
    ['compression_bomb', zipOf([{ name: 'a', content: million }])],
    // what the directory hides, the stream shows
    ['corrupt_zip', zipOf([{ name: 'a', content: million, says: { size: 1_000_000 } }])],
    [
      'compression_bomb',
      zipOf([
        { name: 'a', content: Buffer.alloc(20_000, 'x,y\n'), stored: true },
        { name: 'b', content: Buffer.alloc(20_000, 'x,y\n'), stored: true, sharesDataOf: 0 },
        { name: 'c', content: Buffer.alloc(20_000, 'x,y\n'), stored: true, sharesDataOf: 0 },
      ]),
    ],
    ['spreadsheet', zipOf(['[Content_Types].xml', 'xl/workbook.xml'].map((name) => ({ name, content: '<x/>' })))],
  ])('is refused as %s', async (reason, bytes) => {
    expect(await reasonOf(bytes)).toBe(reason);
  });

  test('of ten thousand entries more than its directory can count is refused before one of them is read', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({ name: `${index}`, content: '' }));
    expect(await reasonOf(zipOf(many, { entryCount: 100_000 % 65_536 }))).toBe('too_many_entries');
  });

  test('that was damaged anywhere is refused or read, but never crashes', async () => {
    const whole = zipOf(contents);
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        reasons.add(await reasonOf(bytes));
      }),
      { numRuns: 1_000 },
    );
    expect(reasons).toContain('corrupt_zip');
  });

  test('whose bytes can not be fetched is no damaged archive: the fault goes through', async () => {
    const bytes = zipOf(contents);
    const failing = {
      ...sourceOfBytes(bytes),
      read: async (start: number, end: number) => {
        if (start > 0) throw new Error('the network is down');
        return bytes.subarray(start, end);
      },
    };
    await expect(openContainer({ ...failing, size: bytes.length + 70_000 }, 'x')).rejects.toThrow('network is down');
    const streaming = await openContainer({ ...sourceOfBytes(bytes), stream: broken }, 'x');
    if (isRejection(streaming)) throw new Error(streaming.detail);
    for (const entry of streaming.entries) await expect(textOf(entry)).rejects.toThrow('network is down');
  });
});

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
  throw new Error('the network is down');
}

describe('a gzipped file', () => {
  test.each([
    ['corrupt_gzip', gzipSync('a,b\n'.repeat(1_000)).subarray(0, 40)],
    ['corrupt_gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('no gzip at all')])],
    ['compression_bomb', gzipSync(Buffer.alloc(5_000_000))],
  ])('is refused as %s', async (reason, bytes) => {
    expect(await reasonOf(bytes)).toBe(reason);
  });

  test('whose bytes can not be fetched is no damaged file: the fault goes through', async () => {
    const container = await openContainer({ ...sourceOfBytes(gzipSync('x')), stream: broken }, 'x');
    if (isRejection(container)) throw new Error(container.detail);
    for (const entry of container.entries) await expect(textOf(entry)).rejects.toThrow('network is down');
  });
});

test('files read as one begin on lines of their own and hold no byte order mark in the middle', async () => {
  const streams = ['\uFEFFa\nb', '\uFEFFc\r\n', '', '\uFEFF', 'd'].map((text) => ({
    stream: () => sourceOfBytes(Buffer.from(text), 1).stream(0, Buffer.byteLength(text)),
  }));
  expect((await allOf(oneAfterAnother(streams))).toString()).toBe('\uFEFFa\nb\nc\r\nd');
});
