/** Rows in the making, one buffer a shard: bytes are appended in place, so that a million rows make no million strings. */

/** Longer than the rows of an average line; a buffer that fills up is doubled. Untouched pages take no memory. */
const headroom = 1.25;

export class RowBuffers {
  readonly shards: number;
  private readonly buffers: Buffer[];
  private readonly lengths: Int32Array;

  /** @param expectedBytes of all shards together */
  constructor(shards: number, expectedBytes: number) {
    this.shards = shards;
    const each = Math.ceil((expectedBytes * headroom) / shards) + 4_096;
    this.buffers = Array.from({ length: shards }, () => Buffer.allocUnsafeSlow(each));
    this.lengths = new Int32Array(shards);
  }

  /** The shard's buffer, with room for so many bytes from {@link lengthOf} on. They count once {@link grow} has told of them. */
  reserve(shard: number, bytes: number): Buffer {
    const buffer = this.buffers[shard];
    if (!buffer) throw new RangeError(`there is no shard ${shard}`);
    const needed = this.lengthOf(shard) + bytes;
    if (needed <= buffer.length) return buffer;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, buffer.length * 2));
    buffer.copy(larger, 0, 0, this.lengthOf(shard));
    this.buffers[shard] = larger;
    return larger;
  }

  lengthOf(shard: number): number {
    return this.lengths[shard] ?? 0;
  }

  /** @param end where what was written ends */
  grow(shard: number, end: number): void {
    this.lengths[shard] = end;
  }

  append(shard: number, row: string): void {
    const at = this.lengthOf(shard);
    // no character takes more than three bytes of UTF-8 for each of its code units
    const buffer = this.reserve(shard, row.length * 3);
    this.grow(shard, at + buffer.write(row, at));
  }

  appendBytes(shard: number, rows: Uint8Array): void {
    const at = this.lengthOf(shard);
    this.reserve(shard, rows.length).set(rows, at);
    this.grow(shard, at + rows.length);
  }

  /** What was written so far, by shard. */
  contents(): Buffer[] {
    return this.buffers.map((buffer, shard) => buffer.subarray(0, this.lengthOf(shard)));
  }
}
