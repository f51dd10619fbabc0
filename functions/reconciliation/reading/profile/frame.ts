/** Finds the header, the details and the control rows of a file by its profile, from its first and its last bytes. */
import type { StatementProfile } from '../../../channels/index.ts';
import { isRejection, type Rejection, reject } from '../../rejection.ts';
import { decodeAs } from '../encoding.ts';
import type { FileEnds, Frame, StatementContext } from '../statement-format.ts';
import { type ControlRow, controlOf, type Found, nothingFound, takeFigures } from './control.ts';
import type { RecordReader } from './records.ts';

export interface FrameReader {
  readonly profile: StatementProfile;
  readonly reader: RecordReader;
  /** the columns that the profile reads */
  readonly used: readonly string[];
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** where the next one begins */
  readonly end: number;
}

export function readProfileFrame(frame: FrameReader, ends: FileEnds, context: StatementContext): Frame | Rejection {
  const { profile } = frame;
  const found = nothingFound();
  const beginning = readBeginning(frame, { ends, context, found });
  if (isRejection(beginning)) return beginning;
  const detailsEnd = readEnd(frame, { ends, context, found, detailsStart: beginning.detailsStart });
  if (typeof detailsEnd !== 'number') return detailsEnd;
  const control = controlOf(profile, found);
  if (isRejection(control)) return control;
  const { date, timeZone, currency } = context;
  return { ...beginning, detailsEnd, facts: { date, timeZone, currency }, control };
}

interface Reading {
  readonly ends: FileEnds;
  readonly context: StatementContext;
  readonly found: Found;
}

type Beginning = Pick<Frame, 'columns' | 'detailsStart' | 'firstLineNumber'>;

function readBeginning(frame: FrameReader, { ends, context, found }: Reading): Beginning | Rejection {
  const { profile, reader } = frame;
  const { head, size } = ends;
  const marked = head.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const lines = linesOf(head.subarray(marked), { at: marked, whole: head.length === size, reader });
  if (!lines) return wrongEncoding(profile);
  const headless = profile.layout.type === 'fixed-width' || profile.layout.header === 'none';
  let columns = headless ? columnsOf(profile) : undefined;
  let awaited: ControlRow | undefined;
  let at = marked;
  for (const [index, line] of lines.entries()) {
    if (index >= (profile.skipLines ?? 0)) {
      const row = awaited ?? controlRowAt(frame, { line, at: 'start', found });
      if (row && (awaited || row.figuresOn !== 'next-line')) {
        const wrong = takeFigures(found, { profile, reader, row, line: line.text, currency: context.currency });
        if (wrong) return wrong;
        awaited = undefined;
      } else if (row) awaited = row;
      else if (!saysNothing(frame, line)) {
        if (columns) return { columns, detailsStart: line.start, firstLineNumber: index + 1 };
        const header = headerOf(frame, reader.fieldsOf(line.text));
        if (header && isRejection(header)) return header;
        columns = header;
      }
    }
    at = line.end;
  }
  if (at < size && at >= head.length) return reject('malformed_frame', 'No detail stands within the first 64 KiB.');
  if (columns) return { columns, detailsStart: at, firstLineNumber: lines.length + 1 };
  return reject('malformed_frame', `No line names the columns ${frame.used.join(', ')}.`);
}

