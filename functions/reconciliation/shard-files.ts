/** Reads the files of a shard: whole into memory, or as much of it as a worker holds at once. */
import { wholeLines } from './byte-ranges.ts';
import { sizeOf, streamWorkingFile, type WorkingFiles } from './files.ts';
import { RowBuffers } from './row-buffers.ts';
import { passOfHash } from './row-hash.ts';
import { indexRows } from './row-index.ts';

/** With what is kept beside the rows, and the rest of the process, a worker stays within 256 MB. */
const maximumRowBytes = 64 * 1024 ** 2;

export interface SizedFile {
  readonly key: string;
  readonly bytes: number;
}

export const sizesOf = (files: WorkingFiles, keys: readonly string[]): Promise<SizedFile[]> =>
  Promise.all(keys.map(async (key) => ({ key, bytes: await sizeOf(files, key) })));

const bytesOf = (sized: readonly SizedFile[]): number => sized.reduce((sum, { bytes }) => sum + bytes, 0);

/** In how many passes a shard is matched; nearly always one, since shards are cut to a size. */
export const passesOf = (sized: readonly SizedFile[]): number =>
  Math.max(1, Math.ceil(bytesOf(sized) / maximumRowBytes));

export interface ShardPart {
  readonly shards: number;
  readonly passes: number;
  readonly pass: number;
}

/** The rows of the files, one file after the other; of one part of the references where there are several passes. */
export const readRows = (files: WorkingFiles, sized: readonly SizedFile[], part: ShardPart): Promise<Buffer> =>
  part.passes === 1 ? readAll(files, sized) : readPart(files, sized, part);

async function readAll(files: WorkingFiles, sized: readonly SizedFile[]): Promise<Buffer> {
  const rows = Buffer.allocUnsafeSlow(bytesOf(sized));
  const starts = sized.map((_, index) => bytesOf(sized.slice(0, index)));
  await Promise.all(
    sized.map(async ({ key, bytes }, index) => {
      const start = starts[index] ?? 0;
      let at = start;
      for await (const chunk of streamWorkingFile(files, key)) {
        rows.set(chunk, at);
        at += chunk.length;
      }
      if (at !== start + bytes) throw new Error(`${key}: ${at - start} of ${bytes} bytes came`);
    }),
  );
  return rows;
}

async function readPart(
  files: WorkingFiles,
  sized: readonly SizedFile[],
  { pass, ...split }: ShardPart,
): Promise<Buffer> {
  const kept = new RowBuffers(1, bytesOf(sized) / split.passes);
  for (const { key } of sized) {
    for await (const piece of wholeLines(streamWorkingFile(files, key))) {
      const { rows, starts, hashes } = indexRows(piece);
      for (let row = 0; row < rows; row++) {
        if (passOfHash(hashes[row] ?? 0, split) !== pass) continue;
        kept.appendBytes(0, piece.subarray(starts[row], row + 1 < rows ? starts[row + 1] : piece.length));
      }
    }
  }
  return kept.contents()[0] ?? Buffer.alloc(0);
}
