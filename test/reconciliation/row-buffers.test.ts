/** What a worker of Stage holds is bounded, however many rows it stages and whatever was expected of them. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idFrom } from '../../functions/kernel/ids.ts';
import { readText } from '../../functions/reconciliation/files.ts';
import { mostArenaBytes, RowBuffers } from '../../functions/reconciliation/row-buffers.ts';
import { shardOf } from '../../functions/reconciliation/shard-rows.ts';
import { filesOfShard, stagingRows } from '../../functions/reconciliation/staged-rows.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { memoryFiles } from './memory-files.ts';

const mebibyte = 1024 ** 2;

/** Beside the arena: what fills up by chance or by skew, which doubles the last time that it grows. */
const mostHeld = mostArenaBytes + 17 * mebibyte;

/** Appends so many bytes of rows, and writes away whenever it is time, without keeping what was written. */
function held({ bytes, expected, shards, references }: Day): { most: number; pieces: number } {
  const rows = new RowBuffers(shards, expected);
  const row = `${'x'.repeat(3_999)}\n`;
  let [most, pieces] = [0, 1];
  for (let written = 0; written < bytes; written += row.length) {
    rows.append(`O${(written / row.length) % references}`, row);
    most = Math.max(most, rows.heldBytes);
    if (!rows.isFull) continue;
    pieces += 1;
    rows.clear();
  }
  rows.release();
  return { most, pieces };
}

interface Day {
  readonly bytes: number;
  readonly expected: number;
  readonly shards: number;
  readonly references: number;
}

describe('rows in the making', () => {
  test.each([
    ['a day of the size that was expected', { expected: 16, shards: 8, references: 1e6 }],
    ['one that is ten times as large', { expected: 160, shards: 40, references: 1e6 }],
    ['one of which nothing was expected', { expected: 0, shards: 1, references: 1e6 }],
    ['one of a single reference', { expected: 16, shards: 8, references: 1 }],
    ['one of a few references', { expected: 160, shards: 64, references: 7 }],
  ])('hold no more than their bound: %s', (_, { expected, ...day }) => {
    const sizes = [8, 40, 120].map((size) => held({ ...day, bytes: size * mebibyte, expected: expected * mebibyte }));
    for (const { most } of sizes) expect(most).toBeLessThanOrEqual(mostHeld);
    expect(sizes.at(-1)?.pieces).toBeGreaterThanOrEqual(120 / (mostHeld / mebibyte));
  });
});

describe('what a worker stages', () => {
  test('is there whole and once in whatever pieces it was written, each row in its shard', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(50), { maxLength: 20 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        async (pieces, shards) => {
          const files = memoryFiles();
          const keys = workingKeys(idFrom('recon', 'pieces')).ownRows(3);
          const rows = new RowBuffers(shards, 0);
          const staging = stagingRows(files, keys, rows);
          for (const piece of pieces) {
            for (const order of piece) rows.append(`O${order}`, `O${order}\n`);
            await staging.writePiece();
          }
          await staging.finish();
          for (let shard = 0; shard < shards; shard++) {
            const sized = await filesOfShard(files, [keys], shard);
            const texts = await Promise.all(sized.map(({ key }) => readText(files, key)));
            expect(sized.map(({ bytes }) => bytes)).toEqual(texts.map((text) => Buffer.byteLength(text)));
            const references = texts.flatMap((text) => text.match(/.+/g) ?? []);
            const expected = pieces.flat().map((order) => `O${order}`);
            expect(references.sort()).toEqual(expected.filter((each) => shardOf(each, shards) === shard).sort());
          }
        },
      ),
    );
  });

  test('of an earlier attempt that had more pieces is not read any more', async () => {
    const files = memoryFiles();
    const keys = workingKeys(idFrom('recon', 'again')).channelRows(0);
    for (const texts of [['first\n', 'second\n', 'third\n'], ['only\n']]) {
      const rows = new RowBuffers(1, 0);
      const staging = stagingRows(files, keys, rows);
      for (const text of texts) {
        rows.append('O', text);
        await staging.writePiece();
      }
      await staging.finish();
    }
    const sized = await filesOfShard(files, [keys], 0);
    expect(await Promise.all(sized.map(({ key }) => readText(files, key)))).toEqual(['only\n']);
  });
});
