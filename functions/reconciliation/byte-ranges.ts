/** Cuts a file into ranges that begin and end on line ends, in one pass and with the memory of one chunk. */
export interface ByteRange {
  readonly range: number;
  /** from this byte, up to but without `end` */
  readonly start: number;
  readonly end: number;
  readonly firstLineNumber: number;
}

export interface RangePlan {
  /** where the first range begins and the last one ends */
  readonly start: number;
  readonly end: number;
  readonly firstLineNumber: number;
  /** a range ends at the first line end at or after this many bytes */
  readonly rangeBytes: number;
  readonly maximumLineBytes: number;
}

const lineFeed = 0x0a;

/**
 * @param chunks the file from its first byte
 * @returns at least one range, empty where there are no lines; undefined when a line is longer than allowed
 */
export async function planByteRanges(
  chunks: AsyncIterable<Buffer>,
  { start, end, firstLineNumber, rangeBytes, maximumLineBytes }: RangePlan,
): Promise<ByteRange[] | undefined> {
  const ranges: ByteRange[] = [];
  let open = { start, firstLineNumber };
  let lineNumber = firstLineNumber;
  let lineStart = start;
  let chunkStart = 0;
  const close = (at: number) => {
    ranges.push({ range: ranges.length, start: open.start, end: at, firstLineNumber: open.firstLineNumber });
    open = { start: at, firstLineNumber: lineNumber };
  };
  for await (const chunk of chunks) {
    const from = Math.max(0, start - chunkStart);
    const to = Math.min(chunk.length, end - chunkStart);
    for (let at = chunk.indexOf(lineFeed, from); at >= 0 && at < to; at = chunk.indexOf(lineFeed, at + 1)) {
      const next = chunkStart + at + 1;
      if (next - lineStart > maximumLineBytes) return undefined;
      lineNumber += 1;
      lineStart = next;
      if (next - open.start >= rangeBytes) close(next);
    }
    chunkStart += chunk.length;
    if (Math.min(chunkStart, end) - lineStart > maximumLineBytes) return undefined;
    if (chunkStart >= end) break;
  }
  if (open.start < end || ranges.length === 0) close(end);
  return ranges;
}

/** The lines of a range without their ends, each with its number. A last line without a line end counts. */
export function* linesOf(text: string, firstLineNumber: number): Generator<{ text: string; lineNumber: number }> {
  let lineNumber = firstLineNumber;
  for (let from = 0; from < text.length; lineNumber++) {
    const found = text.indexOf('\n', from);
    const next = found < 0 ? text.length : found;
    const end = next > from && text.charCodeAt(next - 1) === 13 ? next - 1 : next;
    yield { text: text.slice(from, end), lineNumber };
    from = next + 1;
  }
}

/** A stream in pieces that end on line ends: the last one may not. Holds one chunk and the beginning of a line. */
export async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    // only the line that two chunks share is put together anew
    const start = rest.length > 0 ? chunk.indexOf(lineFeed) + 1 : 0;
    if (start > 0) yield Buffer.concat([...rest, chunk.subarray(0, start)]);
    if (end > start) yield chunk.subarray(start, end);
    rest = end < chunk.length ? [chunk.subarray(end)] : [];
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