/** @returns the columns; undefined for a line before the header that is searched */
export function headerOf(
  { profile, used }: FrameReader,
  columns: readonly string[],
): readonly string[] | undefined | Rejection {
  const missing = used.filter((name) => !columns.includes(name));
  const searched = profile.layout.type === 'delimited' && profile.layout.header === 'searched';
  if (missing.length > 0) {
    return searched ? undefined : reject('malformed_frame', `The header lacks ${missing.join(', ')}.`);
  }
  const twice = used.filter((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (twice.length > 0) return reject('malformed_frame', `The header names ${twice.join(', ')} twice.`);
  const trailing = profile.layout.type === 'delimited' && profile.layout.trailingDelimiter && columns.at(-1) === '';
  return trailing ? columns.slice(0, -1) : columns;
}

/** @returns where the details end: before the control rows, comments and blank lines that close the file */
function readEnd(
  frame: FrameReader,
  { ends, context, found, detailsStart }: Reading & { readonly detailsStart: number },
): number | Rejection {
  const { profile, reader } = frame;
  const { tail, size } = ends;
  const tailStart = size - tail.length;
  const from = Math.max(tailStart, detailsStart);
  // a tail that begins within a line is read from the next one
  const cut = from > detailsStart ? tail.indexOf(lineFeed) + 1 : from - tailStart;
  const lines = linesOf(tail.subarray(cut), { at: tailStart + cut, whole: true, reader });
  if (!lines) return wrongEncoding(profile);
  let last = lines.length - 1;
  for (; last >= 0; last--) {
    const line = lines[last];
    if (!line) break;
    if (saysNothing(frame, line)) continue;
    const before = lastSaying(frame, lines.slice(0, last));
    const header = before && controlRowAt(frame, { line: before, at: 'end', found });
    const own = controlRowAt(frame, { line, at: 'end', found });
    const row = header?.figuresOn === 'next-line' ? header : own;
    if (!row) break;
    if (row === own && row.figuresOn === 'next-line') {
      return reject('truncated', 'The file ends before the figures of its control row.');
    }
    const wrong = takeFigures(found, { profile, reader, row, line: line.text, currency: context.currency });
    if (wrong) return wrong;
    if (before && row !== own) last = lines.indexOf(before);
  }
  const end = lines[last]?.end;
  if (end !== undefined) return end;
  return tailStart + cut > detailsStart && cut > 0 && from > detailsStart
    ? reject('malformed_frame', 'No detail stands within the last 64 KiB.')
    : detailsStart;
}

const lastSaying = (frame: FrameReader, lines: readonly Line[]): Line | undefined =>
  lines.findLast((line) => !saysNothing(frame, line));

/** A row without a prefix is whatever stands first, or last. */
function controlRowAt(
  { profile, reader }: FrameReader,
  { line, at, found }: { readonly line: Line; readonly at: ControlRow['at']; readonly found: Found },
): ControlRow | undefined {
  const rows = (profile.controlRows ?? []).filter((row) => row.at === at && !found.rows.has(row));
  const text = reader.textOf(line.text).trim();
  if (text === '') return undefined;
  return rows.find(({ prefix }) => prefix === undefined || text.startsWith(prefix));
}

const saysNothing = ({ profile, reader }: FrameReader, { text }: Line): boolean => {
  const shown = reader.textOf(text).trim();
  return shown === '' || (isComment(profile, shown) && !isControlRow(profile, shown));
};

/** Control rows of some files look like comments. */
const isControlRow = ({ controlRows = [] }: StatementProfile, text: string): boolean =>
  controlRows.some(({ prefix }) => prefix !== undefined && text.startsWith(prefix));

export const isComment = ({ comments }: StatementProfile, text: string): boolean =>
  comments !== undefined && text.startsWith(comments);

const columnsOf = ({ layout }: StatementProfile): readonly string[] =>
  layout.type === 'fixed-width' ? layout.columns.map(({ name }) => name) : (layout.columns ?? []);

const byteOrderMark = Buffer.from('\uFEFF');
const lineFeed = 0x0a;

/** @returns undefined where a line is not in the encoding */
function linesOf(
  bytes: Buffer,
  { at, whole, reader }: { readonly at: number; readonly whole: boolean; readonly reader: RecordReader },
): readonly Line[] | undefined {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lineFeed, start);
    if (found < 0 && !whole) break;
    const end = found < 0 ? bytes.length : found + 1;
    const text = decodeAs(reader.encoding, bytes.subarray(start, found < 0 ? end : found));
    if (text === undefined) return undefined;
    lines.push({ text: text.endsWith('\r') ? text.slice(0, -1) : text, start: at + start, end: at + end });
    start = end;
  }
  return lines;
}

const wrongEncoding = ({ encoding }: StatementProfile): Rejection =>
  reject('wrong_encoding', `The file is not text in ${encoding}.`);
