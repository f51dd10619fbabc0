/** A file as its container is read: by ranges, wherever it lies. */

import type { Files, ObjectRef } from '../../kernel/files.ts';
import { readRange, streamRange } from '../../kernel/files.ts';

export interface ByteSource {
  /** bytes */
  readonly size: number;
  /** from the byte `start` up to but without `end`, both within the file */
  readonly read: (start: number, end: number) => Promise<Buffer>;
  /** the same, in pieces */
  readonly stream: (start: number, end: number) => AsyncIterable<Buffer>;
}

export const sourceOf = (files: Files, ref: ObjectRef & { readonly size: number }): ByteSource => ({
  size: ref.size,
  read: (start, end) => readRange(files, ref, start, end),
  stream: (start, end) => streamRange(files, ref, { start, end }),
});
