/**
 * What a worker of Stage leaves: pieces of rows, each an object for every shard that has any of them, and an index that tells which
 * there are. Nearly always it is one piece; a worker that has more rows than it should hold writes another. The index is written last:
 * where a repeat makes fewer pieces, nobody looks at the others.
 */
import * as z from 'zod';
import { readJson, type WorkingFiles, writeBytes, writeJson } from './files.ts';
import type { RowBuffers } from './row-buffers.ts';
import type { RowKeys } from './working-keys.ts';

export interface RowsInTheMaking {
  /** Writes what the buffers hold, and empties them. */
  readonly writePiece: () => Promise<void>;
  /** Writes the rest and the index. The buffers can't be used any more. */
  readonly finish: () => Promise<void>;
}

export function stagingRows(files: WorkingFiles, keys: RowKeys, rows: RowBuffers): RowsInTheMaking {
  const pieces: number[][] = [];
  const writePiece = async (): Promise<void> => {
    const contents = rows.contents();
    const piece = pieces.push(contents.map(({ length }) => length)) - 1;
    const writeShard = async (some: Buffer, shard: number): Promise<void> => {
      if (some.length > 0) await writeBytes(files, keys.rows(piece, shard), some);
    };
    await Promise.all(contents.map(writeShard));
    rows.clear();
  };
  return {
    writePiece,
    finish: async () => {
      await writePiece();
      await writeJson(files, keys.index, pieces);
      rows.release();
    },
  };
}

export interface StagedFile {
  readonly key: string;
  readonly shard: number;
  readonly bytes: number;
}

const indexSchema = z.array(z.array(z.int()));

/** What one worker staged, in its order; without empty ones. @throws Error where it has not */
export async function stagedFiles(files: WorkingFiles, { index, rows }: RowKeys): Promise<readonly StagedFile[]> {
  const pieces = indexSchema.parse(await readJson(files, index));
  return pieces
    .flatMap((sizes, piece) => sizes.map((bytes, shard) => ({ key: rows(piece, shard), shard, bytes })))
    .filter(({ bytes }) => bytes > 0);
}

/** Of several workers, what belongs to one shard. */
export async function filesOfShard(
  files: WorkingFiles,
  workers: readonly RowKeys[],
  shard: number,
): Promise<readonly StagedFile[]> {
  const staged = await Promise.all(workers.map((worker) => stagedFiles(files, worker)));
  return staged.flat().filter((file) => file.shard === shard);
}
