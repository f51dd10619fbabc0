/** Reads the files of a shard: whole into memory, or as many of its parts as a worker holds at once. */
import { giveBack, takeBuffer } from './buffer-pool.ts';
import { wholeLines } from './byte-ranges.ts';
import { streamWorkingFile, type WorkingFiles } from './files.ts';
import { partsOfShard } from './row-hash.ts';
import { partsIn, type SideRows } from './row-index.ts';
import type { StagedFile } from './staged-rows.ts';

type SizedFile = Pick<StagedFile, 'key' | 'bytes'>;

/** Of both sides. With what is kept beside the rows, and the rest of the process, a worker stays within 256 MB. */
const maximumRowBytes = 64 * 1024 ** 2;

/** Of one side in one pass: more come together only where millions of rows have one reference, which no pass can take apart. */
const mostBytesOfPass = 2 * maximumRowBytes;

const bytesOf = (sized: readonly SizedFile[]): number => sized.reduce((sum, { bytes }) => sum + bytes, 0);

/** In how many passes a shard is matched; nearly always one, since shards are cut to a size. */
export const passesOf = (sized: readonly SizedFile[], most: number = maximumRowBytes): number =>
  Math.min(partsOfShard, Math.max(1, Math.ceil(bytesOf(sized) / most)));

export interface Pass {
  readonly pass: number;
  readonly passes: number;
}

/**
 * The rows of the files, one file after the other; of a share of the parts where there are several passes.
 *
 * @returns undefined where they are more than a worker can hold
 */
export async function readRows(
  files: WorkingFiles,
  sized: readonly SizedFile[],
  share: Pass,
): Promise<SideRows | undefined> {
  const total = bytesOf(sized);
  // chance makes the shares of several passes differ
  const likely = Math.min(total, mostBytesOfPass, Math.ceil((total / share.passes) * 2));
  const bytes = takeBuffer(share.passes === 1 ? total : likely);
  if (share.passes > 1) return readShare(files, sized, { bytes, share });
  const places = [0];
  for (const { bytes: size } of sized) places.push((places.at(-1) ?? 0) + size);
  await Promise.all(
    sized.map(async ({ key }, index) => {
      let at = places[index] ?? 0;
      for await (const chunk of streamWorkingFile(files, key)) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      if (at !== places[index + 1]) throw new Error(`${key} has another size than it had`);
    }),
  );
  return { bytes, places };
}

async function readShare(
  files: WorkingFiles,
  sized: readonly SizedFile[],
  { bytes: first, share }: { readonly bytes: Buffer; readonly share: Pass },
): Promise<SideRows | undefined> {
  let bytes = first;
  let at = 0;
  const places = [0];
  const keep = (rows: Buffer): void => {
    if (at + rows.length > bytes.length) {
      const larger = takeBuffer(Math.min(mostBytesOfPass, (at + rows.length) * 2));
      bytes.copy(larger, 0, 0, at);
      giveBack(bytes);
      bytes = larger;
    }
    bytes.set(rows, at);
    at += rows.length;
  };
  for (const { key } of sized) {
    for await (const piece of wholeLines(streamWorkingFile(files, key))) {
      for (const rows of rowsOfShare(piece, share)) {
        if (at + rows.length > mostBytesOfPass) {
          giveBack(bytes);
          return undefined;
        }
        keep(rows);
      }
    }
    places.push(at);
  }
  return { bytes, places };
}

/** Rows lie in the order of their parts, so that those of one lie together. */
function* rowsOfShare(piece: Buffer, { pass, passes }: Pass): Generator<Buffer> {
  const rowsOf = partsIn({ bytes: piece, places: [0, piece.length] });
  let wanted: number | undefined;
  for (let part = 0; part < partsOfShard; part++) {
    const { rows, starts } = rowsOf(part);
    if (rows === 0) continue;
    if (wanted !== undefined) yield piece.subarray(wanted, starts[0]);
    wanted = part % passes === pass ? starts[0] : undefined;
  }
  if (wanted !== undefined) yield piece.subarray(wanted);
}

/** Nobody may look into the rows any more. */
export const releaseRows = ({ bytes }: SideRows): void => giveBack(bytes);
