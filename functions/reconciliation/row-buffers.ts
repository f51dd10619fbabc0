/**
 * Rows in the making: bytes are appended in place, so that a million rows make no million strings. Each shard's rows lie in the order
 * of their parts, which matching goes through one by one.
 *
 * What they hold is bounded whatever is staged: an arena of {@link mostArenaBytes} at most, and beside it buffers of slots that
 * filled up. Whoever appends writes them away once {@link RowBuffers.isFull}, a piece of the file or a page of payments later at most.
 */
import { giveBack, takeBuffer } from './buffer-pool.ts';
import { hashText, partsOfShard, slotOfHash } from './row-hash.ts';

/** Parts differ in size by chance; one that fills up is moved to a buffer of its own. */
const headroom = 1.5;
const smallestSlot = 1_024;

/** Room for the rows of a byte range of any wide format, and of two hundred thousand payments. */
export const mostArenaBytes = 32 * 1024 ** 2;

/** Of the rows, at which their slots are about to fill up, and of what lies beside the arena. */
const mostRowBytes = mostArenaBytes / headroom;
const mostBesideBytes = 8 * 1024 ** 2;

const slotOf = (arenaBytes: number, slots: number): number => Math.max(smallestSlot, Math.floor(arenaBytes / slots));

export class RowBuffers {
  readonly shards: number;
  private arena: Buffer;
  private slotBytes: number;
  private readonly buffers: Buffer[];
  /** where each slot begins in its buffer, and where what was written ends */
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private rowBytes = 0;
  private besideBytes = 0;

  /** @param expectedBytes of all shards together, as far as one can tell */
  constructor(shards: number, expectedBytes: number) {
    const slots = shards * partsOfShard;
    this.shards = shards;
    this.slotBytes = slotOf(Math.min(mostArenaBytes, expectedBytes * headroom), slots);
    this.arena = takeBuffer(slots * this.slotBytes);
    this.buffers = Array.from({ length: slots }, () => this.arena);
    this.starts = new Int32Array(slots);
    this.ends = new Int32Array(slots);
    this.clear();
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
    this.besideBytes += larger.length - (buffer === this.arena ? 0 : buffer.length);
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
    this.rowBytes += end - this.endOf(slot);
    this.ends[slot] = end;
  }

  append(reference: string, row: string): void {
    const slot = slotOfHash(hashText(reference), this.shards);
    // no character takes more than three bytes of UTF-8 for each of its code units
    const buffer = this.reserve(slot, row.length * 3);
    const at = this.endOf(slot);
    this.grow(slot, at + buffer.write(row, at));
  }

  /** Whether it is time to write the rows away. */
  get isFull(): boolean {
    return this.rowBytes >= mostRowBytes || this.besideBytes >= mostBesideBytes;
  }

  /** Of all that is held, with rows in it or not. */
  get heldBytes(): number {
    return this.arena.length + this.besideBytes;
  }

  /** What was written, by shard. Nothing can be appended until it is {@link clear}ed. */
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

  /** Begins anew, with a larger arena where there was more than expected. Nobody may look into its contents any more. */
  clear(): void {
    const slots = this.buffers.length;
    if (this.besideBytes > 0 && this.arena.length < mostArenaBytes) {
      giveBack(this.arena);
      this.slotBytes = slotOf(mostArenaBytes, slots);
      this.arena = takeBuffer(slots * this.slotBytes);
    }
    this.buffers.fill(this.arena);
    for (let slot = 0; slot < slots; slot++) this.starts[slot] = slot * this.slotBytes;
    this.ends.set(this.starts);
    this.rowBytes = 0;
    this.besideBytes = 0;
  }

  /** Nobody may look into its contents any more. */
  release(): void {
    giveBack(this.arena);
  }

  private part(slot: number): Buffer {
    return (this.buffers[slot] ?? this.arena).subarray(this.starts[slot], this.endOf(slot));
  }
}
