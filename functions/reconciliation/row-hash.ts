/**
 * Over which shard a row goes: by a hash of its reference as it is written in rows, so that it is found without making a text
 * of the bytes. MurmurHash3 (x86, 32 bits, seed 0; public domain, A. Appleby): spreads evenly, the same on every machine.
 */

/** @returns 32 bits, signed */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash ^= scrambled(
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24),
    );
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let last = end - 1; last >= at; last--) tail = (tail << 8) | (bytes[last] ?? 0);
  if (end > at) hash ^= scrambled(tail);
  hash ^= end - start;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scrambled(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

const shardOfHash = (hash: number, shards: number): number => (hash >>> 0) % shards;

/**
 * A shard lies in so many parts, each matched by itself: the rows of one stay in the processor's cache, and a shard that is too large
 * for one worker's memory is matched a few parts at a time.
 */
export const partsOfShard = 32;

/** By the upper five bits, which say next to nothing of the shard. */
export const partOfHash = (hash: number): number => hash >>> 27;

/** The place of a part among those of all shards. */
export const slotOfHash = (hash: number, shards: number): number =>
  shardOfHash(hash, shards) * partsOfShard + partOfHash(hash);

/** Of a reference that is at hand as text, as it is written in rows. */
export function hashText(reference: string): number {
  const bytes = Buffer.from(JSON.stringify(reference));
  return hashBytes(bytes, 1, bytes.length - 1);
}

export const shardOf = (reference: string, shards: number): number => shardOfHash(hashText(reference), shards);
