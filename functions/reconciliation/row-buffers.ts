/**
 * Rows in the making: bytes are appended in place, so that a million rows make no million strings. Each shard's rows lie in the order
 * of their parts, which matching goes through one by one.
 */
import { giveBack, takeBuffer } from './buffer-pool.ts';
import { hashText, partsOfShard, slotOfHash } from './row-hash.ts';

/** Parts differ in size by chance; one that fills up is moved to a buffer of its own. */
const headroom = 1.5;
const smallestSlot = 1_024;

export class RowBuffers {
  readonly shards: number;
  private readonly arena: Buffer;
  private readonly slotBytes: number;
  private readonly buffers: Buffer[];
  /** where each slot begins in its buffer, and where what was written ends */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;

  /** @param expectedBytes of all shards together */
  constructor(shards: number, expectedBytes: number) {
    const slots = shards * partsOfShard;
    this.shards = shards;
    this.slotBytes = Math.max(smallestSlot, Math.ceil((expectedBytes * headroom) / slots));
    this.arena = takeBuffer(slots * this.slotBytes);
    this.buffers = Array.from({ length: slots }, () => this.arena);
    this.starts = Int32Array.from({ length: slots }, (_, slot) => slot * this.slotBytes);
    this.ends = this.starts.slice();
  }

  /** The slot's buffer, with room for so many bytes from {@link endOf} on. They count once {@link grow} has told of them. */
  reserve(slot: number, bytes: number): Buffer {
    const buffer = this.buffers[slot];
    if (!buffer) throw new RangeError(`there is no slot ${slot}`);
    const start = this.starts[slot] ?? 0;
    const end = this.endOf(slot);
    const limit = buffer === this.arena ? start + this.slotBytes : buffer.length;
    if (end + bytes <= limit) return buffer;
    const larger = Buffer.allocUnsafeSlow((limit - start + bytes) * 2);
    buffer.copy(larger, 0, start, end);
    this.buffers[slot] = larger;
    this.starts[slot] = 0;
    this.ends[slot] = end - start;
    return larger;
  }

  endOf(slot: number): number {
    return this.ends[slot] ?? 0;
  }

  /** @param end where what was written ends */
  grow(slot: number, end: number): void {
    this.ends[slot] = end;
  }

  append(reference: string, row: string): void {
    const slot = slotOfHash(hashText(reference), this.shards);
    // no character takes more than three bytes of UTF-8 for each of its code units
    const buffer = this.reserve(slot, row.length * 3);
    const at = this.endOf(slot);
    this.grow(slot, at + buffer.write(row, at));
  }

  /** What was written, by shard. Nothing can be appended any more. */
  contents(): Buffer[] {
    return Array.from({ length: this.shards }, (_, shard) => {
      const slots = Array.from({ length: partsOfShard }, (_, part) => shard * partsOfShard + part);
      if (slots.some((slot) => this.buffers[slot] !== this.arena))
        return Buffer.concat(slots.map((slot) => this.part(slot)));
      const start = shard * partsOfShard * this.slotBytes;
      let end = start;
      for (const slot of slots) {
        const from = this.starts[slot] ?? 0;
        this.arena.copyWithin(end, from, this.endOf(slot));
        end += this.endOf(slot) - from;
      }
      return this.arena.subarray(start, end);
    });
  }

  /** Nobody may look into its contents any more. */
  release(): void {
    giveBack(this.arena);
  }

  private part(slot: number): Buffer {
    return (this.buffers[slot] ?? this.arena).subarray(this.starts[slot], this.endOf(slot));
  }
}
