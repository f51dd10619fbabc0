/** Writes rows of shard files byte by byte, as `encodeLine` writes them by text. */
import type { ByteLine, LineOutcome } from './reading/bytes/byte-reader.ts';
import type { RowBuffers } from './row-buffers.ts';
import { hashBytes, slotOfHash } from './row-hash.ts';
import { middleOf } from './shard-rows.ts';

const [quote, comma, tab, minus, zero, lineFeed] = [0x22, 0x2c, 0x09, 0x2d, 0x30, 0x0a];
const [openBracket, closeBracket] = [0x5b, 0x5d];

/** As much as a row takes beside its references and what stands between reference and amount: four numbers and signs. */
const numbersAndSigns = 160;

/** @returns what appends a line to its shard: `line` as a byte reader read it of `bytes` */
export function lineAppender(
  rows: RowBuffers,
  outcomes: readonly LineOutcome[],
): (bytes: Uint8Array, line: ByteLine, lineNumber: number) => void {
  const middles = outcomes.map((outcome) => Buffer.from(`"${middleOf(outcome)}`));
  return (bytes, line, lineNumber) => {
    const { ourReferenceStart: start, ourReferenceEnd: end, channelReferenceStart, channelReferenceEnd } = line;
    const slot = slotOfHash(hashBytes(bytes, start, end), rows.shards);
    const middle = middles[line.outcome];
    if (!middle) throw new RangeError(`no outcome ${line.outcome}`);
    const needed = end - start + middle.length + channelReferenceEnd - channelReferenceStart + numbersAndSigns;
    const out = rows.reserve(slot, needed);
    let at = rows.endOf(slot);
    out[at++] = openBracket;
    out[at++] = quote;
    at = copyBytes(bytes, start, end, out, at);
    at = copyBytes(middle, 0, middle.length, out, at);
    at = writeDigits(out, at, line.amount);
    out[at++] = quote;
    out[at++] = comma;
    out[at++] = quote;
    if (line.fee < 0) out[at++] = minus;
    at = writeDigits(out, at, line.fee < 0 ? -line.fee : line.fee);
    out[at++] = quote;
    out[at++] = tab;
    out[at++] = comma;
    at = writeDigits(out, at, lineNumber);
    out[at++] = comma;
    out[at++] = quote;
    at = copyBytes(bytes, channelReferenceStart, channelReferenceEnd, out, at);
    out[at++] = quote;
    out[at++] = comma;
    at = writeDigits(out, at, line.at);
    out[at++] = closeBracket;
    out[at++] = lineFeed;
    rows.grow(slot, at);
  };
}

/** A loop, since a call of the engine's own copy takes longer than such short texts do. */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  let place = at;
  for (let index = start; index < end; index++) to[place++] = from[index] ?? 0;
  return place;
}

const million = 1_000_000;

/** @param value a whole number from 0 to 2^53 − 1 @returns the place behind */
export function writeDigits(out: Uint8Array, at: number, value: number): number {
  if (value < million) return writeSmall(out, at, value, digitsOf(value));
  const front = Math.floor(value / million);
  return writeSmall(out, writeDigits(out, at, front), value - front * million, 6);
}

function writeSmall(out: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let place = at + digits - 1; place >= at; place--) {
    const next = (rest / 10) | 0;
    out[place] = zero + rest - next * 10;
    rest = next;
  }
  return at + digits;
}

function digitsOf(value: number): number {
  if (value < 1_000) return value < 10 ? 1 : value < 100 ? 2 : 3;
  return value < 10_000 ? 4 : value < 100_000 ? 5 : 6;
}
